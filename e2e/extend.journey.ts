import { inWords, monthsLater, nights } from "./dates";
import { expect, test } from "./fixtures";
import { across, withAndWithoutScripts } from "./ways";

across(withAndWithoutScripts, ({ lang }) => {
  test("a second key of the same product extends the end by its whole term, to the day shown in the review", async ({
    page,
    words,
    says,
    key,
    signedIn,
    redeemed,
    ledger,
    mails,
  }) => {
    const somebody = await signedIn({ emailVerifiedAt: new Date() });
    // On the 15th of last month, so that no month is too short for it.
    const began = new Date();
    began.setUTCDate(15);
    began.setUTCMonth(began.getUTCMonth() - 1);
    const first = await redeemed(somebody, { months: 12 }, began);
    const [oldEnd, newEnd] = [monthsLater(began, 12), monthsLater(began, 27)];
    const lastYear = began.getUTCFullYear() + 4;
    const printed = await key({ months: 15, redeemBy: `${lastYear}-12-31` });

    await page.goto("/home/setup/key");
    await page.getByLabel(words.key.field).fill(printed);
    await page.getByRole("button", { name: words.key.submit }).click();

    const main = page.getByRole("main");
    await expect(page.getByRole("radio", { name: words.review.extend, exact: true })).toBeChecked();
    await expect(main).toContainText(`31 ${lang === "fr" ? "décembre" : "December"} ${lastYear}`);
    await expect(main).toContainText(inWords(oldEnd, lang));
    await expect(main).toContainText(lang === "fr" ? "+ 15 mois" : "+ 15 months");
    await expect(main).toContainText(inWords(newEnd, lang));
    const days = new Intl.NumberFormat(lang).format(nights(new Date(), newEnd));
    await expect(main).toContainText(
      lang === "fr" ? `${days} jours à compter d’aujourd’hui` : `${days} days from today`,
    );
    const end = await main
      .getByRole("definition")
      .filter({ hasText: inWords(newEnd, lang) })
      .innerText();
    expect(end).toContain(lang === "fr" ? "heure de Paris" : "Paris time");
    await page.getByRole("button", { name: words.review.submit, exact: true }).click();

    await expect(page.getByRole("heading", { level: 1 })).toHaveText(words.done.title);
    await expect(main).toContainText(inWords(oldEnd, lang));
    await expect(main.getByText(end)).toHaveCount(2);
    await expect
      .poll(async () => (await mails(somebody)).map(({ text }) => text.replaceAll(/\s+/g, " ")))
      .toContainEqual(expect.stringContaining(end.replaceAll(/\s+/g, " ")));
    const { subscriptions, keys } = await ledger(somebody);
    expect(subscriptions).toHaveLength(1);
    expect(subscriptions[0]!.endsAt).toEqual(newEnd);
    expect(subscriptions[0]!.grants.map(({ months }) => months)).toEqual([12, 15]);
    expect(keys).toHaveLength(2);

    await page.goto("/home/subscriptions");
    const card = page.getByRole("article", { name: "Norton 360 Deluxe" });
    await expect(card.getByText(end)).toHaveCount(3);
    for (const list of [says.subscriptions.keys, says.subscriptions.ledger.title]) {
      const lines = card.getByRole("group", { name: list }).getByRole("listitem");
      await expect(lines).toHaveCount(2);
      await expect(lines.nth(0)).toContainText(printed.slice(-5));
      await expect(lines.nth(0)).toContainText(inWords(newEnd, lang));
      await expect(lines.nth(1)).toContainText(first.slice(-5));
      await expect(lines.nth(1)).toContainText(inWords(oldEnd, lang));
    }
  });
});

test("a key of another product is activated only after a warning that both run at once, and can be kept (A2)", async ({
  page,
  words,
  says,
  key,
  signedIn,
  redeemed,
  ledger,
  verified,
}) => {
  const somebody = await signedIn();
  await redeemed(somebody, { product: "norton-360-deluxe", months: 24 });
  const deadline = new Date().getUTCFullYear() + 1;
  const printed = await key({ product: "norton-360-premium", months: 12, redeemBy: `${deadline}-12-31` });
  await page.goto(await verified(printed));
  await expect(page.getByRole("radio", { name: words.review.start, exact: true })).toBeChecked();
  const card = page.locator("section", { has: page.getByRole("button", { name: words.review.submit, exact: true }) });
  await expect(card).toContainText(says.review.beside.title);
  await expect(card).toContainText(`Norton 360 Deluxe runs until ${inWords(monthsLater(new Date(), 24), "en")}`);
  await expect(card).toContainText(`Norton 360 Premium until ${inWords(monthsLater(new Date(), 12), "en")}`);
  await expect(card).toContainText(says.review.beside.wait);

  const before = (await ledger(somebody)).subscriptions;
  await card.getByRole("button", { name: words.review.keepSubmit, exact: true }).click();
  await expect(page.getByText(says.subscriptions.keyKept)).toBeVisible();
  expect((await ledger(somebody)).subscriptions).toEqual(before);

  await page.goto(await verified(printed));
  await page.getByRole("button", { name: words.review.submit, exact: true }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(words.done.title);
  expect((await ledger(somebody)).subscriptions.map(({ product }) => product)).toEqual([
    "norton-360-deluxe",
    "norton-360-premium",
  ]);
});

test("a key for an ended subscription starts a new term today", async ({
  page,
  words,
  key,
  signedIn,
  redeemed,
  ledger,
  verified,
}) => {
  const somebody = await signedIn();
  await redeemed(somebody, { months: 1 }, monthsLater(new Date(), -3));
  await page.goto(await verified(await key({ months: 1 })));
  await expect(page.getByRole("radio", { name: words.review.start, exact: true })).toBeChecked();
  await page.getByRole("button", { name: words.review.submit, exact: true }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(words.done.title);
  const { subscriptions } = await ledger(somebody);
  expect(subscriptions).toHaveLength(2);
  expect(subscriptions[1]!.endsAt).toEqual(monthsLater(subscriptions[1]!.grants[0]!.at, 1));
});
