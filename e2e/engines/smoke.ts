import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "../fixtures";
import { given } from "../given";
import { words } from "../words";
import { firefox } from "./firefox";
import type { Screen } from "./tab";
import { pictureFolder, visitorOf } from "./visitor";
import { webkit } from "./webkit";

const screens: Screen[] = [
  { width: 390, height: 844, touch: true },
  { width: 1180, height: 900, touch: false },
];

const { en, fr } = words;
const password = "vergers et lanternes 61";

// Without any of them there is no test, and the run fails.
const engines = [firefox, webkit].filter((engine) => {
  if (!engine.isInstalled()) console.warn(`${engine.name} is not installed: apt-get install ${engine.packages}`);
  return engine.isInstalled();
});

for (const engine of engines) {
  for (const screen of screens) {
    test(`${engine.name}, ${screen.width} px: from the first page to a subscription, and back in`, async ({
      baseURL,
      key,
      rows,
    }) => {
      test.setTimeout(180_000);
      const printed = await key();
      const email = `${engine.name}.${screen.width}@example.org`;
      const tab = await engine.open(screen);
      const pictures = join(pictureFolder, `engine-${engine.name}-${screen.width}`);
      const { text, press, arrives, fill, choose, autofill, focused, shows } = visitorOf(tab, { screen, pictures });
      try {
        await tab.go(`${baseURL}/home/setup`);
        await arrives(en.setup.title);
        await press(en.setup.createAccount);
        await arrives(en.create.title);
        await fill(en.create.name, "Noé Carpentier");
        await fill(en.create.email, email);
        await fill(en.create.password, password);
        await choose(en.create.country, "FR");
        await press(en.create.submit);

        await shows(en.key.submit);
        await fill(en.key.field, swapped(printed));
        await press(en.key.submit);
        await shows(en.key.use);
        await arrives("Enter your product key");
        await press(en.key.use);
        await arrives(en.review.title);
        await press(en.review.submit);
        await arrives(en.done.title);

        await press(en.subscriptions.title);
        await arrives(en.subscriptions.title);
        await press(en.subscriptions.show);
        await shows(printed);
        expect(await focused(), "the focus stays on the button that was pressed").toBe(en.subscriptions.hide);
        await press(en.subscriptions.copy);
        await shows(en.subscriptions.copied);
        await tab.go(`${baseURL}/home/setup/key`);
        await press(en.key.field);
        await tab.paste();
        await expect.poll(() => tab.run("return document.activeElement.value")).toBe(printed);

        await tab.go(`${baseURL}/home/account`);
        await arrives(en.account.title);
        await press(en.account.changeName);
        await arrives(en.account.yourName);
        await fill(en.account.name, "Noé Martin");
        await press(en.account.save);
        await shows("Noé Martin");

        await press("Français");
        await arrives(fr.account.title);
        await press(fr.account.signOut);
        await arrives(fr.setup.title);
        await tab.back();
        await arrives(fr.signIn.title);
        expect(await text(), "the page before signing out is not shown again").not.toContain(email);

        await tab.go(`${baseURL}/sign-in`);
        await arrives(fr.signIn.title);
        await autofill(fr.signIn.email, email);
        await autofill(fr.signIn.password, password);
        await press(fr.signIn.submit);
        await shows(email);
        await press(fr.subscriptions.title);
        await arrives(fr.subscriptions.title);

        expect(await rows("SELECT name FROM account WHERE email = $1", [email])).toEqual([{ name: "Noé Martin" }]);
        expect(tab.faults() ?? []).toEqual([]);
        expect(await readFile(given().logFile, "utf8")).not.toMatch(/"level":[56]0/);
      } finally {
        await tab.close();
      }
    });
  }
}

/** A key with two different neighbours swapped. */
function swapped(printed: string): string {
  return printed.replace(/([^-])(?!\1)([^-])/, "$2$1");
}
