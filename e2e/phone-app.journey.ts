import type { Page } from "@playwright/test";
import { readHandoffCode } from "@/lib/account/handoff/handoff-code";
import { products } from "@/lib/brand";
import en from "@/lib/messages/en.json" with { type: "json" };
import { makeHome, runPortal } from "@/lib/testing/portal-process";
import { inWords } from "./dates";
import { expect, test, type Given, type Person } from "./fixtures";
import { given } from "./given";
import { serve } from "./security/fixtures";

/* The reference phone app: an app like any other, which uses only OAuth and the device API. */

const phones = {
  ios: "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Version/18.5 Mobile/15E148",
  android: "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36",
};
const small = { width: 390, height: 844 };

const heading = (phone: Page, name: string) => phone.getByRole("heading", { level: 1, name, exact: true });
const press = (phone: Page, name: string) => phone.getByRole("button", { name, exact: true }).click();

test.describe("in English, on an iPhone", () => {
  test("a scan signs the app in without a password, and what it shows then holds offline", async ({
    page,
    says,
    lang,
    signedIn,
    redeemed,
    otherBrowser,
    ledger,
    rows,
  }) => {
    const { phone: words } = says;
    const somebody = await signedIn();
    await redeemed(somebody);
    await page.goto("/home/setup/device");
    const code = readHandoffCode(await page.getByText(/^[0-9A-Z]{4}-[0-9A-Z]{4}$/).innerText())!;

    const phone = await otherBrowser({ userAgent: phones.ios, viewport: small });
    await phone.goto(`/d/${code}`);
    await phone.getByRole("link", { name: says.scanned.open.reference }).click();
    await phone.getByLabel(words.name.label).fill("Zoé’s phone");
    await press(phone, words.code.submit);
    const number = await phone.getByText(/^\d\d$/).innerText();
    await expect(page.getByRole("main")).toContainText(number);
    // A phone ends an app while the person looks at the computer.
    await phone.goto("/phone");
    await expect(phone.getByText(number, { exact: true })).toBeVisible();
    await page.getByRole("button", { name: says.device.handoff.yes }).click();

    await expect(heading(phone, words.subscriptions.title)).toBeVisible();
    await press(phone, words.subscriptions.next);
    await expect(heading(phone, words.protected.title)).toBeVisible();
    const { subscriptions } = await ledger(somebody);
    await expect(phone.getByRole("main")).toContainText(inWords(subscriptions[0]!.endsAt, lang));
    await expect(page.getByRole("main")).toContainText(
      says.device.handoff.title.protected.replace("{device}", "Zoé’s phone"),
    );

    await phone.evaluate(() => navigator.serviceWorker.ready.then(() => {}));
    await phone.reload();
    await expect(phone.getByText(words.protected.checkedOnline)).toBeVisible();
    await phone.context().setOffline(true);
    await phone.reload();
    await expect(heading(phone, words.protected.title)).toBeVisible();
    await expect(phone.getByText(words.protected.checkedOffline)).toBeVisible();
    // A token that somebody has changed is no proof.
    await phone.evaluate(() => {
      const kept = JSON.parse(localStorage.getItem("phone-entitlement")!) as { token: string };
      const [head, , signature] = kept.token.split(".");
      const claims = btoa(JSON.stringify({ ends: "2099-01-01T00:00:00.000Z" })).replaceAll("=", "");
      localStorage.setItem("phone-entitlement", JSON.stringify({ token: [head, claims, signature].join(".") }));
    });
    await phone.reload();
    await expect(heading(phone, words.unprotected.title)).toBeVisible();

    await phone.context().setOffline(false);
    await press(phone, words.protected.check);
    await press(phone, words.protected.release);
    await expect(heading(phone, words.unprotected.title)).toBeVisible();
    expect(
      await rows(
        "SELECT 1 FROM activation WHERE released_at IS NULL AND subscription_id IN (SELECT id FROM subscription WHERE account_id = $1)",
        [somebody.id],
      ),
    ).toEqual([]);
    await press(phone, words.unprotected.choose);
    await press(phone, words.signOut);
    await expect(phone.getByRole("button", { name: words.start.activate })).toBeVisible();
    expect(await rows("SELECT 1 FROM app_session WHERE account_id = $1 AND ended_at IS NULL", [somebody.id])).toEqual(
      [],
    );
  });

  test("when every seat is taken, one device is replaced in one press", async ({
    says,
    words: screens,
    person,
    redeemed,
    seated,
    otherBrowser,
    rows,
  }) => {
    const { phone: words } = says;
    const somebody = await person();
    await redeemed(somebody, { product: "norton-360-standard" });
    await seated(somebody, { name: "Old phone" });
    const phone = await otherBrowser({ userAgent: phones.ios, viewport: small });
    await phone.goto("/phone");
    await press(phone, words.start.activate);
    await signIn(phone, words.activate.signIn.replace("{account}", "Norton"), somebody, { screens, says });
    await press(phone, words.subscriptions.next);
    await expect(heading(phone, words.full.title)).toBeVisible();
    await expect(phone.getByRole("listitem")).toContainText("Old phone");
    await press(phone, words.full.replace);
    await expect(heading(phone, words.protected.title)).toBeVisible();
    const names = await rows(
      "SELECT d.name FROM activation a JOIN device d ON d.id = a.device_id WHERE d.account_id = $1 AND a.released_at IS NULL",
      [somebody.id],
    );
    expect(names).toEqual([{ name: words.deviceName.ios }]);
  });

  test("of two subscriptions, the one with a free seat is proposed", async ({
    says,
    words: screens,
    person,
    redeemed,
    leased,
    seated,
    otherBrowser,
  }) => {
    const { phone: words } = says;
    const somebody = await person();
    await redeemed(somebody);
    await leased(somebody, { product: "norton-360-standard" });
    await seated(somebody, { name: "Old phone" });
    const phone = await otherBrowser({ userAgent: phones.ios, viewport: small });
    await phone.goto("/phone");
    await press(phone, words.start.activate);
    await signIn(phone, words.activate.signIn.replace("{account}", "Norton"), somebody, { screens, says });
    await expect(phone.getByRole("radio").first()).not.toBeChecked();
    await press(phone, words.subscriptions.next);
    await expect(heading(phone, words.protected.title)).toBeVisible();
    await expect(phone.getByRole("main")).toContainText(products["norton-360-deluxe"].name);
  });
});

