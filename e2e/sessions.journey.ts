import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures";
import { firefoxOnWindows } from "./states";
import { across, withAndWithoutScripts } from "./ways";

const heading = (page: Page) => page.getByRole("heading", { level: 1 });

across(withAndWithoutScripts, ({ lang }) => {
  test("a person ends another browser's session, which invalidates copies of its cookie (S02)", async ({
    page,
    words,
    says,
    person,
    signedIn,
    browserOf,
    otherBrowser,
    baseURL,
    ledger,
  }) => {
    const somebody = await signedIn();
    const lastSeen = "now() - interval '9 days'";
    const stolen = await browserOf(somebody, { userAgent: firefoxOnWindows, lastSeen });
    await browserOf(await person(), { userAgent: firefoxOnWindows });
    const thief = await otherBrowser();
    await thief.context().addCookies([{ name: "session", value: stolen, url: baseURL! }]);
    await thief.goto("/home/account/name");
    await expect(heading(thief)).toHaveText(words.account.yourName);

    await page.goto("/home/account");
    await page.getByRole("link", { name: words.account.sessions }).click();
    await expect(heading(page)).toHaveText(words.account.sessions);
    const browsers = page
      .getByRole("main")
      .getByRole("listitem")
      .filter({ hasText: new RegExp(`${says.sessions.this}|Firefox`) });
    await expect(browsers).toHaveCount(2);
    await expect(browsers.first()).toContainText(says.sessions.this);
    await expect(browsers.first().getByRole("button")).toHaveCount(0);
    const name = lang === "fr" ? "Firefox sous Windows" : "Firefox on Windows";
    await expect(browsers.last()).toContainText(name);
    await browsers
      .last()
      .getByRole("button", { name: `${words.account.endSession} ${name}` })
      .click();
    await expect(page.getByText(says.sessions.ended.one)).toBeVisible();
    await expect(browsers).toHaveCount(1);
    await expect(page.getByText(says.sessions.onlyThis)).toBeVisible();

    await thief.reload();
    await expect(heading(thief)).toHaveText(words.signIn.title);
    expect((await ledger(somebody)).events.map(({ action }) => action)).toEqual(["session.ended-elsewhere"]);
  });

  test("after step-up a person signs out everywhere else and stays signed in here (S07)", async ({
    page,
    words,
    says,
    signedIn,
    browserOf,
    rows,
    ledger,
  }) => {
    const somebody = await signedIn();
    await browserOf(somebody);
    await browserOf(somebody);
    await rows("UPDATE session SET authenticated_at = now() - interval '16 minutes' WHERE account_id = $1", [
      somebody.id,
    ]);
    const live = async () =>
      (await rows("SELECT 1 FROM session WHERE account_id = $1 AND revoked_at IS NULL", [somebody.id])).length;
    await page.goto("/home/account/sessions");
    await page.getByRole("button", { name: words.account.endOthers }).click();
    await expect(heading(page)).toHaveText(words.confirm.title);
    expect(await live()).toBe(3);

    await page.getByLabel(words.signIn.password, { exact: true }).fill(somebody.password);
    await page.getByRole("button", { name: words.confirm.submit, exact: true }).click();
    await expect(heading(page)).toHaveText(words.account.sessions);
    await page.getByRole("button", { name: words.account.endOthers }).click();
    await expect(page.getByText(says.sessions.ended.others)).toBeVisible();
    expect(await live()).toBe(1);
    const { events } = await ledger(somebody);
    expect(events.map(({ action }) => action)).toEqual(["session.confirmed", "session.others-ended"]);
    await page.goto("/home/account");
    await expect(heading(page)).toHaveText(words.account.title);
  });

  test("an account's list left open in another tab ends no session after another account signs in, and says who is signed in (R10)", async ({
    page,
    context,
    words,
    enter,
    person,
    signedIn,
    browserOf,
    rows,
  }) => {
    const [somebody, other] = [await signedIn(), await person()];
    await browserOf(somebody);
    await browserOf(other);
    await page.goto("/home/account/sessions");
    await enter(other, context);
    await page.getByRole("button", { name: words.account.endOthers }).click();
    await expect(page.getByRole("main")).toContainText(other.email);
    const revoked = "SELECT 1 FROM session WHERE account_id IN ($1, $2) AND revoked_at IS NOT NULL";
    expect(await rows(revoked, [somebody.id, other.id])).toEqual([]);
  });
});
