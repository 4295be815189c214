import type { Page } from "@playwright/test";
import { containing, expect, test } from "./fixtures";
import { across, withAndWithoutScripts } from "./ways";
import type { Words } from "./words";

const heading = (page: Page) => page.getByRole("heading", { level: 1 });
const newPassword = "seven quiet herons over marl";

async function signIn(page: Page, words: Words, email: string, password: string): Promise<void> {
  await page.getByLabel(words.signIn.email).fill(email);
  await page.getByLabel(words.signIn.password, { exact: true }).fill(password);
  await page.getByRole("button", { name: words.signIn.submit, exact: true }).click();
}

async function setPassword(page: Page, words: Words, password: string): Promise<void> {
  await page.getByLabel(words.reset.password, { exact: true }).fill(password);
  await page.getByRole("button", { name: words.reset.submit }).click();
}

across(withAndWithoutScripts, () => {
  test("a reset by email signs in, leads on to the requested page, and ends every other session (S02)", async ({
    page,
    words,
    says,
    person,
    mailOf,
    ledger,
    otherBrowser,
    enter,
  }) => {
    const somebody = await person();
    const elsewhere = await otherBrowser();
    await enter(somebody, elsewhere.context());
    await elsewhere.goto("/home/subscriptions");
    await expect(heading(elsewhere)).toHaveText(words.subscriptions.title);

    await page.goto("/sign-in?next=/home/setup/device");
    await page.getByRole("link", { name: words.signIn.forgot }).click();
    await expect(heading(page)).toHaveText(words.forgot.title);
    await page.getByLabel(words.signIn.email).fill(somebody.email.toUpperCase());
    await page.getByRole("button", { name: words.forgot.submit }).click();
    await expect(heading(page)).toHaveText(words.forgot.sent);
    await expect(page.getByRole("main")).toContainText(somebody.email.toUpperCase());

    const { link } = await mailOf(somebody, "reset-password");
    // Twice, because an email scanner may open the link before the person. Opening it does not use it.
    await page.goto(link);
    await page.goto(link);
    await expect(heading(page)).toHaveText(words.reset.title);
    await expect(page.getByRole("main")).toContainText(somebody.email);
    await setPassword(page, words, "password1");
    await expect(page).toHaveTitle(words.faultTitle);
    await setPassword(page, words, newPassword);
    await expect(page.getByText(says.signIn.reset)).toBeVisible();
    await signIn(page, words, somebody.email, somebody.password);
    await expect(page).toHaveTitle(words.faultTitle);
    await signIn(page, words, somebody.email, newPassword);
    await expect(heading(page)).toHaveText(words.device.title);

    await elsewhere.goto("/home/subscriptions");
    await expect(heading(elsewhere)).toHaveText(words.signIn.title);
    await mailOf(somebody, "password-changed");
    expect((await ledger(somebody)).events.map(({ action }) => action)).toEqual(
      expect.arrayContaining(["password.reset-asked", "password.reset", "account.email-confirmed"]),
    );

    await page.goto(link);
    await expect(heading(page)).toHaveText(words.reset.over);
    await expect(page.getByText(containing(says.resetPassword.over.spent))).toBeVisible();
  });

  test("an address without an account gets the same response and no email (S16)", async ({
    page,
    words,
    person,
    mails,
    mailOf,
  }) => {
    const somebody = await person();
    const nobody = { email: somebody.email.replace("camille", "nobody7") };
    const answers: string[] = [];
    for (const { email } of [nobody, somebody]) {
      await page.goto("/forgot-password");
      await page.getByLabel(words.signIn.email).fill(email);
      await page.getByRole("button", { name: words.forgot.submit }).click();
      await expect(heading(page)).toHaveText(words.forgot.sent);
      await expect(page.getByLabel(words.signIn.email)).toHaveValue(email);
      answers.push((await page.getByRole("main").innerText()).replaceAll(email, "ADDRESS"));
    }
    expect(answers[0]).toBe(answers[1]);
    await mailOf(somebody, "reset-password");
    expect(await mails(nobody)).toEqual([]);
  });

  test("an expired, replaced or truncated link changes nothing and leads to a new email", async ({
    page,
    words,
    says,
    person,
    token,
  }) => {
    const somebody = await person();
    const late = await token(somebody, "reset-password", new Date(Date.now() - 31 * 60_000));
    const replaced = await token(somebody, "reset-password");
    const newest = await token(somebody, "reset-password");
    const dead = [
      [replaced, says.resetPassword.over.spent],
      [newest.slice(0, 20), says.resetPassword.over.unknown],
      ["", says.resetPassword.over.unknown],
    ] as const;
    await page.goto(`/reset-password?token=${late}`);
    await expect(heading(page)).toHaveText(words.reset.over);
    for (const [secret, why] of dead) {
      await page.goto(`/reset-password?token=${secret}`);
      await expect(heading(page)).toHaveText(words.reset.over);
      await expect(page.getByText(containing(why))).toBeVisible();
    }
    await page.getByRole("main").getByRole("link", { name: says.resetPassword.over.again }).click();
    await expect(heading(page)).toHaveText(words.forgot.title);

    await page.goto(`/reset-password?token=${newest}`);
    await expect(heading(page)).toHaveText(words.reset.title);
  });

  test("changing the password requires step-up and invalidates old cookies, here and elsewhere (S02, S07)", async ({
    page,
    context,
    words,
    says,
    signedIn,
    enter,
    otherBrowser,
    mailOf,
    rows,
  }) => {
    const somebody = await signedIn({ emailVerifiedAt: new Date() });
    const elsewhere = await otherBrowser();
    await enter(somebody, elsewhere.context());
    await rows("UPDATE session SET authenticated_at = now() - interval '16 minutes' WHERE account_id = $1", [
      somebody.id,
    ]);

    // Password managers open this address.
    await page.goto("/.well-known/change-password");
    await expect(heading(page)).toHaveText(words.confirm.title);
    await page.getByLabel(words.signIn.password, { exact: true }).fill(somebody.password);
    await page.getByRole("button", { name: words.confirm.submit, exact: true }).click();
    await expect(heading(page)).toHaveText(words.changePassword.title);
    const stolen = (await context.cookies()).find(({ name }) => name === "session")!;

    await page.getByLabel(words.reset.password, { exact: true }).fill(somebody.email);
    await page.getByRole("button", { name: words.changePassword.submit }).click();
    await expect(page.getByText(says.errors.password.isYourAddress).first()).toBeVisible();
    await page.getByLabel(words.reset.password, { exact: true }).fill(newPassword);
    await page.getByRole("button", { name: words.changePassword.submit }).click();
    await expect(heading(page)).toHaveText(words.changePassword.done);

    await page.goto("/home/account");
    await expect(heading(page)).toHaveText(words.account.title);
    await elsewhere.goto("/home/account");
    await expect(heading(elsewhere)).toHaveText(words.signIn.title);
    const thief = await otherBrowser();
    await thief.context().addCookies([stolen]);
    await thief.goto("/home/account");
    await expect(heading(thief)).toHaveText(words.signIn.title);
    await mailOf(somebody, "password-changed");

    await signIn(elsewhere, words, somebody.email, somebody.password);
    await expect(elsewhere).toHaveTitle(words.faultTitle);
    await signIn(elsewhere, words, somebody.email, newPassword);
    await expect(heading(elsewhere)).toHaveText(words.account.title);
  });
});

