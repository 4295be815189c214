import { inWords, monthsLater } from "./dates";
import { expect, test } from "./fixtures";
import { across, withAndWithoutScripts } from "./ways";

across(withAndWithoutScripts, ({ lang }) => {
  test("the keys of a pasted email are checked together, activated in one go, and each is accounted for", async ({
    page,
    words,
    says,
    keys,
    person,
    signedIn,
    redeemed,
    ledger,
  }) => {
    const printed = await keys({ count: 3, months: 6 });
    const used = await redeemed(await person());
    const somebody = await signedIn();
    await page.goto("/home/setup/key");
    await page.getByLabel(words.key.field).fill(`Your order:\n${[...printed, used].join(" and ")}\nThank you!`);
    if (lang === "fr") await page.getByRole("button", { name: words.key.submit }).click();
    await page.getByRole("button", { name: says.key.answer.useAll.replace("{count}", "4") }).click();

    await expect(page.getByRole("heading", { level: 1 })).toHaveText(says.several.title.replace("{count}", "4"));
    const main = page.getByRole("main");
    await expect(main).toContainText(says.refusal.usedByAnother.title);
    await expect(main).toContainText(somebody.email);
    for (const months of [6, 12, 18]) await expect(main).toContainText(inWords(monthsLater(new Date(), months), lang));
    const firstEnd = inWords(monthsLater(new Date(), 6), lang);
    await expect(main).toContainText(says.several.itself.replace("{date}", firstEnd));
    // Without the first key, the others end earlier: that is shown before anything is used.
    await page.getByRole("radio", { name: says.several.leave }).first().check();
    await page.getByRole("button", { name: words.review.submit, exact: true }).click();
    await expect(page.getByText(says.several.changed.title)).toBeVisible();
    expect((await ledger(somebody)).subscriptions).toEqual([]);
    await page.getByRole("button", { name: words.review.submit, exact: true }).click();

    await expect(page.getByRole("heading", { level: 1 })).toHaveText(says.several.done.title);
    const { subscriptions, keys: owned } = await ledger(somebody);
    expect(subscriptions.map(({ grants }) => grants.map(({ months }) => months))).toEqual([[6, 6]]);
    expect(owned.map(({ hint }) => hint).sort()).toEqual(
      printed
        .slice(1)
        .map((key) => key.slice(-5))
        .sort(),
    );
    await expect(main).toContainText(inWords(subscriptions[0]!.endsAt, lang));
    await expect(main.getByRole("listitem").filter({ hasText: printed[0]!.slice(-5) })).toContainText(
      says.several.notUsed,
    );
    await expect(main.getByRole("listitem").filter({ hasText: used.slice(-5) })).toContainText(
      says.refusal.usedByAnother.title,
    );
  });
});
