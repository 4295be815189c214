import { and, eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { db, transaction } from "@/lib/db/client";
import { account } from "@/lib/db/schema/account";
import { mail } from "@/lib/db/schema/mail";
import { mailKinds, mostMails, postMail, type MailKind } from "@/lib/jobs/outbox";
import { withTestDatabase } from "@/lib/testing/database";
import { makeAccount } from "@/lib/testing/factories";

withTestDatabase();

const now = new Date("2026-11-23T14:05:00Z");
const hoursLater = (hours: number) => new Date(now.getTime() + hours * 3_600_000);

async function somebody(emailVerifiedAt: Date | null) {
  const email = `${crypto.randomUUID()}@example.org`;
  return { email, accountId: await makeAccount({ email, emailVerifiedAt }) };
}

const post = (kind: MailKind, { accountId, email }: { accountId: string; email: string }, at = now) =>
  transaction((tx) => postMail(tx, { kind, accountId, recipient: email, at }));

const sentTo = async (recipient: string, kind?: MailKind) =>
  (
    await db()
      .select({ kind: mail.kind })
      .from(mail)
      .where(and(eq(mail.recipient, recipient), kind && eq(mail.kind, kind)))
  ).map((row) => row.kind);

describe("no mailbox is flooded from here (S47)", () => {
  it("an unconfirmed address, which may be a stranger's, gets only what proves whose it is", async () => {
    const stranger = await somebody(null);
    for (const kind of mailKinds) await post(kind, stranger);
    expect((await sentTo(stranger.email)).sort()).toEqual(["confirm-address", "confirm-deletion", "reset-password"]);

    await db().update(account).set({ emailVerifiedAt: now }).where(eq(account.id, stranger.accountId));
    expect(await post("password-changed", stranger)).not.toBeNull();
  });

  it("a former address hears of the change, though the account's new one is not confirmed", async () => {
    const owner = await somebody(null);
    expect(await post("address-restorable", { ...owner, email: "former@example.org" })).not.toBeNull();
  });

  it("one kind of email stops after ten within an hour, and starts again later", async () => {
    const owner = await somebody(now);
    for (let count = 0; count < mostMails.ofKind; count++) expect(await post("new-sign-in", owner)).not.toBeNull();
    expect(await post("new-sign-in", owner)).toBeNull();
    // A flood of one kind cannot hide what an intruder does next.
    expect(await post("password-changed", owner)).not.toBeNull();
    expect(await post("new-sign-in", owner, hoursLater(1.1))).not.toBeNull();
  });

  it("all kinds together stop after fifty within an hour, whichever accounts they come from", async () => {
    const recipient = "everybody@example.org";
    for (const kind of mailKinds) {
      for (let count = 0; count < mostMails.ofKind; count++)
        await post(kind, { ...(await somebody(now)), email: recipient });
    }
    expect(await sentTo(recipient)).toHaveLength(mostMails.ofAll);
  });
});
