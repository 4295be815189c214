import { expect, test } from "./fixtures";
import { words as inLanguage } from "./words";

const { en, fr } = inLanguage;

for (const scripts of [true, false]) {
  test.describe(scripts ? "with scripts" : "without scripts", () => {
    test.use({ javaScriptEnabled: scripts });

    test("pages follow the browser's language until the person chooses one, which is remembered", async ({ page }) => {
      const heading = page.getByRole("heading", { level: 1 });
      await page.goto("/home/setup");
      await expect(heading).toHaveText(en.setup.title);
      await expect(page.locator("html")).toHaveAttribute("lang", "en");

      await page.getByRole("contentinfo").getByRole("link", { name: "Français" }).click();
      await expect(heading).toHaveText(fr.setup.title);
      await expect(page.locator("html")).toHaveAttribute("lang", "fr");

      await page.goto("/help/find-your-key");
      await expect(heading).toHaveText(fr.findKey.title);
      await page.goto("/help/find-your-key?lang=en");
      await expect(heading).toHaveText(en.findKey.title);
      await page.goto("/home/setup");
      await expect(heading).toHaveText(en.setup.title);
    });

    test("changing the language keeps the page and its query", async ({ page }) => {
      await page.goto("/sign-in?next=%2Fhome%2Faccount");
      await page.getByRole("contentinfo").getByRole("link", { name: "Français" }).click();
      await expect(page.getByRole("heading", { level: 1 })).toHaveText(fr.signIn.title);
      expect(new URL(page.url()).searchParams.get("next")).toBe("/home/account");
    });

    if (scripts)
      test("changing the language keeps what was typed, but never a password", async ({ page, key }) => {
        await page.goto("/home/setup/key");
        const printed = await key();
        await page.getByLabel(en.key.field).fill(printed);
        await page.getByRole("contentinfo").getByRole("link", { name: "Français" }).click();
        await expect(page.getByLabel(fr.key.field)).toHaveValue(printed);

        await page.goto("/create-account");
        await page.getByLabel(fr.create.name, { exact: true }).fill("Noé");
        await page.getByLabel(fr.create.email).fill("noe@example.org");
        await page.getByLabel(fr.create.password, { exact: true }).fill("vergers et lanternes");
        await page.getByLabel(fr.create.country).selectOption("CH");
        await page.getByRole("contentinfo").getByRole("link", { name: "English" }).click();
        await expect(page.getByLabel(en.create.name, { exact: true })).toHaveValue("Noé");
        await expect(page.getByLabel(en.create.email)).toHaveValue("noe@example.org");
        await expect(page.getByLabel(en.create.country)).toHaveValue("CH");
        await expect(page.getByLabel(en.create.password, { exact: true })).toHaveValue("");

        // An address goes with the person to the next page that asks for one, and nothing stays behind.
        await page.goto("/sign-in");
        await page.getByLabel(en.signIn.email).fill("noe@example.org");
        await page.getByRole("link", { name: en.signIn.forgot }).click();
        await expect(page.getByRole("heading", { level: 1 })).toHaveText(en.forgot.title);
        await expect(page.getByLabel(en.signIn.email)).toHaveValue("noe@example.org");
        expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
        await page.goto("/sign-in");
        await expect(page.getByLabel(en.signIn.email)).toHaveValue("");
      });

    if (scripts)
      test("a form works where the browser forbids storage", async ({ page }) => {
        await page.addInitScript(() =>
          Object.defineProperty(window, "sessionStorage", {
            get() {
              throw new DOMException("denied", "SecurityError");
            },
          }),
        );
        await page.goto("/home/setup/key");
        await page.getByLabel(en.key.field).fill("x");
        await page.getByRole("button", { name: en.key.submit }).click();
        await expect(page).toHaveTitle(en.faultTitle);
      });

    test("a language chosen while signed in becomes the account's language", async ({ page, signedIn, ledger }) => {
      const somebody = await signedIn();
      await page.goto("/home/account/name");
      await page.getByLabel(en.create.name, { exact: true }).fill("Noé");
      await page.getByRole("contentinfo").getByRole("button", { name: "Français" }).click();
      await expect(page.getByRole("contentinfo").getByRole("button", { name: "English" })).toBeVisible();
      await expect(page.locator("html")).toHaveAttribute("lang", "fr");
      if (scripts) await expect(page.getByLabel(fr.create.name, { exact: true })).toHaveValue("Noé");
      expect((await ledger(somebody)).locale).toBe("fr");
      expect((await ledger(somebody)).events.map(({ action }) => action)).toEqual(["account.locale-changed"]);

      await page.goto("/home/account");
      await page.getByRole("main").getByRole("button", { name: "English" }).click();
      await expect(page.getByRole("heading", { level: 1 })).toHaveText(en.account.title);
      expect((await ledger(somebody)).locale).toBe("en");
      expect((await ledger(somebody)).events).toHaveLength(2);
    });

    test("a link to a language, from wherever it is followed, changes no account (S51)", async ({
      page,
      signedIn,
      ledger,
    }) => {
      const somebody = await signedIn();
      await page.goto("/home/account?lang=fr");
      await expect(page.getByRole("heading", { level: 1 })).toHaveText(fr.account.title);
      expect(await ledger(somebody)).toMatchObject({ locale: "en", events: [] });
    });

    test("sign-in switches to the account's language, unless this browser has chosen one", async ({
      person,
      otherBrowser,
    }) => {
      const somebody = await person({ locale: "fr" });
      const signIn = async (address: string) => {
        const page = await otherBrowser();
        await page.goto(address);
        await page.getByLabel(en.signIn.email).fill(somebody.email);
        await page.getByLabel(en.signIn.password, { exact: true }).fill(somebody.password);
        await page.getByRole("button", { name: en.signIn.submit, exact: true }).click();
        return page.getByRole("heading", { level: 1 });
      };
      await expect(await signIn("/sign-in")).toHaveText(fr.setup.title);
      await expect(await signIn("/sign-in?lang=en")).toHaveText(en.setup.title);
    });
  });
}

test.describe("French before English", () => {
  test.use({ lang: "fr" });
  test("a browser that prefers French gets French, and so does an account created in it", async ({
    page,
    network,
    ledger,
  }) => {
    const email = `accepte.${network}@example.org`;
    await page.goto("/create-account");
    await page.getByLabel(fr.create.name, { exact: true }).fill("Adèle");
    await page.getByLabel(fr.create.email).fill(email);
    await page.getByLabel(fr.create.password, { exact: true }).fill("vergers et lanternes 61");
    await page.getByLabel(fr.create.country).selectOption("FR");
    await page.getByRole("button", { name: fr.create.submit }).click();
    await expect(page.getByLabel(fr.key.field)).toBeVisible();
    expect((await ledger({ email })).locale).toBe("fr");
  });
});

test.describe("another language", () => {
  test.use({ locale: "pt-BR" });
  test("a browser that accepts neither English nor French gets English", async ({ page }) => {
    await page.goto("/home/setup?lang=de");
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(en.setup.title);
  });
});
