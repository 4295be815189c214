import { and, eq } from "drizzle-orm";
import { Client as PgClient } from "pg";
import { describe, expect, it } from "vitest";
import { changePassword } from "@/lib/account/password/change-password";
import { createAccount } from "@/lib/account/profile/create-account";
import { lockAccount } from "@/lib/account/lock-account";
import { requestReset } from "@/lib/account/password/request-reset";
import { resetPassword, findResetLink } from "@/lib/account/password/reset-password";
import { findSession } from "@/lib/account/session/sessions";
import { signIn } from "@/lib/account/password/sign-in";
import { issueToken, spendToken, tokenOf, type TokenPurpose } from "@/lib/account/tokens";
import { db, transaction } from "@/lib/db/client";
import type { EventAction } from "@/lib/db/events";
import { account, oneTimeToken, passkey } from "@/lib/db/schema/account";
import { event, eventPerson } from "@/lib/db/schema/event";
import { mail } from "@/lib/db/schema/mail";
import { withTestDatabase } from "@/lib/testing/database";

withTestDatabase();

const now = new Date("2026-11-23T14:05:00Z");
const later = (minutes: number) => new Date(now.getTime() + minutes * 60_000);
const password = "correct velvet otter lamp";
const another = "seven quiet herons over marl";
let networks = 0;
/** A network of its own for each call, so that no limit is shared. */
const from = (at = now) => ({
  now: at,
  client: { addressPrefix: `203.0.${++networks >> 8}.${networks & 255}`, userAgent: "test", browser: null },
});

async function madeAccount(email = `${crypto.randomUUID()}@example.org`) {
  const person = { name: "Camille", email, password, country: "FR", locale: "fr", timeZone: "Europe/Paris" };
  const answer = await createAccount(person, from());
  if (answer.status !== "created") throw new Error(answer.status);
  const live = (await findSession(answer.reference))!;
  return { ...person, id: live.account.id, sessionId: live.credential.sessionId, reference: answer.reference };
}

const mailsOf = (accountId: string, kind: string) =>
  db()
    .select()
    .from(mail)
    .where(and(eq(mail.accountId, accountId), eq(mail.kind, kind)))
    .orderBy(mail.createdAt);

const actionsOf = async (accountId: string) =>
  (await db().select().from(event).where(eq(event.accountId, accountId)).orderBy(event.id)).map(({ action }) => action);

/** Reads the events recorded for an action from this client's network. */
const toldOf = async (action: EventAction, { client }: ReturnType<typeof from>) =>
  (
    await db()
      .select({ details: event.details })
      .from(event)
      .innerJoin(eventPerson, eq(eventPerson.eventId, event.id))
      .where(and(eq(event.action, action), eq(eventPerson.addressPrefix, client.addressPrefix!)))
  ).map(({ details }) => details);

/** Requests a reset. @returns the token of the newest email */
async function askedToReset({ id, email }: { id: string; email: string }, at = now): Promise<string> {
  expect(await requestReset({ email }, from(at))).toEqual({ status: "asked" });
  return tokenOf({ id: (await mailsOf(id, "reset-password")).at(-1)!.tokenId!, purpose: "reset-password" });
}

async function issued(accountId: string, purpose: TokenPurpose, email = "wished@example.org"): Promise<string> {
  return transaction(async (tx) => (await issueToken(tx, { purpose, accountId, email }, { now })).token);
}

const isLive = async (token: string, purpose: TokenPurpose) => {
  const [row] = await db()
    .select({ usedAt: oneTimeToken.usedAt, token: oneTimeToken.id })
    .from(oneTimeToken)
    .where(eq(oneTimeToken.hash, await digest(token)));
  expect(tokenOf({ id: row!.token, purpose })).toBe(token);
  return row!.usedAt === null;
};
const digest = async (token: string) => Buffer.from(await crypto.subtle.digest("SHA-256", Buffer.from(token)));

let credentials = 0;
const addPasskey = (accountId: string, createdAt: Date) =>
  db()
    .insert(passkey)
    .values({
      accountId,
      credentialId: `credential-${++credentials}`,
      publicKey: Buffer.from("public"),
      counter: 0,
      transports: [],
      name: "Phone",
      createdAt,
    });
const passkeysOf = (accountId: string) => db().select().from(passkey).where(eq(passkey.accountId, accountId));

