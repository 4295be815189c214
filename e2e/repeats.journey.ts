import { type Page } from "@playwright/test";
import { inWords, monthsLater } from "./dates";
import { expect, test } from "./fixtures";
import { formsOf } from "./security/raw";
import { across, withAndWithoutScripts } from "./ways";
import type { Words } from "./words";

const activate = (page: Page, words: Words) =>
  page.getByRole("button", { name: words.review.submit, exact: true }).click();

const heading = (page: Page) => page.getByRole("heading", { level: 1 });

/* R09. A repeated or parallel submit takes effect once. */

across(withAndWithoutScripts, ({ lang }) => {
  test("two tabs with two keys each activate their own", async ({ page, context, words, key, signedIn, ledger }) => {
    const somebody = await signedIn();
    const typed = {
      deluxe: await key({ months: 12 }),
      premium: await key({ product: "norton-360-premium", months: 6 }),
    };
    const other = await context.newPage();
    for (const [tab, printed] of [
      [page, typed.deluxe],
      [other, typed.premium],
    ] as const) {
      await tab.goto("/home/setup/key");
      await tab.getByLabel(words.key.field).fill(printed);
      await tab.getByRole("button", { name: words.key.submit }).click();
      await expect(heading(tab)).toHaveText(words.review.title);
    }
    await activate(page, words);
    await expect(heading(page)).toHaveText(words.done.title);
    await expect(page.getByRole("main")).toContainText("Norton 360 Deluxe");
    expect((await ledger(somebody)).keys).toEqual([{ state: "redeemed", hint: typed.deluxe.slice(-5) }]);

    await activate(other, words);
    await expect(heading(other)).toHaveText(words.done.title);
    await expect(other.getByRole("main")).toContainText("Norton 360 Premium");
    expect((await ledger(somebody)).keys.at(-1)).toEqual({ state: "redeemed", hint: typed.premium.slice(-5) });
  });

  test("an offer that changed since the review is shown again before anything is spent", async ({
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
    const printed = await key({ months: 12 });
    await page.goto(await verified(printed));
    await expect(page.getByRole("radio", { name: words.review.start, exact: true })).toBeChecked();
    const other = await redeemed(somebody, { months: 24 });

    await activate(page, words);
    await expect(page.getByText(says.review.changed.title)).toBeVisible();
    await expect(page.getByRole("radio", { name: words.review.extend, exact: true })).toBeChecked();
    // The notice says what it was and what it is.
    const notice = page.getByRole("main").locator("p", { has: page.locator("strong") });
    await expect(notice).toContainText(`${words.review.start}, `);
    await expect(notice).toContainText(inWords(monthsLater(new Date(), 12), lang));
    await expect(notice.locator("strong")).toContainText(`${words.review.extend}, `);
    const before = await ledger(somebody);
    expect(before.keys).toEqual([{ state: "redeemed", hint: other.slice(-5) }]);
    const newEnd = monthsLater(before.subscriptions[0]!.grants[0]!.at, 36);
    await expect(page.getByRole("main")).toContainText(inWords(newEnd, lang));

    await activate(page, words);
    await expect(heading(page)).toHaveText(words.done.title);
    expect((await ledger(somebody)).subscriptions.map(({ endsAt }) => endsAt)).toEqual([newEnd]);
  });

  test("after another account signs in, the page says so and nobody gets the key", async ({
    page,
    context,
    words,
    says,
    key,
    person,
    signedIn,
    verified,
    ledger,
  }) => {
    const [first, second] = [await signedIn(), await person({ name: "Solène Dubreuil" })];
    const review = await verified(await key());
    await page.goto(review);
    await expect(heading(page)).toHaveText(words.review.title);

    const other = await context.newPage();
    await other.goto(review);
    await other.getByRole("link", { name: words.review.switchAccount }).click();
    await other.getByLabel(words.signIn.email).fill(second.email);
    await other.getByLabel(words.signIn.password, { exact: true }).fill(second.password);
    await other.getByRole("button", { name: words.signIn.submit, exact: true }).click();
    await expect(heading(other)).toHaveText(words.review.title);
    await expect(other.getByRole("main")).toContainText(second.email);

    await activate(page, words);
    await expect(page.getByRole("main")).toContainText(says.review.otherAccount.replace("{email}", second.email));
    await expect(heading(page)).toHaveText(words.review.title);
    for (const somebody of [first, second]) expect((await ledger(somebody)).keys).toEqual([]);

    await activate(page, words);
    await expect(heading(page)).toHaveText(words.done.title);
    expect((await ledger(first)).keys).toEqual([]);
    expect((await ledger(second)).keys).toHaveLength(1);
  });

  test("going back and activating again gives the first result", async ({ page, words, key, signedIn, ledger }) => {
    const somebody = await signedIn();
    await page.goto("/home/setup/key");
    await page.getByLabel(words.key.field).fill(await key());
    await page.getByRole("button", { name: words.key.submit }).click();
    await activate(page, words);
    await expect(heading(page)).toHaveText(words.done.title);
    const [done, before] = [page.url(), await ledger(somebody)];

    await page.goBack();
    // The browser may show its cached page, or request it again and be redirected.
    const again = page.getByRole("button", { name: words.review.submit, exact: true });
    await expect(again.or(page.getByRole("link", { name: words.done.setUp }))).toBeVisible();
    if (await again.isVisible()) await again.click();
    await expect(heading(page)).toHaveText(words.done.title);
    expect(new URL(page.url()).pathname).toBe(new URL(done).pathname);
    expect(await ledger(somebody)).toEqual(before);
  });

  test("pressing the button repeatedly activates once", async ({ page, words, key, signedIn, verified, ledger }) => {
    const somebody = await signedIn();
    await page.goto(await verified(await key()));
    await page.getByRole("button", { name: words.review.submit, exact: true }).dblclick();
    await expect(heading(page)).toHaveText(words.done.title);
    await page.reload();
    await expect(heading(page)).toHaveText(words.done.title);
    const { subscriptions, keys, events } = await ledger(somebody);
    expect(subscriptions.map(({ grants }) => grants.length)).toEqual([1]);
    expect(keys).toHaveLength(1);
    expect(events.filter(({ action }) => action === "key.redeemed")).toHaveLength(1);
  });

  test("a key typed too long ago must be typed again, and nothing is spent", async ({
    page,
    words,
    says,
    key,
    signedIn,
    verified,
    ledger,
  }) => {
    const somebody = await signedIn();
    const printed = await key();
    await page.goto(await verified(printed, new Date(Date.now() - 31 * 60_000)));
    await expect(page.getByLabel(words.key.field)).toBeVisible();
    await expect(page.getByRole("main")).toContainText(says.review.expired.text);
    expect((await ledger(somebody)).keys).toEqual([]);
  });
});

test("a page left open too long spends nothing", async ({
  page,
  context,
  words,
  says,
  key,
  signedIn,
  verified,
  ledger,
}) => {
  const somebody = await signedIn();
  await page.goto(await verified(await key()));
  await expect(heading(page)).toHaveText(words.review.title);
  await context.clearCookies({ name: /^preview-/ });
  await activate(page, words);
  await expect(page.getByLabel(words.key.field)).toBeVisible();
  await expect(page.getByText(says.review.expired.text)).toBeVisible();
  expect((await ledger(somebody)).keys).toEqual([]);
});

test("a session that ends before activation leads through sign-in, and the key is held", async ({
  page,
  words,
  key,
  signedIn,
  verified,
  ledger,
  rows,
}) => {
  const somebody = await signedIn();
  await page.goto(await verified(await key()));
  await rows("UPDATE session SET revoked_at = now() WHERE account_id = $1", [somebody.id]);
  await activate(page, words);
  await expect(heading(page)).toHaveText(words.signIn.title);
  expect((await ledger(somebody)).keys).toEqual([]);
  await page.getByLabel(words.signIn.email).fill(somebody.email);
  await page.getByLabel(words.signIn.password, { exact: true }).fill(somebody.password);
  await page.getByRole("button", { name: words.signIn.submit, exact: true }).click();
  await expect(heading(page)).toHaveText(words.review.title);
  await activate(page, words);
  await expect(heading(page)).toHaveText(words.done.title);
});

test("twenty parallel activations all get the one result", async ({
  context,
  baseURL,
  key,
  signedIn,
  verified,
  ledger,
}) => {
  const somebody = await signedIn();
  const review = await verified(await key());
  const html = await (await context.request.get(review)).text();
  const forms = formsOf(html).map(({ fields }) => Object.fromEntries(fields));
  const form = forms.find((fields) => "preview" in fields)!;
  expect(Object.keys(form)).toEqual(expect.arrayContaining(["preview", "version", "account"]));

  const answers = await Promise.all(
    Array.from({ length: 20 }, () =>
      context.request.post(review, { multipart: form, headers: { Origin: baseURL! }, maxRedirects: 0 }),
    ),
  );
  const { subscriptions, events } = await ledger(somebody);
  expect(subscriptions.map(({ grants }) => grants.length)).toEqual([1]);
  expect(events.filter(({ action }) => action === "key.redeemed")).toHaveLength(1);
  const done = `/home/setup/done/${subscriptions[0]!.grants[0]!.id}`;
  expect(answers.map((answer) => answer.headers()["location"])).toEqual(Array<string>(20).fill(done));
});
