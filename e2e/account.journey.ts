import { expect, test } from "./fixtures";
import { across, withAndWithoutScripts } from "./ways";

across(withAndWithoutScripts, ({ lang }) => {
  test("a person changes what they are called; a name that cannot be is said so and kept", async ({
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
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(words.account.title);
    await expect(page.getByRole("main")).toContainText(somebody.email);
    await expect(page.getByRole("main")).toContainText("France");

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
    await expect(page.getByText(words.account.saved, { exact: true })).toBeVisible();
    await expect(page).not.toHaveTitle(words.faultTitle);
    expect(await stored()).toBe("Camille O’Neill-Łuków 🙂");
    await page.reload();
    await expect(name).toHaveValue("Camille O’Neill-Łuków 🙂");
    expect((await ledger(somebody)).events.map(({ action }) => action)).toEqual(["account.name-changed"]);
  });

  test("a person changes the language of the account", async ({ page, signedIn, ledger }) => {
    const somebody = await signedIn();
    const [other, name] = lang === "fr" ? (["en", "English"] as const) : (["fr", "Français"] as const);
    await page.goto("/home/account");
    await page.getByRole("main").getByRole("link", { name }).click();
    await expect(page.locator("html")).toHaveAttribute("lang", other);
    await expect(async () => {
      expect((await ledger(somebody)).locale).toBe(other);
    }).toPass();
  });
});
