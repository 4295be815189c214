import type { Page } from "@playwright/test";
import { expect, test, type Given, type Person } from "./fixtures";
import { firefoxOnWindows } from "./states";
import { across, withAndWithoutScripts } from "./ways";

/*
 * S36. Each page was opened at its own address, so Back requests it again. The browser under test has no back/forward
 * cache.
 */

const heading = (page: Page) => page.getByRole("heading", { level: 1 });

/** Ways in which a person's sessions end, in this browser or elsewhere. */
const endings: Record<string, (given: Given, somebody: Person) => Promise<void>> = {
  "signing out": async ({ page, words, says }) => {
    await page.goto("/home/account");
    await page.getByRole("button", { name: words.account.signOut }).click();
    await expect(page.getByText(says.signIn.signedOut)).toBeVisible();
  },
  "deleting the account": async ({ page, says, token }, somebody) => {
    await page.goto(`/delete-account?token=${await token(somebody, "delete-account")}`);
    await page.getByRole("button", { name: says.deleteAccount.confirm.submit }).click();
    await expect(heading(page)).toHaveText(says.deleteAccount.left.title);
  },
  "a password reset elsewhere": async ({ page, words, token, otherBrowser }, somebody) => {
    await page.goto("/help/find-your-key");
    const elsewhere = await otherBrowser();
    await elsewhere.goto(`/reset-password?token=${await token(somebody, "reset-password")}`);
    await elsewhere.getByLabel(words.reset.password, { exact: true }).fill("vergers et lanternes 61");
    await elsewhere.getByRole("button", { name: words.reset.submit }).click();
    await expect(heading(elsewhere)).toHaveText(words.signIn.title);
  },
};

across(withAndWithoutScripts, ({ scripts }) => {
  for (const [ending, end] of Object.entries(endings)) {
    test(`after ${ending}, Back shows nothing private (S36)`, async ({
      given,
      page,
      words,
      signedIn,
      redeemed,
      storedPasskey,
      browserOf,
      told,
    }) => {
      const somebody = await signedIn({ name: "Olivia Owner" });
      const hint = (await redeemed(somebody)).slice(-5);
      const passkey = "Olivia’s kitchen tablet";
      await storedPasskey(somebody, passkey);
      await browserOf(somebody, { userAgent: firefoxOnWindows });
      await told(somebody, "session.started", { userAgent: firefoxOnWindows });
      const seen = {
        "/home/account": somebody.name,
        "/home/account/sessions": "Firefox",
        "/home/account/activity": "Firefox",
        "/home/account/passkeys": passkey,
        "/home/account/email": somebody.email,
        "/home/subscriptions": hint,
      };
      for (const [path, text] of Object.entries(seen)) {
        await page.goto(path);
        await expect(page.getByRole("main")).toContainText(text);
      }

      await end(given, somebody);
      // The sign-out button is on a page of its own.
      if (ending === "signing out") {
        await page.goBack();
        await expect(heading(page)).toHaveText(words.signIn.title);
      }
      const pages = Object.keys(seen).reverse();
      // Without JavaScript the confirmation page was added to the history above the page that asked.
      if (ending === "deleting the account" && !scripts) await page.goBack();
      for (const path of pages) {
        await page.goBack();
        await expect(page).toHaveURL(new RegExp(`^[^?]*/sign-in\\?next=${encodeURIComponent(path)}(&|$)`));
        await expect(heading(page)).toHaveText(words.signIn.title);
        const content = await page.content();
        for (const secret of [...Object.values(seen), somebody.email]) expect(content, path).not.toContain(secret);
      }
    });
  }
});