test("a key whose preview has changed is shown again in the app, and the next press uses it", async ({
  says,
  words: screens,
  person,
  redeemed,
  key,
  otherBrowser,
  ledger,
}) => {
  const { phone: words } = says;
  const somebody = await person();
  await redeemed(somebody, { months: 1 });
  const phone = await otherBrowser({ userAgent: phones.android, viewport: small });
  await phone.goto("/phone");
  await signIn(phone, words.start.signIn, somebody, { screens, says });
  await press(phone, words.key.title);
  await phone.getByRole("textbox", { name: words.key.label }).fill(await key());
  await press(phone, words.key.submit);
  await expect(heading(phone, words.review.title)).toBeVisible();
  await redeemed(somebody, { months: 2 });
  await press(phone, words.review.activate);
  await expect(phone.getByText(words.problems.previewChanged)).toBeVisible();
  await press(phone, words.review.activate);
  await expect(heading(phone, words.subscriptions.title)).toBeVisible();
  const { subscriptions } = await ledger(somebody);
  expect(subscriptions.flatMap(({ grants }) => grants)).toHaveLength(3);
});

test.describe("in French, on an Android phone", () => {
  test.use({ lang: "fr" });

  test("a key typed in the app is shown before it is used, and ends an alarm", async ({
    says,
    words: screens,
    lang,
    person,
    redeemed,
    key,
    otherBrowser,
    ledger,
  }) => {
    const { phone: words } = says;
    const somebody = await person();
    const nearlyOver = new Date(Date.now() - 10 * 86_400_000);
    await redeemed(somebody, { months: 0, days: 20 }, nearlyOver);
    const phone = await otherBrowser({ userAgent: phones.android, viewport: small, colorScheme: "dark" });
    await phone.goto("/phone");
    await signIn(phone, words.start.signIn, somebody, { screens, says });
    await press(phone, words.subscriptions.next);
    await expect(phone.getByText(words.protected.expires.many.replace("{days}", "10"))).toBeVisible();
    await press(phone, words.recover.action);
    await expect(phone.getByText(words.recover.nothing)).toBeVisible();
    await press(phone, words.key.title);
    await phone.getByRole("textbox", { name: words.key.label }).fill(await key());
    await press(phone, words.key.submit);
    await expect(phone.getByText(products["norton-360-deluxe"].name)).toBeVisible();
    expect((await ledger(somebody)).subscriptions[0]!.grants).toHaveLength(1);
    await press(phone, words.review.activate);
    await press(phone, words.subscriptions.next);
    const { subscriptions } = await ledger(somebody);
    await expect(phone.getByRole("main")).toContainText(inWords(subscriptions[0]!.endsAt, lang));
    await expect(phone.getByRole("button", { name: words.recover.action })).toHaveCount(0);
  });
});

