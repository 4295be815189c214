import { type Page } from "@playwright/test";
import type en from "@/lib/messages/en.json";
import { containing, expect, test } from "./fixtures";
import { across, withAndWithoutScripts } from "./ways";
import type { Words } from "./words";

/** A printed key without hyphens. */
const symbolsOf = (printed: string) => [...printed.replaceAll("-", "")];

const printed = (symbols: string[]) => symbols.join("").replace(/.{5}(?=.)/g, "$&-");

/** Swaps two different symbols of the key. */
function swapped(key: string): { text: string; changed: string } {
  const symbols = symbolsOf(key);
  const p = symbols.findIndex((symbol, index) => index > 0 && symbol !== symbols[index + 1]);
  const [a, b] = [symbols[p]!, symbols[p + 1]!];
  symbols[p] = b;
  symbols[p + 1] = a;
  return { text: printed(symbols), changed: a + b };
}

/** Replaces the key's symbols at these positions. */
function mistyped(key: string, places: number[]): string {
  const symbols = symbolsOf(key);
  for (const place of places) symbols[place] = symbols[place] === "X" ? "Y" : "X";
  return printed(symbols);
}

/** Every response to a typing error announces it first, above and at the field, and keeps the typed text. */
async function expectFault(page: Page, words: Words, typed: string, sentence: string): Promise<void> {
  const summary = page.getByRole("alert").filter({ has: page.getByRole("link") });
  await expect(summary).toContainText(sentence);
  await expect(page).toHaveTitle(words.faultTitle);
  const field = page.getByLabel(words.key.field);
  await expect(field).toHaveValue(typed);
  await expect(field).toHaveAccessibleDescription(containing(sentence));
  await summary.getByRole("link").click();
  await expect(page).toHaveURL(/#key$/);
}

across(withAndWithoutScripts, ({ lang, scripts }) => {
  test("for two swapped characters the right key is offered, but not used unasked", async ({
    page,
    words,
    says,
    key,
    signedIn,
    rows,
  }) => {
    await signedIn();
    const right = await key();
    const { text, changed } = swapped(right);
    await page.goto("/home/setup/key");
    await page.getByLabel(words.key.field).fill(text);
    // Scripts react to each typed character, so from here on they run.
    if (scripts) await expect(page.getByText(says.key.answer.swapped)).toBeVisible();
    const requests: string[] = [];
    page.on("request", (request) => requests.push(request.url()));

    await page.getByRole("button", { name: words.key.submit }).click();
    await expectFault(page, words, text, says.key.answer.confirmSuggestion);
    await expect(page.getByText(says.key.answer.swapped)).toBeVisible();
    const offered = page.getByRole("code").filter({ hasText: right });
    await expect(offered).toBeVisible();
    expect((await offered.locator("mark").allInnerTexts()).join("").replaceAll("-", "")).toBe(changed);
    if (scripts) expect(requests).toEqual([]);

    await page.getByRole("button", { name: words.key.use }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(words.review.title);
    expect(await rows("SELECT 1 FROM product_key WHERE hint = $1", [right.slice(-5)])).toEqual([]);
  });

  if (scripts) {
    for (const slip of ["a slip", "no slip"]) {
      test(`a screen reader hears the answer to a key with ${slip} once, when typing pauses`, async ({
        page,
        words,
        says,
        key,
      }) => {
        const right = await key();
        const [text, answer] =
          slip === "a slip" ? [swapped(right).text, says.key.answer.swapped] : [right, says.key.answer.productKey];
        await page.goto("/home/setup/key");
        const live = page.getByRole("main").getByRole("status").first();
        await live.evaluate((element) => {
          const heard = new Set<string>();
          Object.assign(window, { heard });
          const listen = () => element.textContent && heard.add(element.textContent);
          new MutationObserver(listen).observe(element, { subtree: true, childList: true, characterData: true });
        });
        await page.getByLabel(words.key.field).pressSequentially(text, { delay: 80 });
        await expect(live).toContainText(answer);
        const heard = await page.evaluate(() => [...(window as unknown as { heard: Set<string> }).heard]);
        expect(heard).toEqual([expect.stringContaining(answer)]);
        if (slip === "a slip") expect(await live.ariaSnapshot()).toContain(`code: ${right}`);
      });
    }

    test("the groups of a key stand in line where no font is monospaced", async ({ page, words, key }) => {
      await page.goto("/home/setup/key");
      await page.getByLabel(words.key.field).fill(await key());
      const groups = await page.evaluate(() => {
        const echo = document.querySelector<HTMLElement>("main [aria-hidden][translate=no]")!;
        echo.querySelectorAll<HTMLElement>("*").forEach((each) => each.style.setProperty("font-family", "serif"));
        const boxes = (elements: Iterable<Element>) => [...elements].map((element) => element.getBoundingClientRect());
        const cells = [...echo.querySelectorAll("span > span")];
        return { tops: boxes(cells).map(({ top }) => top), widths: boxes(cells).map(({ width }) => width.toFixed(2)) };
      });
      expect(groups.widths).toHaveLength(25);
      expect(new Set(groups.widths).size).toBe(1);
      expect(new Set(groups.tops).size).toBe(1);
    });
  }

  const offers: { what: string; damage: (key: string) => string }[] = [
    { what: "two mistyped characters", damage: (key) => mistyped(key, [3, 17]) },
    { what: "four characters nobody can read", damage: (key) => `????${key.slice(4)}` },
    { what: "characters that never occur in a key", damage: (key) => key.replace(/^(.)../, "$1AL") },
    { what: "a missing character", damage: (key) => key.slice(0, 8) + key.slice(9) },
    { what: "a character too many", damage: (key) => `${key.slice(0, 8)}${key[8] === "Z" ? "Y" : "Z"}${key.slice(8)}` },
  ];
  for (const { what, damage } of offers) {
    test(`the key is suggested despite ${what}`, async ({ page, words, says, key, signedIn }) => {
      await signedIn();
      const right = await key();
      const typed = damage(right);
      await page.goto("/home/setup/key");
      await page.getByLabel(words.key.field).fill(typed);
      await page.getByRole("button", { name: words.key.submit }).click();

      await expectFault(page, words, typed, says.key.answer.confirmSuggestion);
      await expect(page.getByRole("code").filter({ hasText: right })).toBeVisible();
      if (/[AL]/.test(typed)) await expect(page.getByText(lang === "fr" ? /A et L/ : /A and L/)).toBeVisible();
      await page.getByRole("button", { name: words.key.use }).click();
      await expect(page.getByRole("heading", { level: 1 })).toHaveText(words.review.title);
    });
  }

  test("every key in a pasted email is offered", async ({ page, words, says, keys, signedIn, ledger }) => {
    const somebody = await signedIn();
    const [one, other] = await keys({ count: 2 });
    const smallPrint = "You receive this email because you are a customer of ours. ".repeat(500);
    const mail = `${smallPrint}Thank you for order 4711 of 12 March! Your keys: ${one} (for you), and ${other} (a gift). Your shop`;
    await page.goto("/home/setup/key");
    await page.getByLabel(words.key.field).fill(mail);
    await page.getByRole("button", { name: words.key.submit }).click();

    await expectFault(page, words, mail, says.key.answer.chooseFound);
    await expect(page.getByRole("button", { name: words.key.use })).toHaveCount(2);
    await expect(page.getByRole("code").filter({ hasText: one })).toBeVisible();
    await page.getByRole("listitem").filter({ hasText: other }).getByRole("button", { name: words.key.use }).click();
    await page.getByRole("button", { name: words.review.submit, exact: true }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(words.done.title);
    expect((await ledger(somebody)).keys).toEqual([{ state: "redeemed", hint: other!.slice(-5) }]);
  });

  test("with five unreadable characters the only fitting key is shown as a guess to compare with the card", async ({
    page,
    words,
    says,
    key,
    signedIn,
  }) => {
    await signedIn();
    const right = await key();
    await page.goto("/home/setup/key");
    await page.getByLabel(words.key.field).fill(`?????${right.slice(5)}`);
    await page.getByRole("button", { name: words.key.submit }).click();
    await expect(page.getByText(says.key.answer.guessed)).toBeVisible();
    await expect(page.getByRole("button", { name: words.key.use, exact: true })).toHaveCount(0);
    await page.getByRole("button", { name: says.key.answer.useCompared }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(words.review.title);
  });

  test("the only key of a pasted email is taken without a question", async ({ page, words, key, signedIn }) => {
    await signedIn();
    const right = await key();
    await page.goto("/home/setup/key");
    await page.getByLabel(words.key.field).fill(`Thank you for order 4711 of 12 March! Your key: ${right}. Your shop`);
    await page.getByRole("button", { name: words.key.submit }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(words.review.title);
    await expect(page.getByRole("main")).toContainText(right.slice(-5));
  });

  type Answer = (answer: (typeof en)["key"]["answer"]) => string;
  const refused: { what: string; typed: (key: string) => string; answer: Answer }[] = [
    { what: "nothing", typed: () => "", answer: ({ empty }) => empty },
    {
      what: "three mistyped characters",
      typed: (key) => mistyped(key, [3, 12, 17]),
      answer: ({ invalid }) => invalid.misread,
    },
    {
      what: "half a key",
      typed: (key) => key.slice(0, 14),
      answer: ({ invalid }) => invalid.tooShort.replace("{count}", "12"),
    },
    { what: "a serial number", typed: () => "SN 4006381333931", answer: ({ invalid }) => invalid.notAKey },
  ];
  for (const { what, typed, answer } of refused) {
    test(`${what} is recognised as no product key, and stays in the field`, async ({ page, words, says, key }) => {
      const text = typed(await key());
      await page.goto("/home/setup/key");
      await page.getByLabel(words.key.field).fill(text);
      await page.getByRole("button", { name: words.key.submit }).click();
      await expectFault(page, words, text, answer(says.key.answer));
      await expect(page.getByRole("button", { name: words.key.use })).toHaveCount(0);
    });
  }
});

test("a key that was corrected by hand takes back what was said about the error", async ({
  page,
  words,
  says,
  key,
}) => {
  const right = await key();
  await page.goto("/home/setup/key");
  const field = page.getByLabel(words.key.field);
  await field.fill(swapped(right).text);
  await page.getByRole("button", { name: words.key.submit }).click();
  const summary = page.getByRole("alert").filter({ has: page.getByRole("link") });
  await expect(summary).toBeVisible();
  await field.fill(right);
  await expect(page.getByText(says.key.answer.productKey)).toBeVisible();
  await expect(summary).toHaveCount(0);
  await expect(field).not.toHaveAttribute("aria-invalid");
  await expect(page).not.toHaveTitle(words.faultTitle);
});

test("a press on the groups is a press on the field", async ({ page, words, key }) => {
  await page.goto("/home/setup/key");
  const field = page.getByLabel(words.key.field);
  await field.pressSequentially((await key()).slice(0, 7));
  await field.blur();
  const box = (await field.boundingBox())!;
  await page.mouse.click(box.x + 60, box.y + box.height + 20);
  await expect(field).toBeFocused();
});

test("the same typing error submitted twice is announced twice", async ({ page, words }) => {
  await page.goto("/home/setup/key");
  await page.getByRole("button", { name: words.key.submit }).click();
  const summary = page.getByRole("alert").filter({ has: page.getByRole("link") });
  await expect(summary).toBeFocused();
  await page.getByLabel(words.key.field).focus();
  await page.keyboard.press("Enter");
  await expect(summary).toBeFocused();
});
