import { voidKey } from "@/lib/licence/void-key";
import { inWords, monthsLater, nights } from "./dates";
import { containing, expect, test } from "./fixtures";
import { across, withAndWithoutScripts } from "./ways";

across(withAndWithoutScripts, ({ lang, scripts }) => {
  test("without a subscription, the page shows three ways to get one", async ({ page, words, signedIn }) => {
    const somebody = await signedIn();
    await page.goto("/home/subscriptions");
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(words.subscriptions.title);
    await expect(page.getByRole("main").getByRole("heading", { level: 3 })).toHaveCount(3);
    await expect(page.getByRole("main")).toContainText(somebody.email);
    await page.getByRole("link", { name: words.setup.enterKey }).click();
    await expect(page.getByLabel(words.key.field)).toBeVisible();
  });

  test("a key is shown only to its owner, and only on request", async ({ page, words, signedIn, redeemed, ledger }) => {
    const somebody = await signedIn();
    const printed = await redeemed(somebody);
    await page.goto("/home/subscriptions");
    await expect(page.getByText(`•••••-•••••-•••••-•••••-${printed.slice(-5)}`)).toBeVisible();
    expect(await page.content()).not.toContain(printed.slice(0, 11));
    expect(await page.content()).not.toContain(printed.replaceAll("-", "").slice(0, 10));

    await page.getByRole("button", { name: words.subscriptions.show }).click();
    await expect(page.getByRole("code")).toHaveText(printed);
    expect((await ledger(somebody)).events.map(({ action }) => action)).toEqual(["key.redeemed", "key.shown"]);
    if (!scripts) return;

    await page.getByRole("button", { name: words.subscriptions.hide }).press("Enter");
    await expect(page.getByRole("code")).toHaveCount(0);
    await expect(page.getByRole("button", { name: words.subscriptions.show })).toBeFocused();
    await page.getByRole("button", { name: words.subscriptions.show }).press("Enter");
    await expect(page.getByRole("code")).toHaveText(printed);
    await expect(page.getByRole("button", { name: words.subscriptions.hide })).toBeFocused();
  });

  test("more than three keys and more than five lines fold, and a folded key can be shown too (F12)", async ({
    page,
    words,
    says,
    signedIn,
    redeemed,
  }) => {
    const somebody = await signedIn();
    const first = await redeemed(somebody, { months: 1 });
    for (let more = 0; more < 6; more++) await redeemed(somebody, { months: 1 });
    await page.goto("/home/subscriptions");
    const linesOf = (name: string) => page.getByRole("group", { name }).getByRole("listitem").filter({ visible: true });
    const { keys, ledger } = says.subscriptions;
    await expect(linesOf(keys)).toHaveCount(3);
    await page.getByText(lang === "fr" ? "4 clés précédentes" : "4 earlier keys").click();
    await expect(linesOf(keys)).toHaveCount(7);
    await expect(linesOf(ledger.title)).toHaveCount(5);
    await page.getByText(lang === "fr" ? "2 lignes précédentes" : "2 earlier lines").click();
    await expect(linesOf(ledger.title)).toHaveCount(7);
    const row = linesOf(keys).filter({ hasText: first.slice(-5) });
    await row.getByRole("button", { name: words.subscriptions.show }).click();
    await expect(page.getByRole("code")).toHaveText(first);
    await expect(page.getByRole("code")).toBeVisible();
  });

  test("more than 15 minutes after sign-in, showing a key requires the password", async ({
    page,
    context,
    words,
    says,
    signedIn,
    redeemed,
    rows,
    ledger,
  }) => {
    const somebody = await signedIn();
    const printed = await redeemed(somebody);
    const cookie = async () => (await context.cookies()).find(({ name }) => name === "session")!.value;
    const before = await cookie();
    await rows("UPDATE session SET authenticated_at = now() - interval '16 minutes' WHERE account_id = $1", [
      somebody.id,
    ]);

    await page.goto("/home/subscriptions");
    await page.getByRole("button", { name: words.subscriptions.show }).click();
    // Without JavaScript the page says so beside the key and links to the password page.
    if (!scripts) await page.getByRole("main").getByRole("link", { name: words.confirm.title }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(words.confirm.title);
    await expect(page.getByRole("main")).toContainText(somebody.email);

    const password = page.getByLabel(words.signIn.password, { exact: true });
    await password.fill("not the password");
    await page.getByRole("button", { name: words.confirm.submit, exact: true }).click();
    await expect(page).toHaveTitle(words.faultTitle);
    await expect(password).toHaveAccessibleDescription(containing(says.errors.password.wrong));
    expect((await ledger(somebody)).events.map(({ action }) => action)).not.toContain("key.shown");

    await password.fill(somebody.password);
    await page.getByRole("button", { name: words.confirm.submit, exact: true }).click();
    if (!scripts) {
      await expect(page.getByText(says.subscriptions.key.confirmed)).toBeVisible();
      await page.getByRole("button", { name: words.subscriptions.show }).click();
    }
    await expect(page.getByRole("code")).toHaveText(printed);
    if (scripts) {
      await expect(page).toHaveURL("/home/subscriptions");
      await expect(page.getByRole("button", { name: words.subscriptions.copy })).toBeFocused();
      await page.reload();
      await expect(page.getByRole("button", { name: words.subscriptions.show })).toBeVisible();
      await expect(page.getByRole("code")).toHaveCount(0);
    }
    expect(await cookie(), "a confirmed session has a new reference").not.toBe(before);
  });

  test("each subscription shows its state, its end and the origin of each day", async ({
    page,
    words,
    says,
    signedIn,
    redeemed,
  }) => {
    const somebody = await signedIn();
    const now = new Date();
    const [running, over] = [monthsLater(now, -2), monthsLater(now, -14)];
    const deluxe = await redeemed(somebody, { product: "norton-360-deluxe", months: 12 }, running);
    const standard = await redeemed(somebody, { product: "norton-360-standard", months: 12 }, over);

    await page.goto("/home/subscriptions");
    const cards = page.getByRole("article");
    await expect(cards).toHaveCount(2);
    await expect(cards.nth(0)).toContainText("Norton 360 Deluxe");
    await expect(cards.nth(1)).toContainText("Norton 360 Standard");

    const [active, ended] = [cards.nth(0), cards.nth(1)];
    await expect(active).toContainText(says.subscriptions.active);
    await expect(active).toContainText(inWords(monthsLater(running, 12), lang));
    await expect(active).toContainText(
      new RegExp(`${nights(now, monthsLater(running, 12))}\\s${lang === "fr" ? "jours" : "days"}`),
    );
    await expect(active).toContainText(inWords(running, lang));
    await expect(active).toContainText(deluxe.slice(-5));
    await expect(active).toContainText(lang === "fr" ? /5\sappareils/ : /5 devices/);

    await expect(ended).toContainText(says.subscriptions.ended);
    await expect(ended).toContainText(inWords(monthsLater(over, 12), lang));
    await ended.getByRole("button", { name: words.subscriptions.show }).click();
    await expect(page.getByRole("code")).toHaveText(standard);
  });

  test("running, kept and ended stand apart, and the ledger tells what each day gave and took, the newest first", async ({
    page,
    words,
    says,
    signedIn,
    redeemed,
    kept,
    ledger,
  }) => {
    const somebody = await signedIn();
    const now = new Date();
    const [began, withdrawnAt] = [monthsLater(now, -3), monthsLater(now, -1)];
    const first = await redeemed(somebody, { months: 12 }, began);
    const second = await redeemed(somebody, { months: 24 }, monthsLater(now, -2));
    await kept(somebody);
    await redeemed(somebody, { product: "norton-360-standard", months: 1 }, began);
    const context = { now: withdrawnAt, lookupSecret: process.env.LOOKUP_SECRET! };
    await voidKey({ key: first.replaceAll("-", ""), reason: "refunded" }, context);

    await page.goto("/home/subscriptions");
    const { activeTitle, endedTitle } = says.subscriptions;
    const groups = page.getByRole("main").getByRole("heading", { level: 2 });
    await expect(groups).toHaveText([activeTitle, words.subscriptions.kept, endedTitle]);
    const [active] = await page.getByRole("region", { name: activeTitle }).getByRole("article").all();
    const lines = active!.getByRole("group", { name: says.subscriptions.ledger.title }).getByRole("listitem");
    await expect(lines).toHaveCount(3);
    const end = (await ledger(somebody)).subscriptions[0]!.endsAt;
    const [firstEnd, bothEnd] = [monthsLater(began, 12), monthsLater(began, 36)];
    const days = (from: Date, to: Date) => Math.round((to.getTime() - from.getTime()) / 86_400_000);
    const expected = [
      { at: withdrawnAt, key: first, change: `− ${days(end, bothEnd)}`, end },
      { at: monthsLater(now, -2), key: second, change: `+ ${days(firstEnd, bothEnd)}`, end: bothEnd },
      { at: began, key: first, change: `+ ${days(began, firstEnd)}`, end: firstEnd },
    ];
    for (const [index, line] of expected.entries()) {
      await expect(lines.nth(index)).toContainText(inWords(line.at, lang));
      await expect(lines.nth(index)).toContainText(line.key.slice(-5));
      await expect(lines.nth(index)).toContainText(containing(line.change));
      await expect(lines.nth(index)).toContainText(inWords(line.end, lang));
    }
  });
});

test.describe("on paper", () => {
  test.use({ colorScheme: "dark" });

  test("a subscription is printed in ink on white, with the key that is shown and every day, and without buttons", async ({
    page,
    words,
    signedIn,
    redeemed,
  }) => {
    const somebody = await signedIn();
    const lines = 6;
    for (let count = 0; count < lines; count++) await redeemed(somebody, { months: 6 });
    await page.goto("/home/subscriptions");
    const card = page.getByRole("article");
    await card.getByRole("button", { name: words.subscriptions.show }).first().click();
    await expect(page.getByRole("code")).toBeVisible();
    await page.emulateMedia({ media: "print", colorScheme: "dark" });
    await expect(page.getByRole("code")).toBeVisible();
    await expect(card.getByRole("listitem").filter({ visible: true })).toHaveCount(2 * lines);
    await expect(page.getByRole("button").filter({ visible: true })).toHaveCount(0);
    const colours = await card.evaluate((element) => {
      const { color, backgroundColor } = getComputedStyle(element);
      return { ink: color, paper: getComputedStyle(document.body).backgroundColor, sheet: backgroundColor };
    });
    expect(colours).toEqual({ ink: "rgb(23, 33, 28)", paper: "rgb(255, 255, 255)", sheet: "rgb(255, 255, 255)" });
  });
});

test.describe("copying", () => {
  test.use({ permissions: ["clipboard-read", "clipboard-write"] });
  const inClipboard = () => navigator.clipboard.readText();

  for (const lang of ["en", "fr"] as const) {
    test.describe(lang, () => {
      test.use({ lang });
      test("copies the whole key to the clipboard, says so, and does not show it", async ({
        page,
        words,
        signedIn,
        redeemed,
        ledger,
      }) => {
        const somebody = await signedIn();
        const printed = await redeemed(somebody);
        await page.goto("/home/subscriptions");
        const status = page.getByRole("article").getByRole("status");
        await expect(status).toBeAttached();
        await expect(status).toBeEmpty();
        await page.getByRole("button", { name: words.subscriptions.copy }).click();
        await expect(status).toHaveText(words.subscriptions.copied);
        expect(await page.evaluate(inClipboard)).toBe(printed);
        await expect(page.getByRole("code")).toHaveCount(0);
        expect((await ledger(somebody)).events.at(-1)!.action).toBe("key.shown");
      });
    });
  }

  test("copies the key whose button was pressed, even beside others and while it is shown", async ({
    page,
    words,
    signedIn,
    redeemed,
  }) => {
    const somebody = await signedIn();
    const keys = [await redeemed(somebody), await redeemed(somebody)];
    await page.goto("/home/subscriptions");
    for (const printed of [...keys, keys[0]!]) {
      const row = page.getByRole("listitem").filter({ hasText: printed.slice(-5), has: page.getByRole("button") });
      await row.getByRole("button", { name: words.subscriptions.copy }).click();
      await expect(row.getByRole("status")).toHaveText(words.subscriptions.copied);
      expect(await page.evaluate(inClipboard)).toBe(printed);
      await row.getByRole("button", { name: words.subscriptions.show }).or(row.getByRole("code")).first().click();
    }
  });

  test("asks for the password 15 minutes after sign-in, and copies nothing before", async ({
    page,
    words,
    signedIn,
    redeemed,
    rows,
  }) => {
    const somebody = await signedIn();
    const printed = await redeemed(somebody);
    await page.goto("/home/subscriptions");
    await page.evaluate(() => navigator.clipboard.writeText("what was there before"));
    await rows("UPDATE session SET authenticated_at = now() - interval '16 minutes' WHERE account_id = $1", [
      somebody.id,
    ]);
    await page.getByRole("button", { name: words.subscriptions.copy }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(words.confirm.title);
    expect(await page.evaluate(inClipboard)).toBe("what was there before");

    await page.getByLabel(words.signIn.password, { exact: true }).fill(somebody.password);
    await page.getByRole("button", { name: words.confirm.submit, exact: true }).click();
    await expect(page.getByRole("code")).toHaveText(printed);
    await page.getByRole("button", { name: words.subscriptions.copy }).click();
    await expect(page.getByRole("article").getByRole("status")).toHaveText(words.subscriptions.copied);
    expect(await page.evaluate(inClipboard)).toBe(printed);
  });
});

test("a browser that refuses to copy shows the key instead", async ({ page, words, signedIn, redeemed }) => {
  const printed = await redeemed(await signedIn());
  await page.addInitScript(() => {
    const refuse = () => Promise.reject(new DOMException("not here", "NotAllowedError"));
    Object.assign(navigator.clipboard, { write: refuse, writeText: refuse });
  });
  await page.goto("/home/subscriptions");
  await page.getByRole("button", { name: words.subscriptions.copy }).click();
  await expect(page.getByRole("code")).toHaveText(printed);
  await expect(page.getByRole("article").getByRole("status")).toContainText("select it and copy it yourself");
});

test.describe("without scripts", () => {
  test.use({ javaScriptEnabled: false });
  test("no button appears that could not work", async ({ page, words, signedIn, redeemed }) => {
    await redeemed(await signedIn());
    await page.goto("/home/subscriptions");
    await expect(page.getByRole("button", { name: words.subscriptions.show })).toBeVisible();
    await expect(page.getByRole("button", { name: words.subscriptions.copy })).toBeHidden();
  });
});

test("another person's subscription is shown nowhere", async ({ page, person, signedIn, redeemed, ledger, words }) => {
  const owner = await person();
  const printed = await redeemed(owner);
  const grant = (await ledger(owner)).subscriptions[0]!.grants[0]!.id;
  await signedIn();
  await page.goto("/home/subscriptions");
  await expect(page.getByRole("article")).toHaveCount(0);
  expect(await page.content()).not.toContain(printed.slice(-5));

  const answer = await page.goto(`/home/setup/done/${grant}`);
  const unknown = await page.request.get("/home/setup/done/00000000-0000-4000-8000-000000000000");
  expect(answer!.status()).toBe(404);
  expect(unknown.status()).toBe(404);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(words.notFound.title);
});
