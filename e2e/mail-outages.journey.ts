import type { Page } from "@playwright/test";
import { openPostOffice, type PostOffice } from "@/lib/testing/post-office";
import { expect } from "./fixtures";
import { test as base, type OwnServer } from "./own-server";
import type { Words } from "./words";

/* R07: an outage of the mail server delays emails and affects nobody who uses the site. */

const test = base.extend<{ office: PostOffice }>({
  office: async ({}, give) => {
    const office = await openPostOffice();
    await give(office);
    await office.goDown();
  },
  settings: async ({ office }, give) => give({ MAIL_URL: office.url }),
});

const email = "noe.carpentier@example.org";

async function createAccount(page: Page, words: Words, address = email): Promise<void> {
  await page.goto("/create-account");
  await page.getByLabel(words.create.name, { exact: true }).fill("Noé Carpentier");
  await page.getByLabel(words.create.email).fill(address);
  await page.getByLabel(words.create.password, { exact: true }).fill("vergers et lanternes 61");
  await page.getByLabel(words.create.country).selectOption("FR");
  await page.getByRole("button", { name: words.create.submit }).click();
  await expect(page).toHaveURL("/home/setup/key");
}

async function redeem(page: Page, words: Words, key: string): Promise<void> {
  await page.getByLabel(words.key.field).fill(key);
  await page.getByRole("button", { name: words.key.submit }).click();
  await page.getByRole("button", { name: words.review.submit, exact: true }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(words.done.title);
}

const mailsOf = (own: OwnServer) =>
  own.run<{ kind: string; outcome: string | null; failed: boolean }>(
    `SELECT kind, outcome, last_error IS NOT NULL AS failed FROM mail ORDER BY created_at`,
  );

const passTime = (own: OwnServer) =>
  own.run("UPDATE mail SET next_try_at = now() WHERE outcome IS NULL AND claim_id IS NULL");

const outages = [
  { what: "is down", lang: "en", scripts: true },
  { what: "hangs", lang: "fr", scripts: false },
  { what: "drops the connection after DATA", lang: "en", scripts: false },
] as const;

for (const { what, lang, scripts } of outages) {
  test.describe(`while the mail server ${what}, ${scripts ? "with" : "without"} scripts`, () => {
    test.use({ lang, javaScriptEnabled: scripts });

    test("an account is created and a key redeemed as usual, and the emails arrive later", async ({
      page,
      own,
      words,
      says,
      office,
      baseURL,
    }) => {
      test.slow();
      if (what === "is down") await office.goDown();
      else office.behave(what);

      await createAccount(page, words);
      // The email about a redeemed key goes only to a confirmed address.
      await own.run("UPDATE account SET email_verified_at = now()");
      await redeem(page, words, await own.key());
      await expect
        .poll(() => mailsOf(own), { timeout: 30_000 })
        .toEqual([
          { kind: "confirm-address", outcome: null, failed: true },
          { kind: "key-redeemed", outcome: null, failed: true },
        ]);

      if (what === "is down") await office.comeBack();
      office.behave("takes it");
      const before = office.received.length;
      await expect
        .poll(
          async () => {
            await passTime(own);
            return (await mailsOf(own)).map(({ outcome }) => outcome);
          },
          { timeout: 30_000 },
        )
        .toEqual(["sent", "sent"]);
      const arrived = office.received.slice(before);
      expect(arrived.map(({ mail }) => mail.subject).sort()).toEqual(
        [says.mails.confirmAddress.subject, says.mails.keyRedeemed.subject].sort(),
      );
      for (const { recipients, mail } of arrived) {
        expect(recipients).toEqual([email]);
        const [link] = /https?:\/\/\S+/.exec(mail.text!)!;
        expect(link.startsWith(`${baseURL}/`)).toBe(true);
      }
      // A person who gets an email twice can tell that it is the same.
      for (const { mail } of office.received.slice(0, before)) {
        expect(arrived.map(({ mail: { messageId } }) => messageId)).toContain(mail.messageId);
      }
      expect(await own.log()).not.toContain(email);
    });
  });
}

test("a database outage is logged once, and emails are sent again afterwards", async ({ page, own, words, office }) => {
  await createAccount(page, words);
  await expect.poll(() => office.received.length).toBe(1);

  await own.line.cut();
  const told = async () => (await own.log()).match(/the email worker met a fault/g)?.length ?? 0;
  await expect.poll(told).toBe(1);
  const answer = await page.goto("/home/subscriptions");
  expect(answer!.status()).toBe(503);
  await own.line.mend();

  await page.context().clearCookies();
  await createAccount(page, words, "second@example.org");
  await expect.poll(() => office.received.at(-1)!.recipients).toEqual(["second@example.org"]);
  expect(await told()).toBe(1);
});
