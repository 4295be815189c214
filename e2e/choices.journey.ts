import { inWords, monthsLater } from "./dates";
import { expect, test } from "./fixtures";
import { across, withAndWithoutScripts } from "./ways";

/* Every choice that a key gives: the dates on the page are those in the database. */

across(withAndWithoutScripts, ({ lang }) => {
  const submitOf = (words: { review: { submit: string } }) => ({ name: words.review.submit, exact: true });

  test("a key is added beside a running subscription, until the day shown, and the running one keeps its end", async ({
    page,
    words,
    key,
    signedIn,
    redeemed,
    verified,
    ledger,
  }) => {
    const somebody = await signedIn();
    await redeemed(somebody, { months: 12 });
    await page.goto(await verified(await key({ months: 3 })));
    const add = page.getByRole("radio", { name: words.review.add, exact: true });
    await expect(add).not.toBeChecked();
    await add.check();
    await expect(page.getByRole("main")).toContainText(inWords(monthsLater(new Date(), 3), lang));
    await page.getByRole("button", submitOf(words)).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(words.done.title);
    const { subscriptions } = await ledger(somebody);
    expect(subscriptions.map(({ grants }) => grants.map(({ months }) => months))).toEqual([[12], [3]]);
    await expect(page.getByRole("main")).toContainText(inWords(subscriptions[1]!.endsAt, lang));
  });

  test("a key is kept for later, shown again, and used in one step with the end that was shown", async ({
    page,
    words,
    says,
    key,
    signedIn,
    redeemed,
    verified,
    ledger,
  }) => {
    const somebody = await signedIn({ emailVerifiedAt: new Date() });
    await redeemed(somebody, { months: 12 });
    const printed = await key({ months: 6 });
    await page.goto(await verified(printed));
    await page.getByRole("radio", { name: words.review.keep, exact: true }).check();
    await page.getByRole("checkbox").uncheck();
    await page.getByRole("button", { name: words.review.keepSubmit, exact: true }).click();
    await expect(page.getByText(says.subscriptions.keyKept)).toBeVisible();
    const before = await ledger(somebody);
    expect(before.subscriptions.map(({ grants }) => grants.length)).toEqual([1]);
    expect(before.keys).toContainEqual({ state: "kept", hint: printed.slice(-5) });

    const card = page.getByRole("listitem").filter({ hasText: printed.slice(-5) });
    await expect(card).toContainText(says.subscriptions.kept.byHand);
    await card.getByRole("button", { name: words.subscriptions.show }).click();
    await expect(card).toContainText(printed);

    const end = monthsLater(before.subscriptions[0]!.endsAt, 6);
    await expect(card).toContainText(inWords(end, lang));
    await card.getByRole("button", { name: says.subscriptions.kept.use }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(words.done.title);
    await expect(page.getByRole("main")).toContainText(inWords(end, lang));
    const after = await ledger(somebody);
    expect(after.subscriptions.map(({ endsAt }) => endsAt)).toEqual([end]);
    expect(after.keys.map(({ state }) => state)).toEqual(["redeemed", "redeemed"]);
  });

  test("a key that will start by itself says when, and a typed key that is kept already is not kept twice", async ({
    page,
    words,
    says,
    key,
    signedIn,
    redeemed,
    verified,
    kept,
    ledger,
  }) => {
    const somebody = await signedIn();
    await redeemed(somebody, { months: 12 });
    const { printed } = await kept(somebody, { months: 6 }, { startsItself: true });
    await page.goto("/home/subscriptions");
    const card = page.getByRole("listitem").filter({ hasText: printed.slice(-5) });
    const running = (await ledger(somebody)).subscriptions[0]!.endsAt;
    await expect(card.getByText(says.subscriptions.kept.itself.split("{")[0]!)).toContainText(inWords(running, lang));

    await page.goto(await verified(printed));
    await expect(page.getByRole("radio", { name: words.review.extend, exact: true })).toBeChecked();
    await expect(page.getByRole("radio", { name: words.review.keep, exact: true })).toHaveCount(0);

    await page.goto(await verified(await key({ months: 3 })));
    const itself = says.review.choices.keep.itself.replace("{date}", inWords(monthsLater(running, 6), lang));
    await page.getByRole("radio", { name: words.review.keep, exact: true }).check();
    await expect(page.getByRole("checkbox", { name: itself })).toBeChecked();
  });

  test("an activation is undone after its effect was shown, and the key can be used again", async ({
    page,
    words,
    says,
    key,
    signedIn,
    redeemed,
    verified,
    ledger,
  }) => {
    const somebody = await signedIn();
    await redeemed(somebody, { months: 12 });
    const oldEnd = (await ledger(somebody)).subscriptions[0]!.endsAt;
    const printed = await key({ months: 6 });
    await page.goto(await verified(printed));
    await page.getByRole("button", submitOf(words)).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(words.done.title);
    const done = page.url();
    await page.getByRole("link", { name: says.subscriptions.undo, exact: true }).click();

    await expect(page.getByRole("heading", { level: 1 })).toHaveText(says.undo.title);
    const main = page.getByRole("main");
    await expect(main).toContainText(inWords(monthsLater(oldEnd, 6), lang));
    await expect(main).toContainText(inWords(oldEnd, lang));
    await page.getByRole("button", { name: says.undo.submit, exact: true }).click();
    await expect(page.getByText(says.subscriptions.keyUndone)).toBeVisible();
    expect((await ledger(somebody)).subscriptions.map(({ endsAt }) => endsAt)).toEqual([oldEnd]);
    const card = page.getByRole("listitem").filter({ hasText: printed.slice(-5) });
    await expect(card.getByRole("button", { name: says.subscriptions.kept.use })).toBeVisible();
    await page.goto(done);
    await expect(page).toHaveURL("/home/subscriptions");
  });

  test("a kept key that an undo lets start by itself is named before, and said to start within a minute", async ({
    page,
    says,
    key,
    signedIn,
    redeemed,
    verified,
    words,
  }) => {
    const somebody = await signedIn();
    await redeemed(somebody, { months: 12 });
    const printed = await key({ months: 6 });
    await page.goto(await verified(printed));
    await page.getByRole("radio", { name: words.review.keep, exact: true }).check();
    await page.getByRole("button", { name: words.review.keepSubmit, exact: true }).click();
    await page.getByRole("link", { name: says.subscriptions.undo, exact: true }).click();
    await expect(page.getByRole("main")).toContainText(says.undo.next.replace("{hint}", printed.slice(-5)));
    await page.getByRole("button", { name: says.undo.submit, exact: true }).click();
    await expect(page.getByText(says.subscriptions.keyUndone)).toBeVisible();
    const soon = page.getByText(says.subscriptions.kept.due);
    await expect(soon.or(page.getByRole("article").filter({ hasText: printed.slice(-5) }))).toBeVisible();
    await expect(page.getByText(says.subscriptions.kept.byHand)).toHaveCount(1);
  });

  test("a key past the ceiling of five years is untouched, and can be kept for later", async ({
    page,
    words,
    says,
    key,
    signedIn,
    redeemed,
    verified,
    ledger,
  }) => {
    const somebody = await signedIn();
    await redeemed(somebody, { months: 60 });
    const printed = await key({ months: 12 });
    await page.goto(await verified(printed));
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(says.refusal.ceiling.title);
    await page.getByRole("button", { name: words.review.keep, exact: true }).click();
    await expect(page.getByText(says.subscriptions.keyKept)).toBeVisible();
    await expect(page.getByText(says.subscriptions.kept.tooLong)).toBeVisible();
    expect((await ledger(somebody)).keys).toContainEqual({ state: "kept", hint: printed.slice(-5) });
  });

  test("a kept key whose effect has changed since it was shown is not used, and the new effect is shown", async ({
    page,
    says,
    signedIn,
    redeemed,
    kept,
    ledger,
  }) => {
    const somebody = await signedIn();
    const { printed } = await kept(somebody, { months: 6 });
    await page.goto("/home/subscriptions");
    await redeemed(somebody, { months: 12 });
    const card = page.getByRole("listitem").filter({ hasText: printed.slice(-5) });
    await card.getByRole("button", { name: says.subscriptions.kept.use }).click();
    await expect(page.getByText(says.subscriptions.keyChanged.title)).toBeVisible();
    const { subscriptions } = await ledger(somebody);
    await expect(card).toContainText(inWords(monthsLater(subscriptions[0]!.endsAt, 6), lang));
    expect(subscriptions.map(({ grants }) => grants.length)).toEqual([1]);
  });
});
