import { type Page } from "@playwright/test";
import { expect, test } from "./fixtures";
import { across, withAndWithoutScripts } from "./ways";
import type { Words } from "./words";

/** Symbols of a printed key, hyphens left out. */
const symbolsOf = (printed: string) => [...printed.replaceAll("-", "")];

const printed = (symbols: string[]) => symbols.join("").replace(/.{5}(?=.)/g, "$&-");

/** The key with the symbols at two different places exchanged. */
function swapped(key: string): { text: string; changed: string[] } {
  const symbols = symbolsOf(key);
  const p = symbols.findIndex((symbol, index) => index > 0 && symbol !== symbols[index + 1]);
  const [a, b] = [symbols[p]!, symbols[p + 1]!];
  symbols[p] = b;
  symbols[p + 1] = a;
  return { text: printed(symbols), changed: [a, b] };
}

/** The key with other symbols at these places. */
function mistyped(key: string, places: number[]): string {
  const symbols = symbolsOf(key);
  for (const place of places) symbols[place] = symbols[place] === "X" ? "Y" : "X";
  return printed(symbols);
}

/** What all answers to a slip have in common: said first, above and at the field, and nothing typed is lost. */
async function expectFault(page: Page, words: Words, typed: string, says: RegExp): Promise<void> {
  const summary = page.getByRole("alert").filter({ has: page.getByRole("link") });
  await expect(summary).toContainText(says);
  await expect(page).toHaveTitle(words.faultTitle);
  const field = page.getByLabel(words.key.field);
  await expect(field).toHaveValue(typed);
  await expect(field).toHaveAccessibleDescription(says);
  await summary.getByRole("link").click();
  await expect(page).toHaveURL(/#key$/);
}

across(withAndWithoutScripts, ({ lang, scripts }) => {
  const fr = lang === "fr";

  test("two swapped characters are noticed, and the right key is offered, not taken", async ({
    page,
    words,
    key,
    signedIn,
    rows,
  }) => {
    await signedIn();
    const right = await key();
    const { text, changed } = swapped(right);
    await page.goto("/home/setup/key");
    await page.waitForLoadState("networkidle");
    const requests: string[] = [];
    page.on("request", (request) => requests.push(request.url()));

    await page.getByLabel(words.key.field).fill(text);
    await page.getByRole("button", { name: words.key.submit }).click();
    await expectFault(page, words, text, fr ? /Regardez la correction/ : /Look at the correction/);
    await expect(page.getByText(fr ? /semblent inversés/ : /look swapped/)).toBeVisible();
    const offered = page.getByRole("code").filter({ hasText: right });
    await expect(offered).toBeVisible();
    expect((await offered.locator("mark").allInnerTexts()).join("")).toBe([...changed].reverse().reverse().join(""));
    if (scripts) expect(requests).toEqual([]);

    await page.getByRole("button", { name: words.key.use }).click();
    if (scripts) {
      await expect(page.getByLabel(words.key.field)).toHaveValue(right);
      await page.getByRole("button", { name: words.key.submit }).click();
    }
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(words.review.title);
    expect(await rows("SELECT 1 FROM product_key WHERE hint = $1", [right.slice(-5)])).toEqual([]);
  });

  const offers: { what: string; damage: (key: string) => string }[] = [
    { what: "two mistyped characters", damage: (key) => mistyped(key, [3, 17]) },
    { what: "five characters nobody can read", damage: (key) => `?????${key.slice(5)}` },
    { what: "characters that never occur in a key", damage: (key) => key.replace(/^(.)../, "$1AL") },
    { what: "a missing character", damage: (key) => key.slice(0, 8) + key.slice(9) },
    { what: "a character too many", damage: (key) => `${key.slice(0, 8)}${key[8] === "Z" ? "Y" : "Z"}${key.slice(8)}` },
  ];
  for (const { what, damage } of offers) {
    test(`${what} can be worked out`, async ({ page, words, key, signedIn }) => {
      await signedIn();
      const right = await key();
      const typed = damage(right);
      await page.goto("/home/setup/key");
      await page.getByLabel(words.key.field).fill(typed);
      await page.getByRole("button", { name: words.key.submit }).click();

      await expectFault(page, words, typed, fr ? /Regardez la correction/ : /Look at the correction/);
      await expect(page.getByRole("code").filter({ hasText: right })).toBeVisible();
      if (/[AL]/.test(typed)) await expect(page.getByText(fr ? /A et L|A, L/ : /A and L|A, L/)).toBeVisible();
      await page.getByRole("button", { name: words.key.use }).click();
      if (scripts) await page.getByRole("button", { name: words.key.submit }).click();
      await expect(page.getByRole("heading", { level: 1 })).toHaveText(words.review.title);
    });
  }

  test("every key in a pasted mail is offered", async ({ page, words, keys, signedIn, ledger }) => {
    const somebody = await signedIn();
    const [one, other] = await keys({ count: 2 });
    const mail = `Thank you for order 4711 of 12 March! Your keys: ${one} (for you), and ${other} (a gift). Your shop`;
    await page.goto("/home/setup/key");
    await page.getByLabel(words.key.field).fill(mail);
    await page.getByRole("button", { name: words.key.submit }).click();

    await expectFault(page, words, mail, fr ? /plus long/ : /longer than a product key/);
    await expect(page.getByRole("button", { name: words.key.use })).toHaveCount(2);
    await expect(page.getByRole("code").filter({ hasText: one })).toBeVisible();
    await page.getByRole("listitem").filter({ hasText: other }).getByRole("button", { name: words.key.use }).click();
    if (scripts) await page.getByRole("button", { name: words.key.submit }).click();
    await page.getByRole("button", { name: words.review.submit, exact: true }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(words.done.title);
    expect((await ledger(somebody)).keys).toEqual([{ state: "redeemed", hint: other!.slice(-5) }]);
  });

  const refused: { what: string; typed: (key: string) => string; says: { en: RegExp; fr: RegExp } }[] = [
    { what: "nothing", typed: () => "", says: { en: /Enter the product key/, fr: /Saisissez la clé/ } },
    {
      what: "three mistyped characters",
      typed: (key) => mistyped(key, [3, 12, 17]),
      says: { en: /do not fit together/, fr: /ne vont pas ensemble/ },
    },
    {
      what: "half a key",
      typed: (key) => key.slice(0, 14),
      says: { en: /25 characters.*12/, fr: /25\scaractères.*12/ },
    },
    { what: "a partner code", typed: () => "32345-6789B-CDHD8", says: { en: /partner code/, fr: /code partenaire/ } },
    {
      what: "a serial number",
      typed: () => "SN 4006381333931",
      says: { en: /serial or order number/, fr: /numéro de série/ },
    },
  ];
  for (const { what, typed, says } of refused) {
    test(`${what} is told from a product key, and stays in the field`, async ({ page, words, key }) => {
      const text = typed(await key());
      await page.goto("/home/setup/key");
      await page.getByLabel(words.key.field).fill(text);
      await page.getByRole("button", { name: words.key.submit }).click();
      await expectFault(page, words, text, says[lang]);
      await expect(page.getByRole("button", { name: words.key.use })).toHaveCount(0);
    });
  }
});

test("the same slip sent twice is announced twice", async ({ page, words }) => {
  await page.goto("/home/setup/key");
  await page.getByRole("button", { name: words.key.submit }).click();
  const summary = page.getByRole("alert").filter({ has: page.getByRole("link") });
  await expect(summary).toBeFocused();
  await page.getByLabel(words.key.field).focus();
  await page.keyboard.press("Enter");
  await expect(summary).toBeFocused();
});
