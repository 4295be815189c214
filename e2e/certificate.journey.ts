import { createPublicKey, verify } from "node:crypto";
import { voidKey } from "@/lib/licence/void-key";
import { inWords, monthsLater } from "./dates";
import { expect, test } from "./fixtures";
import { across, withAndWithoutScripts } from "./ways";

/** An instant that is the same calendar day in Paris and in UTC. */
const monthsAgo = (count: number) =>
  new Date(`${monthsLater(new Date(), -count).toISOString().slice(0, 10)}T10:00:00Z`);

across(withAndWithoutScripts, ({ lang }) => {
  test("a stranger with the address sees what was activated and its state now, and neither a person nor a key", async ({
    page,
    words,
    says,
    signedIn,
    redeemed,
    otherBrowser,
  }) => {
    const somebody = await signedIn();
    const began = monthsAgo(2);
    const printed = await redeemed(somebody, { product: "norton-360-deluxe", months: 12 }, began);
    await page.goto("/home/subscriptions");
    await page.getByRole("link", { name: words.subscriptions.certificate }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(words.certificate.title);

    const stranger = await otherBrowser();
    await stranger.goto(page.url());
    const main = stranger.getByRole("main");
    await expect(main.getByRole("heading", { level: 1 })).toHaveText(words.certificate.title);
    await expect(main).toContainText("Norton 360 Deluxe");
    await expect(main).toContainText(lang === "fr" ? /12\smois/ : /12 months/);
    await expect(main).toContainText(`${inWords(began, lang)} (UTC)`);
    const end = inWords(monthsLater(began, 12), lang);
    await expect(main).toContainText(says.certificate.state.active.replace("{date}", end));
    await expect(main).toContainText(page.url());
    await expect(main.getByRole("img", { name: says.certificate.check.code })).toBeVisible();
    await expect(stranger.locator("meta[name=robots]")).toHaveAttribute("content", "noindex");
    const content = await stranger.content();
    for (const secret of [somebody.name, somebody.email, somebody.id, printed.slice(-5)])
      expect(content).not.toContain(secret);

    const context = { now: new Date(), lookupSecret: process.env.LOOKUP_SECRET! };
    await voidKey({ key: printed.replaceAll("-", ""), reason: "refunded" }, context);
    await stranger.reload();
    await expect(main).toContainText(says.certificate.meaning.withdrawn);
  });
});

test("a stranger verifies the signature with the public keys of the site", async ({
  page,
  person,
  redeemed,
  ledger,
  request,
}) => {
  const owner = await person();
  await redeemed(owner, { product: "norton-360-premium", months: 24 });
  const { id, at } = (await ledger(owner)).subscriptions[0]!.grants[0]!;
  await page.goto(`/certificates/${id}`);
  const token = (await page.getByText(/^ey[\w-]+\.ey[\w-]+\.[\w-]+$/).textContent())!;
  const [header = "", payload = "", signature = ""] = token.split(".");
  const decoded = (part: string) => JSON.parse(Buffer.from(part, "base64url").toString()) as Record<string, string>;
  const answer = await request.get("/.well-known/jwks.json");
  const { keys } = (await answer.json()) as { keys: { kid: string }[] };
  const key = createPublicKey({ key: { ...keys.find(({ kid }) => kid === decoded(header).kid) }, format: "jwk" });
  expect(verify(null, Buffer.from(`${header}.${payload}`), key, Buffer.from(signature, "base64url"))).toBe(true);
  expect(decoded(payload)).toEqual({
    ...{ iss: new URL(page.url()).origin, jti: id, product: "norton-360-premium", devices: 10 },
    ...{ months: 24, days: 0, activated: at.toISOString().slice(0, 10) },
  });
});

for (const lang of ["en", "fr"] as const) {
  test.describe(lang, () => {
    test.use({ lang });
    test("a certificate fits on one sheet of A4, also with the longest state", async ({
      page,
      says,
      person,
      redeemed,
      ledger,
    }) => {
      const owner = await person();
      const printed = await redeemed(owner);
      const context = { now: new Date(), lookupSecret: process.env.LOOKUP_SECRET! };
      await voidKey({ key: printed.replaceAll("-", ""), reason: "refunded" }, context);
      await page.goto(`/certificates/${(await ledger(owner)).subscriptions[0]!.grants[0]!.id}`);
      await expect(page.getByText(says.certificate.meaning.withdrawn)).toBeVisible();
      const margin = { top: "10mm", bottom: "10mm", left: "10mm", right: "10mm" };
      const pdf = (await page.pdf({ format: "A4", margin })).toString("latin1");
      expect(pdf.match(/\/Type\s*\/Page\b/g)).toHaveLength(1);
    });
  });
}

test("an unknown certificate is a page that does not exist", async ({ page, words }) => {
  for (const id of ["00000000-0000-4000-8000-000000000000", "nonsense"]) {
    const answer = await page.goto(`/certificates/${id}`);
    expect(answer!.status()).toBe(404);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(words.notFound.title);
  }
});
