import { readFile } from "node:fs/promises";
import { type Page } from "@playwright/test";
import { expect, test } from "./fixtures";
import { across, withAndWithoutScripts } from "./ways";

const heading = (page: Page) => page.getByRole("heading", { level: 1 });

across(withAndWithoutScripts, () => {
  test("a person downloads all their personal data in one file", async ({ page, says, signedIn, redeemed, ledger }) => {
    const somebody = await signedIn();
    const printed = await redeemed(somebody);
    await page.goto("/home/account/export");
    const wanted = page.waitForEvent("download");
    await page.getByRole("link", { name: says.export.download }).click();
    const file = await wanted;
    expect(file.suggestedFilename()).toMatch(/^my-account-\d{4}-\d\d-\d\d\.json$/);
    const data = JSON.parse(await readFile(await file.path(), "utf8")) as { account: unknown; productKey: unknown };
    expect(data.account).toMatchObject([{ email: somebody.email, name: somebody.name }]);
    expect(data.productKey).toMatchObject([{ hint: printed.slice(-5) }]);
    expect((await ledger(somebody)).events.at(-1)!.action).toBe("account.exported");
  });

  test("only the emailed link and its button delete an account, which ends every session; signing in restores it", async ({
    page,
    words,
    says,
    signedIn,
    redeemed,
    enter,
    otherBrowser,
    rows,
    ledger,
    mailOf,
  }) => {
    const somebody = await signedIn({ emailVerifiedAt: new Date() });
    await redeemed(somebody);
    const other = await otherBrowser();
    await enter(somebody, other.context());

    await page.goto("/home/account/delete");
    await expect(page.getByText(says.deleteAccount.lost.title)).toBeVisible();
    await page.getByRole("button", { name: says.deleteAccount.submit }).click();
    await expect(heading(page)).toHaveText(says.deleteAccount.sent.title);
    const { link } = await mailOf(somebody, "confirm-deletion");
    const leavesAt = async () =>
      (await rows<{ leaves_at: Date | null }>("SELECT leaves_at FROM account WHERE id = $1", [somebody.id]))[0]!
        .leaves_at;

    // Email scanners open links too, often more than once.
    await page.goto(link!);
    await page.goto(link!);
    await expect(heading(page)).toHaveText(says.deleteAccount.confirm.title);
    expect(await leavesAt()).toBeNull();
    await page.getByRole("button", { name: says.deleteAccount.confirm.submit }).click();
    await expect(heading(page)).toHaveText(says.deleteAccount.left.title);
    const inDays = ((await leavesAt())!.getTime() - Date.now()) / 86_400_000;
    expect(inDays).toBeGreaterThan(13.9);
    expect(inDays).toBeLessThan(14.1);

    await other.goto("/home/subscriptions");
    await expect(heading(other)).toHaveText(words.signIn.title);
    await mailOf(somebody, "account-leaving");
    await page.goto(link!);
    await expect(heading(page)).toHaveText(says.deleteAccount.left.title);

    await page.goto("/sign-in?next=/home/account");
    await page.getByLabel(words.signIn.email).fill(somebody.email);
    await page.getByLabel(words.signIn.password, { exact: true }).fill(somebody.password);
    await page.getByRole("button", { name: words.signIn.submit, exact: true }).click();
    await expect(heading(page)).toHaveText(words.account.title);
    await expect(page.getByText(says.accountKept.title)).toBeVisible();
    expect(await leavesAt()).toBeNull();
    await mailOf(somebody, "account-kept");
    const actions = (await ledger(somebody)).events.map(({ action }) => action);
    expect(actions.slice(1)).toEqual(["account.deletion-asked", "account.leaving", "session.started", "account.kept"]);
  });
});

test("repeated requests for the deletion email are rate limited, and the page says for how long", async ({
  page,
  says,
  signedIn,
}) => {
  await signedIn();
  for (let time = 0; time < 2; time++) {
    await page.goto("/home/account/delete");
    await page.getByRole("button", { name: says.deleteAccount.submit }).click();
    await expect(heading(page)).toHaveText(says.deleteAccount.sent.title);
  }
  // The confirmation page can send the email again, too.
  const again = page.getByRole("button", { name: says.deleteAccount.sent.again });
  await again.click();
  await expect(page.getByText(says.deleteAccount.sent.sentAgain)).toBeVisible();
  await again.click();
  await expect(page.getByRole("alert").filter({ hasText: /in \d+ minutes/ })).toBeVisible();
});
