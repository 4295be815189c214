import { findViolations } from "./axe";
import { type Page } from "@playwright/test";
import { expect } from "./fixtures";
import { test } from "./own-server";
import type { Words } from "./words";

const heading = (page: Page) => page.getByRole("heading", { level: 1 });

/** Creates an account and opens the review page of its key. */
async function reachReview(page: Page, words: Words, key: string): Promise<void> {
  await page.goto("/create-account");
  await page.getByLabel(words.create.name, { exact: true }).fill("Noé Carpentier");
  await page.getByLabel(words.create.email).fill("noe.carpentier@example.org");
  await page.getByLabel(words.create.password, { exact: true }).fill("vergers et lanternes 61");
  await page.getByLabel(words.create.country).selectOption("FR");
  await page.getByRole("button", { name: words.create.submit }).click();
  await page.getByLabel(words.key.field).fill(key);
  await page.getByRole("button", { name: words.key.submit }).click();
  await expect(heading(page)).toHaveText(words.review.title);
}

for (const scripts of [true, false]) {
  test.describe(scripts ? "with scripts" : "without scripts", () => {
    test.use({ javaScriptEnabled: scripts, lang: scripts ? "en" : "fr" });

    test("during a database outage every page says so, and nobody is signed out or loses a key", async ({
      page,
      own,
      words,
      says,
    }) => {
      await reachReview(page, words, await own.key());
      const review = new URL(page.url());

      await own.line.cut();
      await page.getByRole("button", { name: words.review.submit, exact: true }).click();
      await expect(heading(page)).toHaveText(says.unavailable.title);
      expect(new URL(page.url()).pathname).toBe("/unavailable");

      const answer = await page.goto("/home/subscriptions");
      expect(answer!.status()).toBe(503);
      expect(answer!.headers()["retry-after"]).toMatch(/^\d+$/);
      expect(answer!.headers()["cache-control"]).toContain("no-store");
      await expect(heading(page)).toHaveText(says.unavailable.title);
      const retry = page.getByRole("link", { name: says.unavailable.retry });
      await expect(retry).toHaveAttribute("href", "/home/subscriptions");

      await own.line.mend();
      await retry.click();
      await expect(heading(page)).toHaveText(words.subscriptions.title);
      expect(await own.run("SELECT 1 FROM product_key WHERE state <> 'issued'")).toEqual([]);

      await page.goto(review.pathname + review.search);
      await page.getByRole("button", { name: words.review.submit, exact: true }).click();
      await expect(heading(page)).toHaveText(words.done.title);
    });

    test("sign-in during a database outage is not reported as a wrong password", async ({ page, own, words, says }) => {
      await page.goto("/sign-in");
      await own.line.cut();
      await page.getByLabel(words.signIn.email).fill("noe.carpentier@example.org");
      await page.getByLabel(words.signIn.password, { exact: true }).fill("vergers et lanternes 61");
      await page.getByRole("button", { name: words.signIn.submit, exact: true }).click();
      await expect(heading(page)).toHaveText(says.unavailable.title);
    });
  });
}

test("pages that need no account work during a database outage", async ({ page, own, words }) => {
  await own.line.cut();
  for (const [path, title] of [
    ["/home/setup", words.setup.title],
    ["/help/find-your-key", words.findKey.title],
    ["/sign-in", words.signIn.title],
  ]) {
    const answer = await page.goto(path!);
    expect(answer!.status(), path).toBe(200);
    await expect(heading(page)).toHaveText(title!);
  }
});

test("during a database outage the process is live but not ready, and certificates say so", async ({ page, own }) => {
  const status = async (path: string) => (await page.request.get(path)).status();
  expect([await status("/healthz"), await status("/readyz")]).toEqual([200, 200]);
  await own.line.cut();
  await expect.poll(() => status("/readyz")).toBe(503);
  expect(await status("/healthz")).toBe(200);
  expect(await status("/certificates/00000000-0000-4000-8000-000000000000")).toBe(503);
  const keys = await page.request.get("/.well-known/jwks.json");
  expect([keys.status(), keys.headers()["content-type"]]).toEqual([503, "application/problem+json"]);
  await own.line.mend();
  await expect.poll(() => status("/readyz")).toBe(200);
});

test.describe("a bug in the program", () => {
  // React reports only that something failed, without details.
  test.use({ expectedFaults: [/digest|Server Components render|React error #441/] });

  test("shows a page with a way on and a reference found in the log", async ({ page, own, words, says }) => {
    await reachReview(page, words, await own.key());
    await own.run("ALTER TABLE subscription RENAME TO subscription_away");

    const answer = await page.goto("/home/subscriptions");
    expect(answer!.status()).toBe(500);
    await expect(heading(page)).toHaveText("Something went wrong");
    const reference = await page.getByRole("code").innerText();
    expect(await own.log()).toContain(reference);
    expect(await page.content()).not.toContain("subscription_away");
    expect((await findViolations(page)).violations).toEqual([]);

    await own.run("ALTER TABLE subscription_away RENAME TO subscription");
    await page.getByRole("button", { name: "Try again" }).click();
    await expect(heading(page)).toHaveText(words.subscriptions.title);
    await expect(page.getByText(says.subscriptions.empty.title)).toBeVisible();
  });

  for (const scripts of [true, false]) {
    test.describe(scripts ? "with scripts" : "without scripts", () => {
      test.use({ javaScriptEnabled: scripts });
      test("during activation spends nothing", async ({ page, own, words }) => {
        await reachReview(page, words, await own.key());
        const review = page.url();
        await own.run("ALTER TABLE grant_entry ADD CONSTRAINT broken CHECK (months < 0)");
        await page.getByRole("button", { name: words.review.submit, exact: true }).click();
        await expect(heading(page)).toHaveText("Something went wrong");
        expect(await own.run("SELECT 1 FROM product_key WHERE state <> 'issued'")).toEqual([]);
        expect(await own.run("SELECT 1 FROM subscription")).toEqual([]);

        await own.run("ALTER TABLE grant_entry DROP CONSTRAINT broken");
        await page.goto(review);
        await page.getByRole("button", { name: words.review.submit, exact: true }).click();
        await expect(heading(page)).toHaveText(words.done.title);
      });
    });
  }
});
