import { type Locator, type Page } from "@playwright/test";
import { expect, test } from "./fixtures";

/** Presses Tab until the control has the focus. */
async function tabTo(page: Page, control: Locator): Promise<void> {
  for (let pressed = 0; pressed < 40; pressed++) {
    if (await control.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press("Tab");
    // The focus must be visible on every control on the way.
    const focused = page.locator(":focus");
    if ((await focused.count()) === 0) continue;
    // The key's field shows it on the box that it shares with its groups.
    const isVisible = await focused.evaluate((element) =>
      [element, element.parentElement!].some((each) => {
        const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(each);
        return (outlineStyle !== "none" && outlineWidth !== "0px") || boxShadow !== "none";
      }),
    );
    expect(isVisible, `the focus on ${await focused.evaluate((element) => element.outerHTML)} can be seen`).toBe(true);
  }
  throw new Error(`Tab does not lead to ${control}`);
}

test("the whole path from the first page to a set-up device works with the keyboard alone", async ({
  page,
  words,
  key,
  ledger,
  network,
}) => {
  const printed = await key();
  const email = `tasten.${network}@example.org`;
  const heading = page.getByRole("heading", { level: 1 });
  const press = async (control: Locator, key = "Enter") => {
    await tabTo(page, control);
    await page.keyboard.press(key);
  };
  const type = async (label: string, text: string) => {
    await tabTo(page, page.getByLabel(label, { exact: true }));
    await page.keyboard.type(text);
  };

  await page.goto("/home/setup");
  await press(page.getByRole("link", { name: words.skip }));
  await expect(page.getByRole("main")).toBeFocused();
  await press(page.getByRole("link", { name: words.setup.createAccount }));
  await expect(heading).toHaveText(words.create.title);

  await press(page.getByRole("button", { name: words.create.submit }));
  const summary = page.getByRole("alert").filter({ has: page.getByRole("link") });
  await expect(summary).toBeFocused();
  await press(summary.getByRole("link").first());
  await expect(page.getByLabel(words.create.name, { exact: true })).toBeFocused();
  await page.keyboard.type("Tara");
  await type(words.create.email, email);
  await type(words.create.password, "vergers et lanternes 61");
  await tabTo(page, page.getByLabel(words.create.country));
  await page.keyboard.type("Fra");
  await press(page.getByRole("button", { name: words.create.submit }));

  await expect(page).toHaveURL("/home/setup/key");
  await type(words.key.field, printed);
  await page.keyboard.press("Enter");
  await expect(heading).toHaveText(words.review.title);
  await press(page.getByRole("button", { name: words.review.submit, exact: true }), "Space");
  await expect(heading).toHaveText(words.done.title);
  await press(page.getByRole("link", { name: words.done.setUp }));
  await expect(heading).toHaveText(words.device.title);
  expect(await ledger({ email })).toMatchObject({ country: "FR", keys: [{ state: "redeemed" }] });
});

test("Enter in the field submits the key as typed and accepts no correction", async ({ page, words, key }) => {
  const printed = await key();
  const typed = printed.slice(0, -1) + (printed.endsWith("X") ? "Y" : "X");
  await page.goto("/home/setup/key");
  await page.getByLabel(words.key.field).fill(typed);
  await expect(page.getByRole("button", { name: words.key.use })).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("alert").filter({ has: page.getByRole("link") })).toBeFocused();
  await expect(page.getByLabel(words.key.field)).toHaveValue(typed);
});
