import { type Page } from "@playwright/test";
import { expect, test, type Person } from "./fixtures";
import { across, withAndWithoutScripts } from "./ways";
import type { Words } from "./words";

const heading = (page: Page) => page.getByRole("heading", { level: 1 });

async function fillIn(page: Page, words: Words, email: string, password: string): Promise<void> {
  await page.getByLabel(words.signIn.email).fill(email);
  await page.getByLabel(words.signIn.password, { exact: true }).fill(password);
  await page.getByRole("button", { name: words.signIn.submit, exact: true }).click();
}

across(withAndWithoutScripts, ({ lang, scripts }) => {
  test("a wrong password and an unknown address get the same response, and the address stays filled in", async ({
    page,
    words,
    says,
    person,
    ledger,
  }) => {
    const somebody = await person();
    const answers: string[] = [];
    for (const email of [somebody.email, "nobody.at.all@example.org"]) {
      await page.goto("/sign-in");
      await fillIn(page, words, email, "not the password");
      await expect(page.getByRole("alert").filter({ hasText: /./ })).toBeVisible();
      await expect(page).toHaveTitle(words.faultTitle);
      await expect(page.getByLabel(words.signIn.email)).toHaveValue(email);
      answers.push(await page.getByRole("alert").filter({ hasText: /./ }).innerText());
    }
    expect(answers[0]).toContain(says.errors.credentials.wrong);
    expect(answers[1]).toBe(answers[0]);
    expect((await ledger(somebody)).events.map(({ action }) => action)).toEqual(["session.refused"]);
  });

  test("after five wrong passwords the page says how long to wait, whatever is typed", async ({
    page,
    words,
    says,
    person,
    ledger,
  }) => {
    const somebody = await person();
    await page.goto("/sign-in");
    for (let time = 0; time < 5; time++) {
      await fillIn(page, words, somebody.email, `not the password ${time}`);
      await expect(page.getByRole("alert").filter({ hasText: says.errors.credentials.wrong })).toBeVisible();
      // Tells the next response from this one.
      await page.goto("/sign-in");
    }
    await fillIn(page, words, somebody.email.toUpperCase(), somebody.password);
    await expect(page.getByRole("alert").filter({ hasText: /./ })).toContainText(
      lang === "fr" ? /réessayer dans \d+\ssecondes?/ : /try again in \d+ seconds?/,
    );
    const actions = (await ledger(somebody)).events.map(({ action }) => action);
    expect(actions).toEqual([...Array<string>(5).fill("session.refused"), "session.locked"]);

    // Once the lock ends, the right password signs in.
    await expect(async () => {
      await fillIn(page, words, somebody.email, somebody.password);
      await expect(heading(page)).toHaveText(words.setup.title, { timeout: 1_000 });
    }).toPass();
  });

  test("each empty field gets an error and a link to it", async ({ page, words }) => {
    await page.goto("/sign-in");
    await page.getByRole("button", { name: words.signIn.submit, exact: true }).click();
    const summary = page.getByRole("alert").filter({ has: page.getByRole("link") });
    await expect(summary.getByRole("link")).toHaveCount(2);
    await summary.getByRole("link").first().click();
    await expect(page).toHaveURL(/#email$/);
    await expect(page.getByLabel(words.signIn.email)).toHaveAccessibleDescription(/./);
  });

  test("signing out ends the session for good, and Back shows nothing private (S02, S36)", async ({
    page,
    context,
    words,
    says,
    signedIn,
    redeemed,
    ledger,
    otherBrowser,
  }) => {
    const somebody = await signedIn();
    const printed = await redeemed(somebody);
    await page.goto("/home/subscriptions");
    await page.getByRole("button", { name: words.subscriptions.show }).click();
    await expect(page.getByText(printed)).toBeVisible();
    const stolen = (await context.cookies()).find(({ name }) => name === "session")!;

    await page.goto("/home/account");
    await page.getByRole("button", { name: words.account.signOut }).click();
    await expect(page).toHaveURL(/\/home\/setup/);
    await expect(page.getByText(says.signIn.signedOut)).toBeVisible();
    expect((await context.cookies()).map(({ name }) => name)).not.toContain("session");
    expect((await ledger(somebody)).events.at(-1)!.action).toBe("session.ended");

    await page.goBack();
    await expect(heading(page)).toHaveText(words.signIn.title);
    // Without JavaScript the previous page was a form's response, and the browser asks before it sends the form again.
    if (scripts) {
      await page.goBack();
      await expect(heading(page)).toHaveText(words.signIn.title);
    }
    for (const secret of [printed, somebody.email]) expect(await page.content()).not.toContain(secret);

    const thief = await otherBrowser();
    await thief.context().addCookies([stolen]);
    await thief.goto("/home/subscriptions");
    await expect(heading(thief)).toHaveText(words.signIn.title);
  });
});

test("signing in, or creating an account instead, leads on to the requested page", async ({ page, words, person }) => {
  const somebody = await person();
  await page.goto("/home/account");
  await expect(page).toHaveURL("/sign-in?next=%2Fhome%2Faccount");
  await page.getByRole("main").getByRole("link", { name: words.create.title }).click();
  await expect(page).toHaveURL("/create-account?next=%2Fhome%2Faccount");
  await page.getByRole("main").getByRole("link", { name: words.signIn.title, exact: true }).click();
  await fillIn(page, words, somebody.email, somebody.password);
  await expect(heading(page)).toHaveText(words.account.title);
});

for (const elsewhere of [
  "//evil.example",
  "/\\evil.example",
  "https://evil.example/",
  "/%09/evil.example",
  "javascript:alert(1)",
]) {
  test(`signing in never leads to another site: ${elsewhere}`, async ({ page, words, person, baseURL }) => {
    const somebody = await person();
    await page.goto(`/sign-in?next=${encodeURIComponent(elsewhere)}`);
    await fillIn(page, words, somebody.email, somebody.password);
    await expect(page.getByRole("link", { name: somebody.email })).toBeVisible();
    expect(new URL(page.url()).origin).toBe(baseURL);
  });
}

test("sign-in skips its form for a signed-in person, unless they switch accounts", async ({
  page,
  words,
  person,
  signedIn,
  rows,
}) => {
  const [first, second]: Person[] = [await signedIn(), await person()];
  await page.goto("/sign-in");
  await expect(heading(page)).toHaveText(words.setup.title);

  await page.goto("/home/setup/key");
  await page.getByRole("link", { name: words.review.switchAccount }).click();
  await fillIn(page, words, second!.email, second!.password);
  await expect(page.getByLabel(words.key.field)).toBeVisible();
  await expect(page.getByRole("main")).toContainText(second!.email);
  // The previous session is ended, not only forgotten by the browser.
  const live = await rows("SELECT 1 FROM session WHERE account_id = $1 AND revoked_at IS NULL", [first!.id]);
  expect(live).toEqual([]);
});

test("a password can be shown while typing, and is hidden again when sent", async ({ page, words }) => {
  await page.goto("/sign-in");
  const password = page.getByLabel(words.signIn.password, { exact: true });
  await password.fill("lantern orchard");
  await page.getByRole("button", { name: "Show password" }).click();
  await expect(password).toHaveAttribute("type", "text");
  await page.getByRole("button", { name: words.signIn.submit, exact: true }).click();
  await expect(password).toHaveAttribute("type", "password");
});

test("private pages are never cached, and the session cookie is HttpOnly and SameSite", async ({
  page,
  signedIn,
  context,
}) => {
  await signedIn();
  const answer = await page.goto("/home/subscriptions");
  expect(answer!.headers()["cache-control"]).toContain("no-store");
  const [cookie] = (await context.cookies()).filter(({ name }) => name === "session");
  expect(cookie).toMatchObject({ httpOnly: true, sameSite: "Lax", path: "/" });
});