/** Records the SQL of the statements that `work` runs, without their parameters. */
async function statementsOf(work: () => Promise<unknown>): Promise<string[]> {
  const seen: string[] = [];
  const query = PgClient.prototype.query;
  PgClient.prototype.query = function (this: PgClient, ...args: unknown[]) {
    const [first] = args;
    seen.push(typeof first === "string" ? first : (first as { text: string }).text);
    return query.apply(this, args as never);
  } as never;
  try {
    await work();
  } finally {
    PgClient.prototype.query = query;
  }
  return seen;
}

describe("a forgotten password", () => {
  it("is answered alike, by the same statements, whether or not the address has an account (S16)", async () => {
    const { email } = await madeAccount();
    const answers: unknown[] = [];
    const ask = (address: string) =>
      statementsOf(async () => answers.push(await requestReset({ email: address }, from())));
    const known = await ask(email);
    const unknown = await ask(`${crypto.randomUUID()}@example.org`);
    expect(unknown).toEqual(known);
    expect(known.length).toBeGreaterThan(8);
    // Over the limit too: this is the second request within a minute.
    const knownAgain = await ask(email.toUpperCase());
    const nobody = `${crypto.randomUUID()}@example.org`;
    await ask(nobody);
    expect(await ask(nobody)).toEqual(knownAgain);
    expect(new Set(answers.map((answer) => JSON.stringify(answer)))).toEqual(new Set(['{"status":"asked"}']));
  });

  it("is emailed to the address as the account has it, however it was typed", async () => {
    const { id, email } = await madeAccount();
    await requestReset({ email: ` ${email.toUpperCase().replace("@", "＠")} ` }, from());
    expect((await mailsOf(id, "reset-password")).map(({ recipient }) => recipient)).toEqual([email]);
    expect(await actionsOf(id)).toContain("password.reset-asked");
  });

  it("sends one email a minute and three an hour, for every spelling of the address, without disclosing the limit (S18)", async () => {
    const { id, email } = await madeAccount(`zoé.${crypto.randomUUID()}@example.org`);
    const wide = email.replace(/[a-z]/g, (letter) => String.fromCodePoint(letter.codePointAt(0)! + 0xfee0));
    const spellings = [
      email,
      email.toUpperCase(),
      ` ${email}`,
      email.replace("@", "＠"),
      email.normalize("NFD"),
      email.toUpperCase().normalize("NFD"),
      wide,
      `${wide.toUpperCase()}\u00a0`,
    ];
    expect(new Set(spellings).size).toBe(8);
    const burst = await Promise.all(
      Array.from({ length: 64 }, (_, count) => requestReset({ email: spellings[count % 8]! }, from())),
    );
    expect(new Set(burst.map(({ status }) => status))).toEqual(new Set(["asked"]));
    expect(await mailsOf(id, "reset-password")).toHaveLength(1);
    for (let hour = 0; hour < 4; hour++) {
      await db().execute(`UPDATE limit_counter SET ends_at = now() WHERE "limit" = 'resetMailPerMinute'`);
      await requestReset({ email }, from());
    }
    expect(await mailsOf(id, "reset-password")).toHaveLength(3);
    const limited = await db().select().from(event).where(eq(event.action, "password.reset-limited"));
    expect(limited.filter(({ details }) => details["limit"] === "resetMailPerHour")).toHaveLength(1);
  });

  it("is limited to 100 requests in 10 minutes per network, and says so; the lock records one event (S18)", async () => {
    const one = from();
    const burst = await Promise.all(
      Array.from({ length: 130 }, () => requestReset({ email: `${crypto.randomUUID()}@example.org` }, one)),
    );
    expect(burst.filter(({ status }) => status === "asked")).toHaveLength(100);
    expect(burst.filter(({ status }) => status === "limited")).toHaveLength(30);
    expect(await toldOf("password.reset-limited", one)).toEqual([{ limit: "resetMailPerNetwork" }]);
  });

  it("is replaced: the old one stops working, the address is confirmed, and the person is emailed", async () => {
    const somebody = await madeAccount();
    const { id, email } = somebody;
    const token = await askedToReset(somebody);
    expect(await findResetLink(token, { now })).toEqual({ status: "open", accountId: id, email });
    expect(await resetPassword({ token, password: another }, from())).toEqual({ status: "reset" });

    expect(await findSession(somebody.reference)).toBeNull();
    expect((await signIn({ email, password }, from())).status).toBe("wrong");
    expect((await signIn({ email, password: another }, from())).status).toBe("signedIn");
    const [row] = await db().select().from(account).where(eq(account.id, id));
    expect(row!.emailVerifiedAt).toEqual(now);
    expect((await mailsOf(id, "password-changed")).map(({ recipient }) => recipient)).toEqual([email]);
    expect(await actionsOf(id)).toEqual(expect.arrayContaining(["password.reset", "account.email-confirmed"]));
  });

  it("a reset ends a lock caused by earlier guesses", async () => {
    const somebody = await madeAccount();
    const { email } = somebody;
    for (let guess = 0; guess < 5; guess++) await signIn({ email, password: `guess ${guess}` }, from());
    expect((await signIn({ email, password }, from())).status).toBe("locked");
    await resetPassword({ token: await askedToReset(somebody), password: another }, from());
    expect((await signIn({ email, password: another }, from())).status).toBe("signedIn");
  });

  it("is reset by a link once, within half an hour, and only by the newest link", async () => {
    const somebody = await madeAccount();
    const first = await askedToReset(somebody);
    await db().execute(`UPDATE limit_counter SET ends_at = now() WHERE "limit" = 'resetMailPerMinute'`);
    const second = await askedToReset(somebody, later(1));
    const set = (token: string, at = now) => resetPassword({ token, password: another }, from(at));
    expect(await set(first)).toEqual({ status: "spent" });
    expect(await set("never sent")).toEqual({ status: "unknown" });
    expect(await set(second, later(31))).toEqual({ status: "late" });
    expect(await set(second, later(30.9))).toEqual({ status: "reset" });
    expect(await set(second, later(30.9))).toEqual({ status: "spent" });
    // A link for another purpose sets no password.
    expect(await set(await issued(somebody.id, "verify-email", somebody.email))).toEqual({ status: "unknown" });
  });

  it("a refused new password leaves the old one valid and the reset link usable", async () => {
    const somebody = await madeAccount();
    const token = await askedToReset(somebody);
    const refused = await resetPassword({ token, password: "password1" }, from());
    expect(refused).toEqual({ status: "passwordRefused", fault: "tooCommon" });
    expect(await findSession(somebody.reference)).not.toBeNull();
    expect(await resetPassword({ token, password: another }, from())).toEqual({ status: "reset" });
  });

  it("a reset voids other pending links, but not the one that restores a former address", async () => {
    const somebody = await madeAccount();
    const token = await askedToReset(somebody);
    const purposes = ["verify-email", "change-email", "delete-account", "restore-email"] as const;
    const open = await Promise.all(purposes.map((purpose) => issued(somebody.id, purpose)));
    await resetPassword({ token, password: another }, from());
    const stillLive = [];
    for (const [index, purpose] of purposes.entries()) if (await isLive(open[index]!, purpose)) stillLive.push(purpose);
    expect(stillLive).toEqual(["restore-email"]);
  });

  it("a reset deletes every passkey of an account whose address was never confirmed", async () => {
    const somebody = await madeAccount();
    await addPasskey(somebody.id, later(-10));
    await resetPassword({ token: await askedToReset(somebody), password: another }, from());
    expect(await passkeysOf(somebody.id)).toEqual([]);
    expect(await actionsOf(somebody.id)).toContain("passkey.removed");
  });

  it("a reset deletes passkeys added before the address was confirmed and keeps later ones", async () => {
    const somebody = await madeAccount();
    await db()
      .update(account)
      .set({ emailVerifiedAt: later(-60) })
      .where(eq(account.id, somebody.id));
    await addPasskey(somebody.id, later(-61));
    await addPasskey(somebody.id, later(-59));
    await resetPassword({ token: await askedToReset(somebody), password: another }, from());
    expect((await passkeysOf(somebody.id)).map(({ createdAt }) => createdAt)).toEqual([later(-59)]);
    const [row] = await db().select().from(account).where(eq(account.id, somebody.id));
    expect(row!.emailVerifiedAt).toEqual(later(-60));
  });

  it("is reset once when sixteen requests use the link at once (S23)", async () => {
    const somebody = await madeAccount();
    const token = await askedToReset(somebody);
    const wishes = Array.from({ length: 16 }, (_, count) => `${another} number ${count}`);
    const answers = await Promise.all(wishes.map((wish) => resetPassword({ token, password: wish }, from())));
    const winners = wishes.filter((_, count) => answers[count]!.status === "reset");
    expect(winners).toHaveLength(1);
    expect(answers.filter(({ status }) => status === "spent")).toHaveLength(15);
    expect((await signIn({ email: somebody.email, password: winners[0]! }, from())).status).toBe("signedIn");
    expect(await mailsOf(somebody.id, "password-changed")).toHaveLength(1);
  });
});

