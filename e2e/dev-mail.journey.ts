import { expect, test } from "./fixtures";
import { across, withAndWithoutScripts } from "./ways";

across(withAndWithoutScripts, () => {
  test("the demo shows each email as text and as HTML, and its links work", async ({
    page,
    words,
    says,
    network,
    mailOf,
  }) => {
    const heading = page.getByRole("heading", { level: 1 });
    const email = `noe.${network}@example.org`;
    await page.goto("/create-account");
    await page.getByLabel(words.create.name, { exact: true }).fill("<img src=x onerror=alert(1)>");
    await page.getByLabel(words.create.email).fill(email);
    await page.getByLabel(words.create.password, { exact: true }).fill("vergers et lanternes 61");
    await page.getByLabel(words.create.country).selectOption("FR");
    await page.getByRole("button", { name: words.create.submit }).click();
    await expect(page).toHaveURL("/home/setup/key");
    const { id, subject, link, code } = await mailOf({ email }, "confirm-address");
    expect(subject).toBe(says.mails.confirmAddress.subject);

    await page.goto("/dev/mail");
    await expect(heading).toHaveText(says.devMail.title);
    await page.getByRole("listitem").filter({ hasText: email }).getByRole("link", { name: subject }).click();
    await expect(page).toHaveURL(`/dev/mail/${id}`);
    await expect(heading).toHaveText(subject);
    await expect(page.getByText(code!)).toBeVisible();
    await expect(page.getByRole("link", { name: link, exact: true })).toHaveAttribute("href", link);

    const shown = page.frameLocator("iframe");
    await expect(shown.getByRole("heading", { level: 1 })).toHaveText(subject);
    const button = shown.getByRole("link", { name: says.mails.confirmAddress.action, exact: true });
    await expect(button).toHaveCSS("background-color", "rgb(13, 90, 66)");
    await expect(button).toHaveAttribute("href", link);
    await expect(shown.locator("img, script")).toHaveCount(0);
    await button.click();
    await expect(page).toHaveURL(link);
  });
});
