import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { expect, test } from "./fixtures";
import { given } from "./given";

/** S08, S38: sends secrets through the whole portal and then searches for them where they must never be written. */
for (const scripts of [true, false]) {
  test.describe(scripts ? "with scripts" : "without scripts", () => {
    test.use({ javaScriptEnabled: scripts });

    test("the log contains no password, key, address or session, and no page contains a key before it is shown", async ({
      page,
      context,
      words,
      says,
      key,
      rows,
    }) => {
      const mark = randomBytes(6).toString("hex");
      const [email, password, wrong] = [`canary.${mark}@example.org`, `canary ${mark} sings`, `wrong ${mark} canary`];
      const name = `Canary ${mark}`;
      const printed = await key();
      const bodies: { url: string; text: string }[] = [];
      page.on("response", async (response) => {
        if (response.url().includes("/_next/static/")) return;
        bodies.push({ url: response.url(), text: await response.text().catch(() => "") });
      });

      await page.goto(`/create-account`);
      await page.getByLabel(words.create.name, { exact: true }).fill(name);
      await page.getByLabel(words.create.email).fill(email);
      await page.getByLabel(words.create.password, { exact: true }).fill(password);
      await page.getByLabel(words.create.country).selectOption("FR");
      await page.getByRole("button", { name: words.create.submit }).click();
      await page.getByLabel(words.key.field).fill(printed);
      await page.getByRole("button", { name: words.key.submit }).click();
      await page.getByRole("button", { name: words.review.submit, exact: true }).click();
      await expect(page.getByRole("heading", { level: 1 })).toHaveText(words.done.title);
      await page.goto("/home/subscriptions");
      await expect(page.getByRole("button", { name: words.subscriptions.show })).toBeVisible();

      const spellings = [printed, printed.replaceAll("-", "")];
      for (const { url, text } of bodies) {
        for (const secret of [...spellings, password]) expect(text, url).not.toContain(secret);
        expect(url).not.toContain(printed.slice(0, 5));
      }
      for (const { name, value } of await context.cookies()) {
        for (const secret of spellings) expect(value, name).not.toContain(secret);
      }
      await page.getByRole("button", { name: words.subscriptions.show }).click();
      await expect(page.getByRole("code")).toHaveText(printed);

      const session = (await context.cookies()).find(({ name }) => name === "session")!.value;
      await page.goto("/home/account");
      await page.getByRole("button", { name: words.account.signOut }).click();
      await expect(page.getByText(says.signIn.signedOut)).toBeVisible();
      await page.goto("/sign-in");
      await page.getByLabel(words.signIn.email).fill(email);
      await page.getByLabel(words.signIn.password, { exact: true }).fill(wrong);
      await page.getByRole("button", { name: words.signIn.submit, exact: true }).click();
      await expect(page).toHaveTitle(words.faultTitle);

      const log = await readFile(given().logFile, "utf8");
      expect(log).toContain('"path":"/sign-in"');
      for (const secret of [mark, password, wrong, session, ...spellings]) expect(log).not.toContain(secret);

      // Events contain only ids and codes. Personal data is in a separate table, where it can be erased.
      const written = JSON.stringify(await rows("SELECT actor, action, subject, details FROM event"));
      for (const secret of [mark, session, ...spellings]) expect(written).not.toContain(secret);
    });
  });
}
