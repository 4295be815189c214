import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures";
import { across, withAndWithoutScripts } from "./ways";

const heading = (page: Page) => page.getByRole("heading", { level: 1 });
const newAddress = () => `wished.${crypto.randomUUID().slice(0, 8)}@example.org`;

across(withAndWithoutScripts, () => {
  test("a requested change of address takes effect only once confirmed, and can be cancelled", async ({
    page,
    words,
    says,
    person,
    signedIn,
    mails,
    mailOf,
    rows,
    ledger,
  }) => {
    const other = await person();
    const somebody = await signedIn({ emailVerifiedAt: new Date() });
    const wished = newAddress();
    const stored = async () =>
      (await rows<{ email: string }>("SELECT email FROM account WHERE id = $1", [somebody.id]))[0]!.email;
    const field = page.getByLabel(says.changeEmail.label);
    const ask = async (email: string) => {
      await field.fill(email);
      await page.getByRole("button", { name: says.changeEmail.submit }).click();
    };

    await page.goto("/home/account");
    await page.getByRole("link", { name: words.account.changeEmail }).click();
    await expect(heading(page)).toHaveText(says.changeEmail.title);
    for (const [email, sentence] of [
      [somebody.email.toUpperCase(), says.errors.newEmail.same],
      [other.email, says.errors.newEmail.taken],
    ] as const) {
      await ask(email);
      await expect(page.getByRole("alert").filter({ hasText: sentence })).toBeVisible();
      await expect(field).toHaveValue(email);
    }

    // The step-up has expired, so the typed address waits until the password is entered again (S07, R11).
    await field.fill(wished);
    await rows("UPDATE session SET authenticated_at = now() - interval '16 minutes' WHERE account_id = $1", [
      somebody.id,
    ]);
    await page.getByRole("button", { name: says.changeEmail.submit }).click();
    await expect(heading(page)).toHaveText(words.confirm.title);
    await page.getByLabel(words.signIn.password, { exact: true }).fill(somebody.password);
    await page.getByRole("button", { name: words.confirm.submit, exact: true }).click();
    await expect(field).toHaveValue(wished);
    expect(await mails({ email: wished })).toEqual([]);
    await page.getByRole("button", { name: says.changeEmail.submit }).click();
    await expect(heading(page)).toHaveText(says.changeEmail.pending.title);
    await expect(page.getByRole("main")).toContainText(wished);

    const mail = await mailOf({ email: wished }, "confirm-address");
    expect(mail.code).toMatch(/^\d{6}$/);
    expect(new URL(mail.link).pathname).toBe("/verify-email");
    expect(await stored()).toBe(somebody.email);
    expect(await mails(somebody)).toEqual([]);
    await page.goto("/home/account");
    await expect(page.getByRole("main")).toContainText(wished);
    await page.getByRole("link", { name: says.account.wishedMore }).click();
    // A second request replaces the first.
    await page.getByRole("link", { name: says.changeEmail.pending.other }).click();
    await expect(heading(page)).toHaveText(says.changeEmail.title);
    const second = newAddress();
    await ask(second);
    await expect(heading(page)).toHaveText(says.changeEmail.pending.title);
    await expect(page.getByRole("main")).toContainText(second);
    await expect(page.getByRole("main")).not.toContainText(wished);
    await page.getByRole("button", { name: says.changeEmail.pending.cancel }).click();
    await expect(heading(page)).toHaveText(words.account.title);
    await expect(page.getByText(says.account.emailKept)).toBeVisible();
    await expect(page.getByRole("main")).not.toContainText(second);
    await expect(page.getByRole("main")).not.toContainText(wished);
    expect(await stored()).toBe(somebody.email);
    expect((await ledger(somebody)).events.map(({ action }) => action)).toEqual([
      "account.email-change-refused",
      "session.confirmed",
      "account.email-change-asked",
      "account.email-change-asked",
      "account.email-change-cancelled",
    ]);
  });

  test("the link sent to the former address restores it, and ends the intruder's sessions and password", async ({
    page,
    words,
    says,
    person,
    enter,
    otherBrowser,
    token,
    mailOf,
    rows,
    ledger,
  }) => {
    const [intruders, before] = [newAddress(), newAddress()];
    const somebody = await person({ email: intruders, emailVerifiedAt: new Date() });
    const thief = await otherBrowser();
    await enter(somebody, thief.context());
    await thief.goto("/home/account/name");
    await expect(heading(thief)).toHaveText(words.account.yourName);

    await page.goto(`/restore-email?token=${await token(somebody, "restore-email", new Date(), before)}`);
    await expect(heading(page)).toHaveText(says.restoreEmail.open.title);
    await expect(page.getByRole("main")).toContainText(before);
    // Opening the link does not use it.
    await page.reload();
    await page.getByRole("button", { name: says.restoreEmail.submit }).click();
    await expect(heading(page)).toHaveText(says.restoreEmail.restored.title);

    await thief.reload();
    await expect(heading(thief)).toHaveText(words.signIn.title);
    const mail = await mailOf({ email: before }, "address-restored");
    expect(new URL(mail.link).pathname).toBe("/reset-password");
    const [row] = await rows("SELECT email, email_verified_at IS NOT NULL AS confirmed FROM account WHERE id = $1", [
      somebody.id,
    ]);
    expect(row).toEqual({ email: before, confirmed: true });
    expect((await ledger({ email: before })).events.map(({ action }) => action)).toEqual(["account.email-restored"]);

    await page.getByRole("link", { name: words.signIn.submit, exact: true }).click();
    await page.getByLabel(words.signIn.email).fill(before);
    await page.getByLabel(words.signIn.password, { exact: true }).fill(somebody.password);
    await page.getByRole("button", { name: words.signIn.submit, exact: true }).click();
    await expect(page.getByRole("alert").filter({ hasText: says.errors.credentials.wrong })).toBeVisible();
  });

  test("a used, expired or unknown link shows a page that says it no longer works", async ({
    page,
    says,
    person,
    token,
  }) => {
    const somebody = await person();
    const late = new Date(Date.now() - 7 * 86_400_000 - 60_000);
    for (const [one, lead] of [
      [await token(somebody, "restore-email", late, newAddress()), says.restoreEmail.over.lead],
      ["none", says.restoreEmail.unknown.lead],
      ["", says.restoreEmail.unknown.lead],
    ] as const) {
      await page.goto(`/restore-email?token=${one}`);
      await expect(heading(page)).toHaveText(says.restoreEmail.over.title);
      await expect(page.getByRole("main")).toContainText(lead);
      await expect(page.getByRole("button")).toHaveCount(0);
    }
    // Only a link that was cut off looks unknown. A sentence's full stop behind it does not matter.
    await page.goto("/verify-email?token=none");
    await expect(page.getByRole("main")).toContainText(says.verifyEmail.over.unknown);
    await page.goto("/delete-account?token=none");
    await expect(page.getByRole("main")).toContainText(says.deleteAccount.over.unknown);
    const live = await token(somebody, "restore-email", new Date(), newAddress());
    await page.goto(`/restore-email?token=${live}.`);
    await expect(heading(page)).toHaveText(says.restoreEmail.open.title);
  });
});
