import { expect, test } from "./fixtures";
import { across, withAndWithoutScripts } from "./ways";

across(withAndWithoutScripts, () => {
  for (const path of ["/nothing/here", "/home/setup/done/not-an-id", "/home/../etc/passwd"]) {
    test(`an unknown URL shows a not-found page with a way on: ${path}`, async ({ page, words, signedIn }) => {
      await signedIn();
      const answer = await page.goto(path);
      expect(answer!.status()).toBe(404);
      await expect(page.getByRole("heading", { level: 1 })).toHaveText(words.notFound.title);
      await page.getByRole("main").getByRole("link", { name: words.findKey.title }).click();
      await expect(page.getByRole("heading", { level: 1 })).toHaveText(words.findKey.title);
    });
  }
});

test("a request under another host name is redirected to the site's own address", async ({ page, words, baseURL }) => {
  await page.goto(`${baseURL!.replace("localhost", "127.0.0.1")}/help/find-your-key?lang=en`);
  await expect(page).toHaveURL(`${baseURL}/help/find-your-key?lang=en`);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(words.findKey.title);
});
