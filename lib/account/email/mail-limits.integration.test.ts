import { and, eq, sql } from "drizzle-orm";
import { expect, it } from "vitest";
import { askAgain } from "@/lib/account/email/ask-to-confirm";
import { correctEmail } from "@/lib/account/email/correct-email";
import { createAccount } from "@/lib/account/profile/create-account";
import { requestReset } from "@/lib/account/password/request-reset";
import { findSession } from "@/lib/account/session/sessions";
import { db } from "@/lib/db/client";
import { event } from "@/lib/db/schema/event";
import { mail } from "@/lib/db/schema/mail";
import { withTestDatabase } from "@/lib/testing/database";

withTestDatabase();

const now = new Date("2026-11-23T14:05:00Z");
let networks = 0;
const from = (network = `198.51.100.${++networks}`) => ({
  now,
  client: { addressPrefix: network, userAgent: "test", browser: null },
});
const address = () => `${crypto.randomUUID()}@example.org`;

async function somebody(email = address(), context = from()) {
  const person = { name: "Camille", password: "correct velvet otter lamp", country: "FR", locale: "fr" };
  const made = await createAccount({ ...person, email, timeZone: "Europe/Paris" }, context);
  if (made.status !== "created") throw new Error(made.status);
  return { id: (await findSession(made.reference))!.account.id, email };
}

/** Counts the emails that ask an address to confirm. */
const mailsTo = async (recipient: string) => {
  const asking = and(eq(mail.recipient, recipient), eq(mail.kind, "confirm-address"));
  return (await db().select({ id: mail.id }).from(mail).where(asking)).length;
};

/** Makes writing emails fail, as a fault in the middle of the work would. */
async function whileNoMailCanBeWritten(work: () => Promise<unknown>): Promise<void> {
  await db().execute(sql`ALTER TABLE mail RENAME TO mail_away`);
  await expect(work()).rejects.toThrow();
  await db().execute(sql`ALTER TABLE mail_away RENAME TO mail`);
}

it("creating accounts for somebody else's address does not flood their mailbox, and each account is created", async () => {
  const victim = address();
  for (let time = 0; time < 4; time++) {
    const { id } = await somebody(victim);
    expect((await correctEmail({ accountId: id, email: address() }, from())).status).toBe("corrected");
  }
  expect(await mailsTo(victim)).toBe(1);
});

it("an account whose form was sent twice at once gets one email, whichever request created it", async () => {
  for (let round = 0; round < 12; round++) {
    const email = address();
    await Promise.all([somebody(email), somebody(email)]);
    expect(await mailsTo(email)).toBe(1);
  }
});

it("correcting an address is limited like creating accounts, so it cannot list taken addresses faster", async () => {
  const { email: taken } = await somebody();
  await db().execute(sql`DELETE FROM limit_counter`);
  const one = from();
  const asked = [];
  for (let person = 0; person < 5; person++) {
    const { id: accountId } = await somebody();
    for (let time = 0; time < 5; time++) asked.push((await correctEmail({ accountId, email: taken }, one)).status);
  }
  expect(asked.filter((status) => status === "taken")).toHaveLength(20);
  expect(asked.filter((status) => status === "limited")).toHaveLength(5);
  const refused = and(eq(event.action, "account.email-change-refused"), sql`${event.details}->>'reason' = 'taken'`);
  expect(await db().select({ id: event.id }).from(event).where(refused)).toHaveLength(20);
});

it("an email that could not be written is not counted, and a retry sends it", async () => {
  const forgetful = await somebody();
  await whileNoMailCanBeWritten(() => requestReset({ email: forgetful.email }, from()));
  await requestReset({ email: forgetful.email }, from());
  const resets = and(eq(mail.accountId, forgetful.id), eq(mail.kind, "reset-password"));
  expect(await db().select({ id: mail.id }).from(mail).where(resets)).toHaveLength(1);

  const newcomer = address();
  await whileNoMailCanBeWritten(() => somebody(newcomer));
  await somebody(newcomer);
  expect(await mailsTo(newcomer)).toBe(1);

  const { id: accountId } = await somebody();
  await db().execute(sql`DELETE FROM limit_counter`);
  await whileNoMailCanBeWritten(() => askAgain({ accountId }, { now }));
  expect((await askAgain({ accountId }, { now })).status).toBe("sent");
});