describe("a password that is changed", () => {
  const change = (somebody: Awaited<ReturnType<typeof madeAccount>>, wish = another) =>
    changePassword(
      {
        accountId: somebody.id,
        sessionId: somebody.sessionId,
        reference: somebody.reference,
        password: wish,
        person: somebody,
      },
      from(),
    );

  it("keeps this session under a new reference and ends every other (S02, S03)", async () => {
    const somebody = await madeAccount();
    await db().update(account).set({ emailVerifiedAt: now }).where(eq(account.id, somebody.id));
    const elsewhere = await signIn({ email: somebody.email, password }, from());
    if (elsewhere.status !== "signedIn") throw new Error(elsewhere.status);
    const changed = await change(somebody);
    if (changed.status !== "changed") throw new Error(changed.status);

    expect((await findSession(changed.reference))!.credential.sessionId).toBe(somebody.sessionId);
    expect(await findSession(somebody.reference)).toBeNull();
    expect(await findSession(elsewhere.reference)).toBeNull();
    expect((await signIn({ email: somebody.email, password }, from())).status).toBe("wrong");
    expect((await signIn({ email: somebody.email, password: another }, from())).status).toBe("signedIn");
    expect(await mailsOf(somebody.id, "password-changed")).toHaveLength(1);
    expect(await actionsOf(somebody.id)).toContain("password.changed");
  });

  it("voids pending requests made with the old password, but not the link that confirms the address", async () => {
    const somebody = await madeAccount();
    const purposes = ["reset-password", "change-email", "delete-account", "verify-email", "restore-email"] as const;
    const open = await Promise.all(purposes.map((purpose) => issued(somebody.id, purpose, somebody.email)));
    await change(somebody);
    const stillLive = [];
    for (const [index, purpose] of purposes.entries()) if (await isLive(open[index]!, purpose)) stillLive.push(purpose);
    expect(stillLive).toEqual(["verify-email", "restore-email"]);
  });

  it("stays unchanged when the session has ended or the new password is refused", async () => {
    const somebody = await madeAccount();
    expect(await change(somebody, "camille1")).toMatchObject({ status: "passwordRefused" });
    await change({ ...somebody, reference: "never given out" }).then((answer) =>
      expect(answer).toEqual({ status: "ended" }),
    );
    expect(await findSession(somebody.reference)).not.toBeNull();
    expect(await mailsOf(somebody.id, "password-changed")).toEqual([]);
  });

  it("is checked at most 300 times in 10 minutes per network, whether chosen or changed; the lock records one event (S18)", async () => {
    const somebody = await madeAccount();
    const token = await issued(somebody.id, "reset-password", somebody.email);
    const one = from();
    const { id: accountId, sessionId, reference } = somebody;
    const answers = await Promise.all(
      Array.from({ length: 330 }, (_, count) =>
        count % 2
          ? changePassword({ accountId, sessionId, reference, password: "short", person: somebody }, one)
          : resetPassword({ token, password: "short" }, one),
      ),
    );
    expect(answers.filter(({ status }) => status === "passwordRefused")).toHaveLength(300);
    expect(answers.filter(({ status }) => status === "limited")).toHaveLength(30);
    expect(await toldOf("password.limited", one)).toEqual([{ limit: "newPasswordPerNetwork" }]);
    expect(await actionsOf(accountId)).toContain("password.limited");
  });
});