test("a suggested passphrase is generated in the browser, shown, and accepted", async ({
  page,
  context,
  words,
  says,
  person,
  token,
}) => {
  const somebody = await person();
  await page.goto(`/reset-password?token=${await token(somebody, "reset-password")}`);
  const field = page.getByLabel(words.reset.password, { exact: true });
  const loaded = page.waitForResponse(async (answer) => (await answer.text()).includes("abandon"));
  await field.focus();
  await loaded;
  await context.setOffline(true);
  const suggest = page.getByRole("button", { name: words.reset.suggest });
  await suggest.click();
  await expect(field).toHaveValue(/^[a-z]+(-[a-z]+){4}$/);
  await expect(field).toHaveAttribute("type", "text");
  await expect(page.getByRole("status").filter({ hasText: says.passwordField.suggested })).toBeVisible();
  const first = await field.inputValue();
  await expect(page.getByText(first)).toBeVisible();
  await suggest.click();
  await expect(field).not.toHaveValue(first);
  const phrase = await field.inputValue();
  await field.fill("something else");
  await expect(page.getByText(phrase)).toHaveCount(0);
  await field.fill(phrase);
  await context.setOffline(false);
  await page.getByRole("button", { name: words.reset.submit }).click();
  await expect(page.getByText(says.signIn.reset)).toBeVisible();
  await signIn(page, words, somebody.email, phrase);
  await expect(heading(page)).toHaveText(words.setup.title);
});

test("an unknown well-known URL answers 404 to a password manager", async ({ request }) => {
  const missing = "/.well-known/resource-that-should-not-exist-whose-status-code-should-not-be-200";
  expect((await request.get(missing, { maxRedirects: 0 })).status()).toBe(404);
  const change = await request.get("/.well-known/change-password", { maxRedirects: 0 });
  expect(change.status()).toBe(302);
  expect(change.headers()["location"]).toBe("/home/account/password");
});

test("a second request within a minute gets the same response and sends no second email (S18)", async ({
  page,
  words,
  person,
  rows,
}) => {
  const somebody = await person();
  for (let time = 0; time < 5; time++) {
    await page.goto("/forgot-password");
    await page.getByLabel(words.signIn.email).fill(somebody.email);
    await page.getByRole("button", { name: words.forgot.submit }).click();
    await expect(heading(page)).toHaveText(words.forgot.sent);
  }
  const posted = await rows("SELECT 1 FROM mail WHERE account_id = $1 AND kind = 'reset-password'", [somebody.id]);
  expect(posted).toHaveLength(1);
});
