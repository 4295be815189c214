import type { Page } from "@playwright/test";
import { inWords } from "./dates";
import { expect, test, type Person } from "./fixtures";
import { across, withAndWithoutScripts } from "./ways";
import type { Words } from "./words";

/* A key on the wrong account of a person: they are told where it is, and move it. */

async function signInAs({ email, password }: Person, page: Page, { signIn }: Words) {
  await page.getByLabel(signIn.email).fill(email);
  await page.getByLabel(signIn.password, { exact: true }).fill(password);
  await page.getByRole("button", { name: signIn.submit, exact: true }).click();
  await page.waitForURL(({ pathname }) => pathname !== "/sign-in");
}

across(withAndWithoutScripts, ({ lang }) => {
  test("a key typed on the wrong account is found on the other one of this browser, and moved to the right one", async ({
    page,
    words,
    says,
    person,
    redeemed,
    ledger,
    verified,
    mailOf,
  }) => {
    const [wrong, right] = [
      await person({ emailVerifiedAt: new Date() }),
      await person({ emailVerifiedAt: new Date() }),
    ];
    await page.goto("/sign-in");
    await signInAs(wrong, page, words);
    await redeemed(wrong, { months: 12 });
    const [{ endsAt } = { endsAt: new Date(0) }] = (await ledger(wrong)).subscriptions;
    const printed = await redeemed(wrong, { months: 6 });
    await page.goto("/sign-in?switch=1");
    await signInAs(right, page, words);

    // Only this browser learns where the key is, and not whose account that is.
    await page.goto(await verified(printed));
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(says.refusal.usedHere.title);
    await expect(page.getByRole("main")).toContainText(words.changedNothing);
    await expect(page.getByRole("main")).not.toContainText(wrong.email);
    await page.getByRole("link", { name: words.review.switchAccount, exact: true }).click();
    await signInAs(wrong, page, words);
    await page.getByRole("link", { name: says.move.link, exact: true }).click();

    await expect(page.getByRole("heading", { level: 1 })).toHaveText(says.move.title);
    await expect(page.getByRole("main")).toContainText(inWords(endsAt, lang));
    await page.getByRole("button", { name: says.move.submit, exact: true }).click();
    await signInAs(right, page, words);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(says.move.accept.title);
    for (const { email } of [wrong, right]) await expect(page.getByRole("main")).toContainText(email);
    await page.getByRole("button", { name: says.move.accept.submit, exact: true }).click();

    await expect(page.getByText(says.subscriptions.keyMoved)).toBeVisible();
    await expect(page.getByRole("listitem").filter({ hasText: printed.slice(-5) })).toBeVisible();
    expect((await ledger(right)).keys).toEqual([{ state: "kept", hint: printed.slice(-5) }]);
    expect((await ledger(wrong)).subscriptions.map((one) => one.endsAt)).toEqual([endsAt]);
    expect((await mailOf(wrong, "key-moved-away")).text).not.toContain(right.email);
    expect((await mailOf(right, "key-moved-here")).text).not.toContain(wrong.email);

    // The button of the former page again, by Back: nothing is done twice.
    await page.goto("/home/subscriptions/move");
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(says.move.notPossible.title);
  });
});

test("a stranger's browser learns nothing about where a key is", async ({
  page,
  says,
  person,
  redeemed,
  signedIn,
  verified,
}) => {
  const printed = await redeemed(await person());
  await signedIn();
  await page.goto(await verified(printed));
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(says.refusal.usedByAnother.title);
});

test("a move begun by one account cannot be accepted by it, and without one there is nothing to accept", async ({
  page,
  says,
  signedIn,
  kept,
}) => {
  const somebody = await signedIn({ emailVerifiedAt: new Date() });
  const { keptId } = await kept(somebody);
  await page.goto("/home/subscriptions/move");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(says.move.over.title);
  await page.goto(`/home/subscriptions/move/${keptId}`);
  await page.getByRole("button", { name: says.move.submit, exact: true }).click();
  await page.waitForURL(({ pathname }) => pathname === "/sign-in");
  await page.goto("/home/subscriptions/move");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(says.move.same.title);
});

test("a move waits until the address is confirmed", async ({ page, says, signedIn, kept }) => {
  const { keptId } = await kept(await signedIn());
  await page.goto(`/home/subscriptions/move/${keptId}`);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(says.move.unconfirmed.title);
});
