import { lookupDigest } from "@/lib/licence/key-vault";
import { expect, test } from "./fixtures";
import { across, withAndWithoutScripts } from "./ways";

/* Devices and seats, as their owner sees them. What apps do is tested where the rules are. */

const live = "SELECT count(*)::int AS live FROM activation WHERE subscription_id = $1 AND released_at IS NULL";

across(withAndWithoutScripts, ({ lang }) => {
  test("a device is released in one press, from My Subscription on, and its seat is free at once", async ({
    page,
    words,
    says,
    signedIn,
    redeemed,
    seated,
    ledger,
    rows,
  }) => {
    const somebody = await signedIn();
    await redeemed(somebody);
    await seated(somebody, { name: "Tablet" });
    const { activationId, subscriptionId } = await seated(somebody, { name: "Phone of Zoé" });
    await page.goto("/home/subscriptions");
    const [shown] = { en: ["2 of 5 devices"], fr: ["2 sur 5 appareils"] }[lang];
    const plainly = (text: string) => new RegExp(text.replaceAll(" ", "\\s"));
    await page.getByRole("link", { name: plainly(shown!) }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(words.devices.title);

    const row = page.getByRole("listitem").filter({ hasText: "Phone of Zoé" });
    await row.getByRole("button", { name: words.devices.release }).click();
    await expect(page.getByText(says.devices.released)).toBeVisible();
    expect(await rows(live, [subscriptionId])).toEqual([{ live: 1 }]);
    const { events } = await ledger(somebody);
    expect(events.at(-1)).toMatchObject({ action: "device.released", subject: activationId });
    // It stays in the list, without a seat and without a button.
    await expect(row).toHaveCount(1);
    await expect(row.getByRole("button")).toHaveCount(0);
    await page.goto("/home/account/activity");
    const [action] = says.activity.events.device.released.split("{");
    await expect(page.getByRole("listitem").filter({ hasText: action!.trim() })).toHaveCount(1);
  });

  test("all devices of a subscription that ended move in one press, and those without a free seat are named", async ({
    page,
    says,
    signedIn,
    redeemed,
    seated,
    rows,
  }) => {
    const somebody = await signedIn();
    const past = new Date(Date.now() - 400 * 86_400_000);
    await redeemed(somebody, {}, past);
    for (const name of ["First", "Second"]) await seated(somebody, { name }, past);
    await redeemed(somebody, { product: "norton-360-standard" });
    const [target] = await rows<{ id: string }>(
      "SELECT id FROM subscription WHERE account_id = $1 AND ends_at > now()",
      [somebody.id],
    );
    await page.goto("/home/devices");
    await expect(page.getByText(says.devices.unprotected)).toBeVisible();
    await page.getByRole("button", { name: says.devices.moveTo.split("{")[0]! }).click();
    const [stayed] = says.devices.stayed.split("{");
    await expect(page.getByText(stayed!.trim())).toContainText(/First|Second/);
    expect(await rows(live, [target!.id])).toEqual([{ live: 1 }]);
  });
});

test("an activation that a device uses is not undone, and the page says why", async ({
  page,
  says,
  signedIn,
  redeemed,
  seated,
  rows,
}) => {
  const somebody = await signedIn();
  const printed = await redeemed(somebody);
  const state = () =>
    rows<{ id: string; state: string }>(
      `SELECT g.id, k.state FROM product_key k JOIN grant_entry g ON g.key_id = k.id WHERE k.lookup = $1`,
      [lookupDigest(printed.replaceAll("-", ""))],
    );
  const [grant] = await state();
  // The page was opened before the device came.
  await page.goto(`/home/subscriptions/undo/${grant!.id}`);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(says.undo.title);
  await seated(somebody);
  await page.getByRole("button", { name: says.undo.submit, exact: true }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(says.undo.used.title);
  expect((await state()).map(({ state }) => state)).toEqual(["redeemed"]);
  await page.goto("/home/subscriptions");
  await expect(page.getByRole("link", { name: says.subscriptions.undo, exact: true })).toHaveCount(0);
});

test("a device is not released by somebody who has signed in in another tab since", async ({
  page,
  words,
  says,
  person,
  signedIn,
  enter,
  redeemed,
  seated,
  rows,
}) => {
  const somebody = await signedIn();
  await redeemed(somebody);
  const { subscriptionId } = await seated(somebody);
  await page.goto("/home/devices");
  await enter(await person());
  await page.getByRole("button", { name: words.devices.release }).click();
  await expect(page.getByText(says.accountForm.otherAccount.text)).toBeVisible();
  expect(await rows(live, [subscriptionId])).toEqual([{ live: 1 }]);
});
