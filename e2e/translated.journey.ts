import type { Page, Request } from "@playwright/test";
import { errorWords } from "@/lib/messages/error-words";
import { expect, test } from "./fixtures";
import { states } from "./states";

/*
 * Page translators replace each text node by a <font> element. React cannot remove or change a text that it no longer
 * finds, so text that changes stands in an element of its own.
 */

/** Wraps all text of the page, now and whenever it changes, as translators do. */
async function translate(page: Page): Promise<void> {
  // Not before the scripts have taken over the whole page, which they compare with what the server sent. They take it
  // over in pieces, the footer last.
  await page.waitForFunction(() =>
    [...document.querySelectorAll("form, footer")].every((part) =>
      Object.keys(part).some((key) => key.startsWith("__reactProps")),
    ),
  );
  await page.evaluate(() => new Promise((idle) => requestIdleCallback(idle)));
  await page.evaluate(() => {
    const wrapAll = () => {
      const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      const found: Text[] = [];
      for (let node = walker.nextNode(); node; node = walker.nextNode()) found.push(node as Text);
      for (const text of found) {
        const parent = text.parentElement;
        if (!text.data.trim() || !parent || parent.closest("font, script, style, textarea, [translate=no]")) continue;
        const font = document.createElement("font");
        text.replaceWith(font);
        font.append(text.data);
      }
    };
    wrapAll();
    new MutationObserver(wrapAll).observe(document.body, { subtree: true, childList: true, characterData: true });
  });
}

test("a translated page still creates an account, heals a key and activates it", async ({
  page,
  words,
  key,
  ledger,
}) => {
  const email = `translated.${Math.random().toString(36).slice(2)}@example.org`;
  await page.goto("/create-account?next=/home/setup/key");
  await translate(page);
  await page.getByRole("button", { name: words.create.submit }).click();
  await expect(page).toHaveTitle(words.faultTitle);
  await page.getByLabel(words.create.name, { exact: true }).fill("Camille Marchand");
  await page.getByLabel(words.create.email).fill("camille@gmial.com");
  await page.getByLabel(words.create.email).blur();
  await page.getByLabel(words.create.email).fill(email);
  await page.getByLabel(words.create.email).blur();
  await page.getByRole("button", { name: "Suggest a passphrase" }).click();
  const password = page.getByLabel(words.create.password, { exact: true });
  await expect(password).toHaveValue(/\w+-\w+/);
  await password.press("End");
  await password.pressSequentially("x");
  await page.getByRole("button", { name: "Hide password" }).click();
  await page.getByRole("button", { name: "Show password" }).click();
  await page.getByLabel(words.create.country).selectOption("FR");
  await page.getByRole("button", { name: words.create.submit }).click();

  const field = page.getByLabel(words.key.field);
  await expect(field).toBeVisible();
  await translate(page);
  const right = await key();
  await field.pressSequentially("32345-6789B-CDHD8");
  await expect(page.getByText("This is a partner code")).toBeVisible();
  await field.fill("SN 4006381333931");
  await field.fill(`??????${right.slice(6)}`);
  await field.fill(`${right.slice(0, 2)}?${right.slice(3)}`);
  await expect(page.getByRole("button", { name: words.key.use })).toBeVisible();
  await field.fill(right);
  await expect(page.getByText("The key is complete")).toBeVisible();
  await field.fill("");
  await page.getByRole("button", { name: words.key.submit }).click();
  await expect(page).toHaveTitle(words.faultTitle);
  await field.fill(right);
  await page.getByRole("button", { name: words.key.submit }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(words.review.title);
  await translate(page);
  await page.getByRole("button", { name: words.review.submit, exact: true }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(words.done.title);
  expect((await ledger({ email })).keys).toHaveLength(1);

  await page.getByRole("link", { name: "My Subscription" }).first().click();
  await translate(page);
  await page.getByRole("button", { name: words.subscriptions.show }).click();
  await expect(page.getByRole("code")).toHaveText(right);
  await page.getByRole("button", { name: words.subscriptions.hide }).click();
  await expect(page.getByRole("code")).toHaveCount(0);
  await expect(page.getByRole("button", { name: words.subscriptions.show })).toBeVisible();
});

/** One state of every page with a form that the walk above does not pass. */
const forms = [
  ...(["sign-in", "forgot-password", "forgot-password, email sent", "reset-password"] as const),
  ...(["verify-email, by link", "verify-email, code", "verify-email, correct the address"] as const),
  ...(["confirm-password", "restore-email", "delete-account", "my subscription"] as const),
  ...(["account, name", "account, email", "account, country", "account, time zone", "account, password"] as const),
  ...(["account, sessions", "account, delete", "passkeys, added", "passkeys, remove"] as const),
];

for (const state of forms) {
  test(`a translated form keeps working whatever is typed: ${state}`, async ({ page, given }) => {
    await states[state]!(given);
    const href = page.url();
    const pending = new Set<Request>();
    page.on("request", (request) => pending.add(request));
    page.on("requestfinished", (request) => pending.delete(request));
    page.on("requestfailed", (request) => pending.delete(request));
    /** Waits for the form's check, which may load scripts, then for the server's answer and the page it leads to. */
    const quiet = async () => {
      for (let times = 0; times < 3; times++) {
        await page.waitForTimeout(200);
        await expect.poll(() => pending.size).toBe(0);
      }
    };
    const main = page.getByRole("main");
    const fields = main.locator("input:visible:is([type=text], [type=email], [type=password], :not([type]))");
    const submit = main.locator("button[type=submit]:visible");
    for (const typed of ["", "x", "camille@gmial.com"]) {
      await page.goto(href);
      // What was right in the last round may have ended the form: a new password signs out, for example.
      if ((await submit.count()) === 0) break;
      await translate(page);
      for (const field of await fields.all()) {
        await field.fill(typed);
        await field.blur();
      }
      for (const button of await main.locator("button[type=button]:visible").all()) await button.click();
      await submit.first().click();
      await quiet();
      await expect(page.getByRole("heading", { level: 1 })).not.toHaveText(errorWords.en.title);
    }
  });
}
