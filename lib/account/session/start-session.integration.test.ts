import { and, eq, sql } from "drizzle-orm";
import { Client as Connection } from "pg";
import { describe, expect, it } from "vitest";
import { createAccount } from "@/lib/account/profile/create-account";
import { endOtherSessions, endSessionElsewhere } from "@/lib/account/session/end-sessions";
import { findSession, newReference, revokeSessions, type Client } from "@/lib/account/session/sessions";
import { hashPassword } from "@/lib/account/password/password";
import { confirmPassword, signIn } from "@/lib/account/password/sign-in";
import { db, transaction } from "@/lib/db/client";
import { account, session } from "@/lib/db/schema/account";
import { event } from "@/lib/db/schema/event";
import { mail } from "@/lib/db/schema/mail";
import { untilSomeoneWaits, withTestDatabase } from "@/lib/testing/database";

const database = withTestDatabase();

const now = new Date("2026-11-23T14:05:00Z");
const password = "correct velvet otter lamp";
let networks = 0;
const browser = (cookie: string | null = newReference()): Client => ({
  addressPrefix: `198.51.100.${++networks}`,
  userAgent: "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0",
  browser: cookie,
});

async function somebody(client = browser()) {
  const email = `${crypto.randomUUID()}@example.org`;
  const person = { name: "Camille", email, password, country: "FR", locale: "fr", timeZone: "Europe/Paris" };
  const made = await createAccount(person, { now, client });
  if (made.status !== "created") throw new Error(made.status);
  const { account: owner } = (await findSession(made.reference))!;
  await db().update(account).set({ emailVerifiedAt: now }).where(eq(account.id, owner.id));
  return { email, client, id: owner.id, reference: made.reference };
}

const toldOf = async (accountId: string) =>
  (
    await db()
      .select({ details: mail.details })
      .from(mail)
      .where(and(eq(mail.accountId, accountId), eq(mail.kind, "new-sign-in")))
  ).map(({ details }) => details);

describe("a sign-in from a browser that is new to the account", () => {
  it("is emailed once; one from a browser that created or entered the account before is not", async () => {
    const { id, email, client } = await somebody();
    expect(await toldOf(id)).toEqual([]);
    await signIn({ email, password }, { now, client });
    expect(await toldOf(id)).toEqual([]);

    const elsewhere = browser();
    await signIn({ email, password }, { now, client: elsewhere });
    expect(await toldOf(id)).toEqual([{ userAgent: elsewhere.userAgent }]);
    await signIn({ email, password }, { now, client: { ...browser(elsewhere.browser), userAgent: "updated" } });
    expect(await toldOf(id)).toHaveLength(1);
  });

  it("is emailed even when another account uses the same browser", async () => {
    const shared = browser();
    await somebody(shared);
    const { id, email } = await somebody();
    await signIn({ email, password }, { now, client: { ...browser(), browser: shared.browser } });
    expect(await toldOf(id)).toHaveLength(1);
  });

  it("is emailed again after the browser was signed out: by ending its session, all others, or by a new password", async () => {
    const { id: accountId, email, client } = await somebody();
    const context = { now, client };
    const elsewhere = browser();
    const enter = async () => {
      const entered = await signIn({ email, password }, { now, client: { ...browser(elsewhere.browser) } });
      return (await findSession((entered as { reference: string }).reference))!.credential.sessionId;
    };
    const endings = [
      (sessionId: string) => endSessionElsewhere({ accountId, sessionId }, context),
      () => endOtherSessions({ accountId, sessionId: crypto.randomUUID() }, context),
      () => transaction((tx) => revokeSessions(tx, { accountId })),
    ];
    for (const [count, end] of endings.entries()) {
      await enter();
      expect(await toldOf(accountId)).toHaveLength(count + 1);
      await end(await enter());
      expect(await toldOf(accountId)).toHaveLength(count + 1);
    }
    await enter();
    expect(await toldOf(accountId)).toHaveLength(endings.length + 1);
  });

  it("stores only a digest of the browser's secret", async () => {
    const { client } = await somebody();
    const { rows } = await db().execute<{ all: string }>(
      sql`SELECT string_agg(session::text, ' ') AS all FROM session`,
    );
    expect(rows[0]!.all).not.toContain(client.browser);
    expect(rows[0]!.all).not.toContain(Buffer.from(client.browser!, "base64url").toString("hex"));
  });
});

/** Locks an account's row, lets `attempt` wait for it, changes the password as a reset does, and unlocks. */
async function whilePasswordChanges<T>(accountId: string, attempt: () => Promise<T>): Promise<T> {
  const other = new Connection({ connectionString: database.url });
  await other.connect();
  try {
    await other.query("BEGIN");
    await other.query("SELECT 1 FROM account WHERE id = $1 FOR UPDATE", [accountId]);
    const answer = attempt();
    await untilSomeoneWaits();
    await other.query("UPDATE account SET password_hash = $2 WHERE id = $1", [
      accountId,
      await hashPassword("another velvet otter lamp"),
    ]);
    await other.query("UPDATE session SET revoked_at = now() WHERE account_id = $1", [accountId]);
    await other.query("COMMIT");
    return await answer;
  } finally {
    await other.end();
  }
}

describe("a password that is changed at the moment it is used", () => {
  it("opens no session for somebody who knew the old one", async () => {
    const { id, email, client } = await somebody();
    const answer = await whilePasswordChanges(id, () => signIn({ email, password }, { now, client }));
    expect(answer).toEqual({ status: "wrong" });
    const sessions = await db().select({ revokedAt: session.revokedAt }).from(session).where(eq(session.accountId, id));
    expect(sessions.every(({ revokedAt }) => revokedAt !== null)).toBe(true);
    const started = await db()
      .select({ id: event.id })
      .from(event)
      .where(and(eq(event.accountId, id), eq(event.action, "session.started")));
    expect(started).toEqual([]);
  });

  it("confirms nothing", async () => {
    const { id, client, reference } = await somebody();
    const attempt = { accountId: id, reference, password };
    const answer = await whilePasswordChanges(id, () => confirmPassword(attempt, { now, client }));
    expect(answer).toEqual({ status: "ended" });
  });
});

it("a password of an erased account is only reported as wrong", async () => {
  const { id, email, client } = await somebody();
  await db().update(account).set({ passwordHash: null, erasedAt: now }).where(eq(account.id, id));
  expect(await signIn({ email, password }, { now, client })).toEqual({ status: "wrong" });
});
