import { inWords, monthsLater } from "./dates";
import { expect, test } from "./fixtures";
import { across, withAndWithoutScripts } from "./ways";

across(withAndWithoutScripts, ({ lang }) => {
  test("the front page shows what protects the person and until when, and leads to the next step", async ({
    page,
    words,
    signedIn,
    redeemed,
  }) => {
    const somebody = await signedIn();
    await page.goto("/home/setup");
    await expect(page.getByRole("main").getByRole("link").first()).toHaveAccessibleName(words.setup.enterNewKey);
    await redeemed(somebody, { months: 12 });
    await page.reload();
    const main = page.getByRole("main");
    await expect(main).toContainText("Norton 360 Deluxe");
    await expect(main).toContainText(inWords(monthsLater(new Date(), 12), lang));
    await main.getByRole("link").first().click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(words.device.title);
  });

  test("the device page ticks only what is done, and leads to what is missing", async ({
    page,
    words,
    says,
    signedIn,
    redeemed,
    kept,
  }) => {
    const done = page.getByRole("main").getByRole("listitem").filter({ hasText: says.steps.done });
    await page.goto("/home/setup/device");
    await expect(page.getByRole("main")).toContainText(says.device.signedOut);
    await expect(done).toHaveCount(0);

    const somebody = await signedIn();
    await page.reload();
    await expect(done).toHaveCount(1);
    await page.getByRole("link", { name: says.device.noSubscription.action }).click();
    await expect(page.getByLabel(words.key.field)).toBeVisible();

    await redeemed(somebody, { months: 1 }, monthsLater(new Date(), -2));
    await page.goto("/home/setup/device");
    await expect(page.getByText(says.device.notRunning.title)).toBeVisible();
    await kept(somebody);
    await page.reload();
    await expect(page.getByText(says.device.onlyKept.title)).toBeVisible();
    await expect(done).toHaveCount(1);

    await redeemed(somebody);
    await page.goto("/home/setup/device");
    await expect(done).toHaveCount(3);
    await expect(page.getByRole("main")).toContainText(somebody.email);
  });

  test("every public page describes itself", async ({ page }) => {
    for (const path of [
      "/home/setup",
      "/home/setup/key",
      "/home/setup/device",
      "/sign-in",
      "/create-account",
      "/help/find-your-key",
    ]) {
      await page.goto(path);
      await expect(page.locator("head meta[name=description]"), path).toHaveAttribute("content", /^.{20,}$/);
    }
  });

  test("on the way to a key, an account and none are equal choices, and both lead on to it", async ({
    page,
    words,
    says,
  }) => {
    await page.goto("/home/setup");
    await page.getByRole("link", { name: words.setup.enterKey }).click();
    const choices = page.getByRole("navigation", { name: says.signIn.fork.label });
    await expect(choices.getByRole("link", { name: says.signIn.fork.have })).toHaveAttribute("aria-current", "page");
    await choices.getByRole("link", { name: says.signIn.fork.new }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(words.create.title);
    await choices.getByRole("link", { name: says.signIn.fork.have }).click();
    await expect(page).toHaveURL("/sign-in?next=%2Fhome%2Fsetup%2Fkey");
  });

  test("the header names the whole address and signs out from any page", async ({
    page,
    words,
    says,
    signedIn,
    rows,
  }) => {
    const somebody = await signedIn();
    await page.goto("/home/setup/device");
    const header = page.getByRole("banner");
    await expect(header.getByRole("link", { name: says.header.account })).toContainText(somebody.email);
    const box = await header.getByText(somebody.email).boundingBox();
    expect(box!.x + box!.width).toBeLessThanOrEqual(page.viewportSize()!.width);
    await header.getByRole("button", { name: words.account.signOut }).click();
    await expect(page.getByText(says.signIn.signedOut)).toBeVisible();
    expect(await rows("SELECT 1 FROM session WHERE account_id = $1 AND revoked_at IS NULL", [somebody.id])).toEqual([]);
  });
});

test("a key in the fragment of the printed address is taken to the key page", async ({ page, words, key }) => {
  const printed = await key();
  await page.goto(`/home/setup#${printed}`);
  await expect(page.getByLabel(words.key.field)).toHaveValue(printed);
  await expect(page).toHaveURL("/home/setup/key");
});

for (const lang of ["en", "fr"] as const) {
  test.describe(lang, () => {
    test.use({ lang, viewport: { width: 390, height: 844 } });
    test("the steps stand on one line of a phone, and the main button within its first screen", async ({
      page,
      words,
      signedIn,
      verified,
      key,
    }) => {
      await signedIn();
      await page.goto(await verified(await key()));
      const steps = page.getByRole("main").getByRole("list").first().getByRole("listitem");
      await expect(steps).toHaveCount(4);
      const tops = await steps.evaluateAll((all) => all.map((step) => Math.round(step.getBoundingClientRect().top)));
      expect(new Set(tops).size).toBe(1);

      await page.getByRole("button", { name: words.review.submit, exact: true }).click();
      const next = page.getByRole("link", { name: words.done.setUp });
      await expect(next).toBeVisible();
      const box = (await next.boundingBox())!;
      expect(box.y + box.height).toBeLessThanOrEqual(844);
    });
  });
}
