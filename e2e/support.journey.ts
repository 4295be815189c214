import { expect, test as base } from "./fixtures";
import { test } from "./own-server";

const pages = {
  SUPPORT_URL: "https://help.example.org/",
  PRIVACY_URL: "https://example.org/privacy",
  TERMS_URL: "https://example.org/terms",
};

test.describe("a site whose owner has these pages", () => {
  test.use({ settings: pages });
  test("links to them from the footer of every page", async ({ page, says }) => {
    await page.goto("/sign-in");
    const footer = page.getByRole("contentinfo");
    await expect(footer.getByRole("link", { name: says.footer.support })).toHaveAttribute("href", pages.SUPPORT_URL);
    await expect(footer.getByRole("link", { name: says.footer.privacy })).toHaveAttribute("href", pages.PRIVACY_URL);
    await expect(footer.getByRole("link", { name: says.footer.terms })).toHaveAttribute("href", pages.TERMS_URL);
  });
});

base("a site without them promises none", async ({ page, says, signedIn, verified, key }) => {
  await signedIn();
  await page.goto(await verified(await key({ regions: ["CA"] })));
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(says.refusal.region.title);
  await expect(page.locator("body")).not.toContainText(/support/i);
});
