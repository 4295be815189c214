import type { Page } from "@playwright/test";
import { expect, test, type Person } from "./fixtures";
import { across, withAndWithoutScripts } from "./ways";
import type { Words } from "./words";

const heading = (page: Page) => page.getByRole("heading", { level: 1 });

async function signInWith(page: Page, words: Words, { email, password }: Person): Promise<void> {
  await page.getByLabel(words.signIn.email).fill(email);
  await page.getByLabel(words.signIn.password, { exact: true }).fill(password);
  await page.getByRole("button", { name: words.signIn.submit, exact: true }).click();
}

across(withAndWithoutScripts, ({ lang }) => {
  test("a person changes their name; an invalid name stays in the field with its error", async ({
    page,
    words,
    signedIn,
    rows,
    ledger,
  }) => {
    const somebody = await signedIn();
    const stored = async () =>
      (await rows<{ name: string }>("SELECT name FROM account WHERE id = $1", [somebody.id]))[0]!.name;
    await page.goto("/home/account");
    await expect(heading(page)).toHaveText(words.account.title);
    await expect(page.getByRole("main")).toContainText(somebody.email);
    await expect(page.getByRole("main")).toContainText("France");

    await page.getByRole("link", { name: words.account.changeName }).click();
    await expect(heading(page)).toHaveText(words.account.yourName);
    const name = page.getByLabel(words.account.name, { exact: true });
    const tooLong = "Anne-Marie ".repeat(12);
    await name.fill(tooLong);
    await page.getByRole("button", { name: words.account.save }).click();
    await expect(page).toHaveTitle(words.faultTitle);
    await expect(name).toHaveValue(tooLong);
    await expect(name).toHaveAccessibleDescription(/100/);
    expect(await stored()).toBe(somebody.name);

    await name.fill("Camille O’Neill-Łuków 🙂");
    await page.getByRole("button", { name: words.account.save }).click();
    await expect(heading(page)).toHaveText(words.account.title);
    await expect(page.getByText(words.account.saved, { exact: true })).toBeVisible();
    await expect(page).not.toHaveTitle(words.faultTitle);
    expect(await stored()).toBe("Camille O’Neill-Łuków 🙂");
    await expect(page.getByRole("main")).toContainText("Camille O’Neill-Łuków 🙂");
    expect((await ledger(somebody)).events.map(({ action }) => action)).toEqual(["account.name-changed"]);
  });

  test("a person changes the account's language", async ({ page, signedIn, ledger }) => {
    const somebody = await signedIn();
    const [other, name] = lang === "fr" ? (["en", "English"] as const) : (["fr", "Français"] as const);
    await page.goto("/home/account");
    await page.getByRole("main").getByRole("button", { name }).click();
    await expect(page.locator("html")).toHaveAttribute("lang", other);
    await expect(async () => {
      expect((await ledger(somebody)).locale).toBe(other);
    }).toPass();
  });

  test("a person changes country and time zone, each on its own page, and each change is recorded once", async ({
    page,
    words,
    says,
    signedIn,
    redeemed,
    rows,
    ledger,
  }) => {
    const somebody = await signedIn();
    await redeemed(somebody);
    const before = await ledger(somebody);
    const stored = async () => {
      const [row] = await rows<object>("SELECT country, time_zone FROM account WHERE id = $1", [somebody.id]);
      return row;
    };
    const save = async () => {
      await page.getByRole("button", { name: words.account.save }).click();
      await expect(heading(page)).toHaveText(words.account.title);
      await expect(page.getByText(words.account.saved, { exact: true })).toBeVisible();
    };

    await page.goto("/home/account");
    await page.getByRole("link", { name: words.account.changeCountry }).click();
    await expect(page.getByRole("main")).toContainText(says.changeCountry.hint);
    await page.getByLabel(words.create.country).selectOption("BE");
    await save();
    await expect(page.getByRole("main")).toContainText(lang === "fr" ? "Belgique" : "Belgium");

    await page.getByRole("link", { name: words.account.changeTimeZone }).click();
    const zone = page.getByLabel(says.changeTimeZone.label);
    await expect(zone).toHaveValue("Europe/Paris");
    await expect(zone).toHaveAccessibleDescription(lang === "fr" ? /heure de Paris/ : /Paris time/);
    await expect(zone.locator("optgroup").first()).toHaveAttribute("label", lang === "fr" ? "Belgique" : "Belgium");
    await zone.selectOption("Asia/Tokyo");
    await save();
    await expect(page.getByRole("main")).toContainText("Tokyo");
    await page.goto("/home/subscriptions");
    await expect(page.getByRole("article")).toContainText("Tokyo");

    expect(await stored()).toEqual({ country: "BE", time_zone: "Asia/Tokyo" });

    // Saving the same values records no event.
    await page.goto("/home/account/time-zone");
    await save();
    const after = await ledger(somebody);
    expect(after.events.slice(before.events.length).map(({ action }) => action)).toEqual([
      "account.country-changed",
      "account.time-zone-changed",
    ]);
    expect(after.subscriptions).toEqual(before.subscriptions);
  });

  test("what was typed when the session ended is restored after signing in again, only for the same person (R11)", async ({
    page,
    words,
    says,
    signedIn,
    person,
    rows,
    ledger,
  }) => {
    const [somebody, other] = [await signedIn(), await person({ name: "Otto Other" })];
    const revoke = () => rows("UPDATE session SET revoked_at = now() WHERE account_id = $1", [somebody.id]);
    const name = page.getByLabel(words.account.name, { exact: true });
    const typeAndSend = async () => {
      await name.fill("Camille Marchand-Typed");
      await revoke();
      await page.getByRole("button", { name: words.account.save }).click();
      await expect(page.getByText(says.signIn.ended)).toBeVisible();
    };

    await page.goto("/home/account/name");
    await typeAndSend();
    await signInWith(page, words, somebody);
    await expect(heading(page)).toHaveText(words.account.yourName);
    await expect(name).toHaveValue("Camille Marchand-Typed");
    await page.getByRole("button", { name: words.account.save }).click();
    await expect(page.getByText(words.account.saved, { exact: true })).toBeVisible();
    // The saved form is no longer offered.
    await rows("UPDATE account SET name = 'Camille' WHERE id = $1", [somebody.id]);
    await page.goto("/home/account/name");
    await expect(name).toHaveValue("Camille");

    await typeAndSend();
    await signInWith(page, words, other);
    await expect(heading(page)).toHaveText(words.account.yourName);
    await expect(name).toHaveValue("Otto Other");
    expect(await page.content()).not.toContain("Marchand-Typed");
    expect((await ledger(other)).events.map(({ action }) => action)).toEqual(["session.started"]);
  });

  test("a form opened for one account changes nothing after another account signs in from another tab (R10)", async ({
    page,
    context,
    words,
    enter,
    signedIn,
    person,
    rows,
    ledger,
  }) => {
    const [somebody, other] = [await signedIn(), await person({ name: "Otto Other" })];
    await page.goto("/home/account/name");
    const name = page.getByLabel(words.account.name, { exact: true });
    await name.fill("Camille’s own");
    await enter(other, context);
    await page.getByRole("button", { name: words.account.save }).click();

    await expect(page.getByRole("main")).toContainText(other.email);
    await expect(heading(page)).toHaveText(words.account.yourName);
    await expect(name).toHaveValue("Otto Other");
    const names = await rows("SELECT name FROM account WHERE id IN ($1, $2) ORDER BY name", [somebody.id, other.id]);
    expect(names).toEqual([{ name: somebody.name }, { name: "Otto Other" }]);
    for (const one of [somebody, other]) expect((await ledger(one)).events).toEqual([]);

    // The person has seen who is signed in, so the next change counts.
    await name.fill("Otto, knowingly");
    await page.getByRole("button", { name: words.account.save }).click();
    await expect(page.getByText(words.account.saved, { exact: true })).toBeVisible();
    expect((await ledger(other)).events.map(({ action }) => action)).toEqual(["account.name-changed"]);
  });
});
