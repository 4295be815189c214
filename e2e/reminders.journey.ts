import { queueReminders } from "@/lib/licence/reminders";
import { monthsLater } from "./dates";
import { expect, test } from "./fixtures";
import { send } from "./security/raw";
import { across, withAndWithoutScripts } from "./ways";

/** Eleven months ago at noon: reminders wait for the morning. */
function lastYear(): Date {
  const at = monthsLater(new Date(), -11);
  at.setUTCHours(12);
  return at;
}

across(withAndWithoutScripts, ({ lang }) => {
  test("a reminder names the end, leads to the key, and its link turns reminders off without signing in", async ({
    page,
    says,
    person,
    redeemed,
    mailOf,
    rows,
    ledger,
  }) => {
    const somebody = await person({ locale: lang, emailVerifiedAt: new Date() });
    await redeemed(somebody, { months: 12 }, lastYear());
    const { endsAt } = (await ledger(somebody)).subscriptions[0]!;
    await queueReminders({ now: new Date(endsAt.getTime() - 7 * 86_400_000) });
    const mail = await mailOf(somebody, "subscription-ends");
    expect(mail.subject).toMatch(lang === "fr" ? /se termine dans 7.jours/ : /ends in 7 days/);
    expect(mail.link).toContain("/home/setup/key");

    const stop = /\S+\/reminders\?token=\S+/.exec(mail.text)![0];
    await page.goto(stop);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(says.reminders.on.title);
    const isOff = async () =>
      (
        await rows<{ off: boolean }>("SELECT reminders_off_at IS NOT NULL AS off FROM account WHERE id = $1", [
          somebody.id,
        ])
      )[0]!.off;
    // Opening the link changes nothing, because email scanners open links too.
    expect(await isOff()).toBe(false);
    await page.getByRole("button", { name: says.reminders.stop }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(says.reminders.off.title);
    expect(await isOff()).toBe(true);
  });

  test("My account turns reminders off and on again", async ({ page, says, signedIn }) => {
    await signedIn();
    await page.goto("/home/account");
    await expect(page.getByText(says.account.reminders.on, { exact: true })).toBeVisible();
    await page.getByRole("link", { name: `${says.account.change} ${says.account.what.reminders}` }).click();
    await expect(page.getByText(says.reminders.areOn)).toBeVisible();
    await page.getByRole("button", { name: says.reminders.stop }).click();
    await expect(page).toHaveURL("/home/account?saved=1");
    await expect(page.getByText(says.account.reminders.off, { exact: true })).toBeVisible();
    await page.goto("/home/account/reminders");
    await expect(page.getByText(says.reminders.areOff)).toBeVisible();
    await page.getByRole("button", { name: says.reminders.start }).click();
    await expect(page).toHaveURL("/home/account?saved=1");
    await page.goto("/home/account/reminders");
    await expect(page.getByText(says.reminders.areOn)).toBeVisible();
  });
});

test("a mail program turns reminders off by one request, without a cookie and from any origin (RFC 8058)", async ({
  baseURL,
  person,
  redeemed,
  mailOf,
  ledger,
  rows,
}) => {
  const somebody = await person({ emailVerifiedAt: new Date() });
  await redeemed(somebody, { months: 12 }, lastYear());
  const { endsAt } = (await ledger(somebody)).subscriptions[0]!;
  await queueReminders({ now: new Date(endsAt.getTime() - 7 * 86_400_000) });
  const { unsubscribe } = await mailOf(somebody, "subscription-ends");
  const path = unsubscribe!.url.slice(baseURL!.length);
  const ask = (to: string) =>
    send(baseURL!, {
      method: "POST",
      path: to,
      headers: { "Content-Type": "application/x-www-form-urlencoded", Origin: "https://mail.example" },
      body: "List-Unsubscribe=One-Click",
    });
  expect((await ask(`${path.slice(0, -1)}x`)).status).toBe(404);
  expect((await ask(path)).status).toBe(204);
  expect((await ask(path)).status).toBe(204);
  const events = await rows("SELECT details FROM event WHERE account_id = $1 AND action = $2", [
    somebody.id,
    "account.reminders-changed",
  ]);
  expect(events).toEqual([{ details: { to: "off" } }]);
});
