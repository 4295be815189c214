import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { readHandoffCode } from "@/lib/account/handoff/handoff-code";
import { inWords } from "./dates";
import { expect, test, type Given } from "./fixtures";
import { given } from "./given";
import { Phone } from "./phone";
import { across, withAndWithoutScripts } from "./ways";

/* Two screens that see each other: a code on one, a device that claims it, and each step of that device on both. */

const here = "/home/setup/device";
const iphone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Version/18.5 Mobile/15E148";

/** Opens the page with a code on it, and reads the code. */
async function showCode({ page, says }: Pick<Given, "page" | "says">, scripts: boolean): Promise<string> {
  await page.goto(here);
  if (!scripts) await page.getByRole("button", { name: says.device.handoff.show }).click();
  await expect(page.getByRole("heading", { name: says.device.handoff.title.open })).toBeVisible();
  return readHandoffCode(await page.getByText(/^[0-9A-Z]{4}-[0-9A-Z]{4}$/).innerText())!;
}

/** Waits until the desktop shows a heading. Without scripts, *Check again* asks for it. @returns milliseconds */
async function shows(page: Page, heading: string, { says, scripts }: { says: Given["says"]; scripts: boolean }) {
  const began = performance.now();
  if (!scripts) await page.getByRole("link", { name: says.device.handoff.check }).click();
  await expect(page.getByRole("heading", { name: heading, exact: true })).toBeVisible({ timeout: 10_000 });
  return Math.round(performance.now() - began);
}

const withDevice = (text: string, device: string) => text.replace("{device}", device);

across(withAndWithoutScripts, ({ lang, scripts }) => {
  test("a code is shown, claimed, confirmed and exchanged, and both screens see each step until the device is protected", async ({
    page,
    says,
    request,
    signedIn,
    redeemed,
    ledger,
    rows,
    otherBrowser,
  }) => {
    const words = says.device.handoff;
    const somebody = await signedIn();
    await redeemed(somebody);
    const code = await showCode({ page, says }, scripts);
    await expect(page.getByRole("img", { name: words.qr })).toBeVisible();

    const phonePage = await otherBrowser({ userAgent: iphone, viewport: { width: 390, height: 844 } });
    await phonePage.goto(`/d/${code}`);
    await expect(phonePage.getByText(`${code.slice(0, 4)}-${code.slice(4)}`)).toBeVisible();
    await expect(phonePage.getByRole("link", { name: says.device.ios.store })).toBeVisible();
    await expect(phonePage.getByRole("link", { name: says.device.android.store })).toHaveCount(0);

    const phone = new Phone(request, { name: "Zoé’s phone" });
    const claimed = await (await phone.claim(code)).json();
    expect(claimed).toMatchObject({ state: "claimed", number: expect.any(Number) });
    const times = [await shows(page, withDevice(words.title.claimed, "Zoé’s phone"), { says, scripts })];
    await expect(page.getByRole("main")).toContainText(String(claimed.number));
    await phonePage.reload();
    await expect(phonePage.getByRole("heading", { level: 1 })).toHaveText(says.scanned.used.title);
    expect(await (await phone.exchange(code)).json()).toMatchObject({ error: "authorization_pending" });

    await page.getByRole("button", { name: words.yes }).click();
    await shows(page, withDevice(words.title.confirmed, "Zoé’s phone"), { says, scripts: true });
    expect(await (await phone.look(code)).json()).toMatchObject({ state: "confirmed" });
    const tokens = await (await phone.exchange(code)).json();
    times.push(await shows(page, withDevice(words.title.signedIn, "Zoé’s phone"), { says, scripts }));

    const { subscriptions } = await ledger(somebody);
    const { id } = (await rows<{ id: string }>("SELECT id FROM subscription WHERE account_id = $1", [somebody.id]))[0]!;
    expect((await phone.activate(tokens.access_token, id)).status()).toBe(200);
    times.push(await shows(page, withDevice(words.title.protected, "Zoé’s phone"), { says, scripts }));
    await expect(page.getByRole("main")).toContainText(inWords(subscriptions[0]!.endsAt, lang));
    const done = page.getByRole("list", { name: words.ladder.label }).getByRole("listitem");
    await expect(done.filter({ hasText: words.ladder.notYet })).toHaveCount(0);
    console.log(
      `from each step of the phone to the desktop: ${times.join(", ")} ms (${scripts ? "by itself" : "reloaded"})`,
    );
    expect(Math.max(...times)).toBeLessThan(2_000);

    const actions = await rows<{ action: string }>(
      "SELECT action FROM event WHERE account_id = $1 AND action ~ '^(handoff|app)' ORDER BY id",
      [somebody.id],
    );
    expect(actions.map(({ action }) => action)).toEqual(["handoff.claimed", "handoff.confirmed", "app.signed-in"]);
    const log = await readFile(given().logFile, "utf8");
    expect(log).toContain("/d/[code]");
    expect(log).not.toContain(code);
  });

  test("a device that takes no seat, or is signed out again, does not keep the next one from its code", async ({
    page,
    says,
    request,
    signedIn,
    redeemed,
  }) => {
    const words = says.device.handoff;
    const somebody = await signedIn();
    await redeemed(somebody);
    const link = async () => {
      const code = readHandoffCode(await page.getByText(/^[0-9A-Z]{4}-[0-9A-Z]{4}$/).innerText())!;
      const phone = new Phone(request, { name: "Zoé’s phone" });
      await phone.claim(code);
      await shows(page, withDevice(words.title.claimed, "Zoé’s phone"), { says, scripts });
      await page.getByRole("button", { name: words.yes }).click();
      await shows(page, withDevice(words.title.confirmed, "Zoé’s phone"), { says, scripts: true });
      const { access_token } = await (await phone.exchange(code)).json();
      await shows(page, withDevice(words.title.signedIn, "Zoé’s phone"), { says, scripts });
      return access_token as string;
    };
    await showCode({ page, says }, scripts);
    await link();
    await page.getByRole("button", { name: words.another }).click();
    await shows(page, words.title.open, { says, scripts: true });
    const token = await link();
    const left = { headers: { Authorization: `Bearer ${token}` } };
    expect((await request.delete("/api/v1/sessions/current", left)).status()).toBe(204);
    await shows(page, withDevice(words.title.signedOut, "Zoé’s phone"), { says, scripts });
    await page.getByRole("button", { name: words.showNew }).click();
    await shows(page, words.title.open, { says, scripts: true });
  });

  test("a device that is not the person's is turned away, and a code that has expired says so, on both screens", async ({
    page,
    says,
    request,
    signedIn,
    redeemed,
    rows,
    otherBrowser,
  }) => {
    const words = says.device.handoff;
    const somebody = await signedIn();
    await redeemed(somebody);
    const code = await showCode({ page, says }, scripts);
    const [stranger, mine] = [new Phone(request, { name: "Another phone" }), new Phone(request)];
    await stranger.claim(code);
    const second = await mine.claim(code);
    expect([second.status(), (await second.json()).code]).toEqual([409, "handoffUsedByAnother"]);
    await shows(page, withDevice(words.title.claimed, "Another phone"), { says, scripts });
    await page.getByRole("button", { name: words.no, exact: true }).click();
    await shows(page, words.title.refused, { says, scripts: true });
    expect(await (await stranger.look(code)).json()).toMatchObject({ state: "refused" });
    expect(await (await stranger.exchange(code)).json()).toMatchObject({ error: "access_denied" });
    expect(await rows("SELECT 1 FROM app_session WHERE account_id = $1", [somebody.id])).toEqual([]);

    await page.getByRole("button", { name: words.showNew }).click();
    await shows(page, words.title.open, { says, scripts: true });
    const next = readHandoffCode(await page.getByText(/^[0-9A-Z]{4}-[0-9A-Z]{4}$/).innerText())!;
    await mine.claim(next);
    await shows(page, withDevice(words.title.claimed, mine.device.name), { says, scripts });
    await rows("UPDATE handoff SET expires_at = now() WHERE account_id = $1", [somebody.id]);
    await shows(page, words.title.late, { says, scripts });
    expect(await (await mine.look(next)).json()).toMatchObject({ state: "expired" });
    expect(await (await mine.exchange(next)).json()).toMatchObject({ error: "expired_token" });
    const phonePage = await otherBrowser({ userAgent: iphone });
    await phonePage.goto(`/d/${next}`);
    await expect(phonePage.getByRole("heading", { level: 1 })).toHaveText(says.scanned.gone.title);
  });
});