test("a phone can be played by a command, which sees the same steps", async ({
  page,
  says,
  signedIn,
  redeemed,
  leased,
  seated,
  rows,
}) => {
  const somebody = await signedIn();
  await redeemed(somebody);
  // Its seat is taken, and it is listed first.
  await leased(somebody, { product: "norton-360-standard" });
  await seated(somebody, { name: "Old phone" });
  await page.goto("/home/setup/device");
  const code = await page.getByText(/^[0-9A-Z]{4}-[0-9A-Z]{4}$/).innerText();
  const home = await makeHome();
  try {
    const options = ["--server", given().origin, "--load", "1", "--sign-out"];
    const phone = runPortal(["phone", code, ...options], { home: home.path, env: {} });
    await page.getByRole("button", { name: says.device.handoff.yes }).click();
    const { code: status, stdout, stderr } = await phone;
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toMatch(
      /^number +\d\d: .*\nsigned in\nseat taken +norton-360-deluxe\nprotected +until .*genuine\nrefreshed +\d+ times; .*\nsigned out\n$/,
    );
  } finally {
    await home.remove();
  }
  const ended = "SELECT 1 FROM app_session WHERE account_id = $1 AND ended_at IS NOT NULL";
  expect(await rows(ended, [somebody.id])).toHaveLength(1);
});

test("an owner can switch the reference app off, and nothing leads to it then", async () => {
  const { send, stop } = await serve({ REFERENCE_PHONE: "off" });
  try {
    for (const path of ["/phone", "/phone/callback", "/phone/manifest.webmanifest"])
      expect((await send({ path })).status, path).toBe(404);
    const query = { response_type: "code", client_id: "reference-phone", code_challenge_method: "S256" };
    const authorize = await send({ path: `/oauth/authorize?${new URLSearchParams(query)}` });
    expect(authorize.text).toContain(en.authorize.cannot.unknownApp.title);
  } finally {
    await stop();
  }
});

type Wording = { screens: Given["words"]; says: Given["says"] };

/** Leaves the app by a button, signs in on the portal's own page, and continues in the app. */
async function signIn(phone: Page, button: string, who: Person, { screens, says }: Wording): Promise<void> {
  await press(phone, button);
  await phone.getByLabel(screens.signIn.email).fill(who.email);
  await phone.getByLabel(screens.signIn.password, { exact: true }).fill(who.password);
  await press(phone, screens.signIn.submit);
  await press(phone, says.authorize.continue);
}