describe("a token", () => {
  it.each(["verify-email", "change-email", "restore-email", "reset-password", "delete-account"] as const)(
    "for %s is spent by one of sixteen at once (S23)",
    async (purpose) => {
      const { id } = await madeAccount();
      const token = await issued(id, purpose);
      const spent = await Promise.all(Array.from({ length: 16 }, () => spendToken(db(), token, [purpose], { now })));
      expect(spent.filter(Boolean)).toHaveLength(1);
    },
  );

  it("is spent for its own purpose only, and not once it has expired", async () => {
    const { id } = await madeAccount();
    const token = await issued(id, "reset-password");
    expect(await spendToken(db(), token, ["verify-email", "change-email"], { now })).toBeNull();
    expect(await spendToken(db(), token, ["reset-password"], { now: later(30) })).toBeNull();
    expect(await spendToken(db(), token, ["reset-password"], { now: later(29) })).not.toBeNull();
  });

  it("is the only live one of its purpose, however many are requested at once", async () => {
    const { id, email } = await madeAccount();
    const tokens = await Promise.all(
      Array.from({ length: 8 }, () =>
        transaction(async (tx) => {
          await lockAccount(tx, id);
          return (await issueToken(tx, { purpose: "reset-password", accountId: id, email }, { now })).token;
        }),
      ),
    );
    const live = await Promise.all(tokens.map((token) => isLive(token, "reset-password")));
    expect(live.filter(Boolean)).toHaveLength(1);
  });
});