test("the link comes by email, opening it uses nothing up, and a new code takes the place of one that has expired", async ({
  page,
  says,
  request,
  signedIn,
  redeemed,
  rows,
  mailOf,
}) => {
  const words = says.device.handoff;
  const somebody = await signedIn({ emailVerifiedAt: new Date() });
  await redeemed(somebody);
  const code = await showCode({ page, says }, true);
  await page.getByRole("button", { name: words.email }).click();
  await expect(page.getByText(words.emailed.replace("{email}", somebody.email))).toBeVisible();
  const { link } = await mailOf(somebody, "handoff-link");
  expect(new URL(link!).pathname).toBe(`/d/${code}`);
  for (let previews = 0; previews < 3; previews++) expect((await request.get(`/d/${code}`)).status()).toBe(200);
  await rows("UPDATE handoff SET expires_at = now() WHERE account_id = $1", [somebody.id]);
  await expect(page.getByText(`${code.slice(0, 4)}-${code.slice(4)}`)).toHaveCount(0, { timeout: 10_000 });
  await expect(page.getByRole("heading", { name: words.title.open })).toBeVisible();
  const [counted] = await rows<{ all: number; open: number }>(
    `SELECT count(*)::int AS all, (count(*) FILTER (WHERE expires_at > now()))::int AS open
       FROM handoff WHERE account_id = $1 AND claimed_at IS NULL`,
    [somebody.id],
  );
  expect(counted).toEqual({ all: 2, open: 1 });
});

test("the page ends with its session: signed out elsewhere, it shows no code and listens no more", async ({
  page,
  says,
  signedIn,
  redeemed,
  rows,
}) => {
  const somebody = await signedIn();
  await redeemed(somebody);
  const code = await showCode({ page, says }, true);
  await rows("UPDATE session SET revoked_at = now() WHERE account_id = $1", [somebody.id]);
  await expect(page.getByText(says.device.signedOut)).toBeVisible({ timeout: 10_000 });
  await expect(page.getByText(`${code.slice(0, 4)}-${code.slice(4)}`)).toHaveCount(0);
});
