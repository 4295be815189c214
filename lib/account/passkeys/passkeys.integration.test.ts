import { and, asc, eq, isNull, sql } from "drizzle-orm";
import { beforeEach, describe, expect, it } from "vitest";
import { lockAccount } from "@/lib/account/lock-account";
import { addPasskey, beginAddingPasskey, MOST_PASSKEYS } from "@/lib/account/passkeys/add-passkey";
import { removePasskey, renamePasskey } from "@/lib/account/passkeys/change-passkey";
import { sweepChallenges } from "@/lib/account/passkeys/challenges";
import { confirmWithPasskey } from "@/lib/account/passkeys/confirm-with-passkey";
import { findPasskey, listPasskeys } from "@/lib/account/passkeys/list-passkeys";
import { beginProof } from "@/lib/account/passkeys/prove-passkey";
import { relyingParty, userHandleOf } from "@/lib/account/passkeys/relying-party";
import { signInWithPasskey } from "@/lib/account/passkeys/sign-in-with-passkey";
import { softwareAuthenticator, type Lie } from "@/lib/testing/software-authenticator";
import { findSession, newReference, openSession, revokeSession, type Client } from "@/lib/account/session/sessions";
import { db, transaction } from "@/lib/db/client";
import { account, passkey, passkeyChallenge, session } from "@/lib/db/schema/account";
import { event } from "@/lib/db/schema/event";
import { mail } from "@/lib/db/schema/mail";
import { untilSomeoneWaits, withTestDatabase } from "@/lib/testing/database";

withTestDatabase();

const now = new Date("2026-11-23T14:05:00Z");
const later = (seconds: number) => new Date(now.getTime() + seconds * 1000);
const site = relyingParty();

/** A network of its own for each test, so that no limit is shared. */
let networks = 0;
let client: Client;
beforeEach(() => {
  client = { addressPrefix: `198.51.100.${++networks}`, userAgent: "test", browser: null };
});
const at = (moment = now) => ({ now: moment, client });

async function makeAccount({ email = `${crypto.randomUUID()}@example.org` } = {}): Promise<string> {
  const person = { email, name: "Camille", passwordHash: "none", country: "FR", locale: "en" };
  const [made] = await db()
    .insert(account)
    .values({ ...person, timeZone: "UTC", emailVerifiedAt: now })
    .returning({ id: account.id });
  return made!.id;
}

async function begunAdding(accountId: string) {
  const begun = await beginAddingPasskey({ accountId }, at());
  if (begun.status !== "begun") throw new Error(begun.status);
  return begun.options;
}

async function begunProof(accountId: string | null = null) {
  const begun = await beginProof({ accountId }, at());
  if (begun.status !== "begun") throw new Error(begun.status);
  return begun.options;
}

/** Makes an account with a passkey. */
async function withPasskey(accountId?: string, lie: Lie = {}) {
  const owner = accountId ?? (await makeAccount());
  const device = softwareAuthenticator(site);
  const answer = device.create(await begunAdding(owner), lie);
  const added = await addPasskey({ accountId: owner, answer, name: "Chrome on Windows" }, at());
  if (added.status !== "added") throw new Error(added.status);
  return { accountId: owner, device, passkeyId: added.id };
}

async function signedIn(accountId: string): Promise<string> {
  const reference = newReference();
  await openSession(db(), { reference, accountId, client });
  return reference;
}

const sessionsOf = (accountId: string) => db().select().from(session).where(eq(session.accountId, accountId));

const eventsOf = (accountId: string) =>
  db()
    .select({ action: event.action, subject: event.subject, details: event.details })
    .from(event)
    .where(eq(event.accountId, accountId))
    .orderBy(asc(event.id));
const mailsOf = async (accountId: string) =>
  (await db().select({ kind: mail.kind }).from(mail).where(eq(mail.accountId, accountId))).map(({ kind }) => kind);

const refused = (reason: string) => ({ status: "refused", reason });

describe("adding a passkey", () => {
  it("asks for one that is stored on the device, verifies its user, and uses an opaque user handle", async () => {
    const accountId = await makeAccount({ email: "someone@example.org" });
    const options = await begunAdding(accountId);
    expect(options).toMatchObject({
      rp: { id: "localhost" },
      attestation: "none",
      authenticatorSelection: { residentKey: "required", userVerification: "required" },
      excludeCredentials: [],
    });
    expect(Buffer.from(options.challenge, "base64url")).toHaveLength(32);
    expect(Buffer.from(options.user.id, "base64url")).toHaveLength(32);
    expect(options.user.id).toBe((await begunAdding(accountId)).user.id);
    expect(Buffer.from(options.user.id, "base64url").toString("latin1")).not.toContain("someone");
    expect(options.challenge).not.toBe((await begunAdding(accountId)).challenge);
  });

  it("stores its public key, emails the owner, records an event and excludes the same device next time", async () => {
    const { accountId, device, passkeyId } = await withPasskey();
    expect(await listPasskeys(accountId)).toEqual([
      { id: passkeyId, name: "Chrome on Windows", createdAt: now, lastUsedAt: null },
    ]);
    const [row] = await db().select().from(passkey).where(eq(passkey.id, passkeyId));
    expect(row).toMatchObject({ credentialId: device.credentialId, counter: 0, transports: ["internal"] });
    expect(await mailsOf(accountId)).toEqual(["passkey-added"]);
    expect(await eventsOf(accountId)).toEqual([{ action: "passkey.added", subject: passkeyId, details: {} }]);
    const { excludeCredentials } = await begunAdding(accountId);
    expect(excludeCredentials).toMatchObject([{ id: device.credentialId, transports: ["internal"] }]);
  });

  it.each<[string, Lie, string]>([
    ["made on another site", { origin: "https://evil.example" }, "invalid"],
    ["made for another site", { rpId: "evil.example" }, "invalid"],
    ["made on this site by its other name", { origin: "http://127.0.0.1:3000" }, "invalid"],
    ["an answer to what nobody asked", { challenge: Buffer.alloc(32, 7).toString("base64url") }, "expired"],
    ["a proof instead of a new one", { type: "webauthn.get" }, "invalid"],
    ["made without unlocking the device", { isUserVerified: false }, "invalid"],
    ["made without touching the device", { isUserPresent: false }, "invalid"],
  ])("is refused when it is %s", async (_, lie, reason) => {
    const accountId = await makeAccount();
    const answer = softwareAuthenticator(site).create(await begunAdding(accountId), lie);
    expect(await addPasskey({ accountId, answer, name: "x" }, at())).toEqual(refused(reason));
    expect(await listPasskeys(accountId)).toEqual([]);
    const left = reason === "invalid" ? [{ action: "passkey.refused", subject: null, details: { reason } }] : [];
    expect(await eventsOf(accountId)).toEqual(left);
  });

  it("is refused when the response is repeated, late or from another account", async () => {
    const [accountId, other] = [await makeAccount(), await makeAccount()];
    const device = softwareAuthenticator(site);
    const options = await begunAdding(accountId);
    const answer = device.create(options);
    const attempt = { answer, name: "x" };
    expect(await addPasskey({ ...attempt, accountId: other }, at())).toEqual(refused("expired"));
    expect(await addPasskey({ ...attempt, accountId }, at(later(301)))).toEqual(refused("expired"));
    expect((await addPasskey({ ...attempt, accountId }, at(later(299)))).status).toBe("added");
    expect(await addPasskey({ ...attempt, accountId }, at())).toEqual(refused("expired"));
    expect(await listPasskeys(other)).toEqual([]);
  });

  it("does not take over another account's passkey", async () => {
    const { accountId, device } = await withPasskey();
    const thief = await makeAccount();
    const answer = device.create(await begunAdding(thief));
    expect(await addPasskey({ accountId: thief, answer, name: "mine" }, at())).toEqual(refused("invalid"));
    expect(await listPasskeys(thief)).toEqual([]);
    expect(await listPasskeys(accountId)).toHaveLength(1);
  });

  it("is limited to twenty, before the device makes one more and in a parallel burst", async () => {
    const accountId = await makeAccount();
    for (let made = 0; made < MOST_PASSKEYS - 1; made++) {
      client = { ...client, addressPrefix: `203.0.113.${made}` };
      await withPasskey(accountId);
    }
    const answers: string[] = [];
    for (let more = 0; more < 4; more++) answers.push(softwareAuthenticator(site).create(await begunAdding(accountId)));
    // Hold all of them at the same place and release them at once.
    let adding: Promise<{ status: string }[]> | undefined;
    await db().transaction(async (tx) => {
      await tx.execute(sql`LOCK TABLE passkey IN SHARE MODE`);
      adding = Promise.all(answers.map((answer) => addPasskey({ accountId, answer, name: "x" }, at())));
      await untilSomeoneWaits(answers.length);
    });
    const added = await adding!;
    expect(added.map(({ status }) => status).sort()).toEqual(["added", "tooMany", "tooMany", "tooMany"]);
    expect(await listPasskeys(accountId)).toHaveLength(MOST_PASSKEYS);
    expect(await beginAddingPasskey({ accountId }, at())).toEqual({ status: "tooMany" });
  });
});

describe("signing in with a passkey", () => {
  it("needs no address: the passkey identifies the account and opens a session", async () => {
    const { accountId, device, passkeyId } = await withPasskey();
    const options = await begunProof();
    expect(options).toMatchObject({ rpId: "localhost", userVerification: "required", allowCredentials: [] });
    const entered = await signInWithPasskey(device.get(options), at(later(60)));
    if (entered.status !== "signedIn") throw new Error(entered.reason);
    expect(entered.locale).toBe("en");
    expect(await findSession(entered.reference)).toMatchObject({ account: { id: accountId }, steppedUp: true });
    expect((await findPasskey({ id: passkeyId, accountId }))!.lastUsedAt).toEqual(later(60));
    expect((await eventsOf(accountId)).map(({ action }) => action)).toEqual(["passkey.added", "session.started"]);
    expect(await mailsOf(accountId)).toEqual(["passkey-added", "new-sign-in"]);
  });

  it.each<[string, Lie, string]>([
    ["signed on another site", { origin: "https://evil.example" }, "invalid"],
    ["signed for another site", { rpId: "evil.example" }, "invalid"],
    ["an answer to what nobody asked", { challenge: Buffer.alloc(32, 7).toString("base64url") }, "expired"],
    ["not signed by the passkey", { isForged: true }, "invalid"],
    ["a new passkey instead of a proof", { type: "webauthn.create" }, "invalid"],
    ["signed without unlocking the device", { isUserVerified: false }, "invalid"],
    ["signed without touching the device", { isUserPresent: false }, "invalid"],
    ["said to be somebody else’s", { userHandle: userHandleOf("somebody else") }, "invalid"],
    ["nobody’s", { userHandle: null }, "invalid"],
  ])("is refused when it is %s", async (_, lie, reason) => {
    const { accountId, device, passkeyId } = await withPasskey();
    expect(await signInWithPasskey(device.get(await begunProof(), lie), at())).toEqual(refused(reason));
    const left = { action: "passkey.refused", subject: passkeyId, details: { reason } };
    expect((await eventsOf(accountId)).slice(1)).toEqual(reason === "invalid" ? [left] : []);
    expect((await findPasskey({ id: passkeyId, accountId }))!.lastUsedAt).toBeNull();
  });

  it("refuses a repeated or late response: the challenge is spent before the response is checked", async () => {
    const { device } = await withPasskey();
    const options = await begunProof();
    expect(await signInWithPasskey(device.get(options, { isForged: true }), at())).toEqual(refused("invalid"));
    expect(await signInWithPasskey(device.get(options), at())).toEqual(refused("expired"));
    const late = device.get(await begunProof());
    expect(await signInWithPasskey(late, at(later(300)))).toEqual(refused("expired"));
  });

  it("opens one session per challenge, even when sixteen requests send the response at once", async () => {
    const { accountId, device } = await withPasskey();
    const answer = device.get(await begunProof());
    const all = await Promise.all(Array.from({ length: 16 }, () => signInWithPasskey(answer, at())));
    expect(all.filter(({ status }) => status === "signedIn")).toHaveLength(1);
    expect(all.filter(({ status }) => status === "refused")).toHaveLength(15);
    expect(await sessionsOf(accountId)).toHaveLength(1);
    expect((await eventsOf(accountId)).filter(({ action }) => action === "session.started")).toHaveLength(1);
  });

  it("opens no session when the passkey is removed while its response is checked", async () => {
    const { accountId, device, passkeyId } = await withPasskey();
    const answer = device.get(await begunProof());
    let entering: ReturnType<typeof signInWithPasskey> | undefined;
    await transaction(async (tx) => {
      await lockAccount(tx, accountId);
      entering = signInWithPasskey(answer, at());
      await untilSomeoneWaits();
      await tx.delete(passkey).where(eq(passkey.id, passkeyId));
    });
    expect(await entering).toEqual(refused("invalid"));
    expect(await sessionsOf(accountId)).toEqual([]);
  });

  it("opens no session for an account that was erased", async () => {
    const { accountId, device } = await withPasskey();
    await db().update(account).set({ passwordHash: null, erasedAt: now }).where(eq(account.id, accountId));
    expect(await signInWithPasskey(device.get(await begunProof()), at())).toEqual(refused("invalid"));
    expect(await sessionsOf(accountId)).toEqual([]);
  });

  it("refuses a removed or unknown passkey and says so", async () => {
    const { accountId, device, passkeyId } = await withPasskey();
    const challenge = await begunProof();
    await removePasskey({ id: passkeyId, accountId }, at());
    expect(await signInWithPasskey(device.get(challenge), at())).toEqual(refused("unknown"));
    const stranger = softwareAuthenticator(site);
    const forged = stranger.get(await begunProof(), { userHandle: userHandleOf(accountId) });
    expect(await signInWithPasskey(forged, at())).toEqual(refused("unknown"));
    const left = await db().select().from(event).where(sql`${event.action} = 'passkey.refused' and ${event.details} ->> 'reason' = 'unknown'`); // prettier-ignore
    expect(left).toHaveLength(2);
  });

  it("does not accept a challenge issued for confirming, nor the other way round", async () => {
    const { accountId, device } = await withPasskey();
    expect(await signInWithPasskey(device.get(await begunProof(accountId)), at())).toEqual(refused("expired"));
    const reference = await signedIn(accountId);
    const attempt = { accountId, reference, answer: device.get(await begunProof()) };
    expect(await confirmWithPasskey(attempt, at())).toEqual(refused("expired"));
  });

  it("detects a copy: a counter that does not increase is refused, also in parallel; a constant zero is accepted", async () => {
    const { device, passkeyId } = await withPasskey(undefined, { counter: 4 });
    const attempt = async (counter: number) =>
      (await signInWithPasskey(device.get(await begunProof(), { counter }), at())).status;
    expect(await attempt(4)).toBe("refused");
    expect(await attempt(7)).toBe("signedIn");
    expect(await attempt(7)).toBe("refused");
    expect(await attempt(6)).toBe("refused");
    expect(await attempt(0)).toBe("refused");
    const [original, copy] = [await begunProof(), await begunProof()];
    const both = await Promise.all([
      signInWithPasskey(device.get(original, { counter: 8 }), at(later(1))),
      signInWithPasskey(device.get(copy, { counter: 8 }), at(later(2))),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual(["refused", "signedIn"]);
    const [row] = await db().select({ counter: passkey.counter }).from(passkey).where(eq(passkey.id, passkeyId));
    expect(row).toEqual({ counter: 8 });

    const synced = await withPasskey();
    for (let time = 0; time < 3; time++)
      expect((await signInWithPasskey(synced.device.get(await begunProof()), at())).status).toBe("signedIn");
  });

  it("answers malformed input of any shape and size, and stores none of it", async () => {
    const { accountId, device } = await withPasskey();
    const honest = JSON.parse(device.get(await begunProof())) as { response: Record<string, unknown> };
    const nonsense = [
      "",
      "null",
      "[]",
      "{",
      '{"id":1}',
      "[".repeat(30_000),
      JSON.stringify({ ...honest, id: "%%%" }),
      JSON.stringify({ ...honest, id: "x".repeat(2_000) }),
      JSON.stringify({ ...honest, response: null }),
      JSON.stringify({ ...honest, response: { ...honest.response, clientDataJSON: "bm90IGpzb24" } }),
      JSON.stringify({ ...honest, response: { ...honest.response, signature: "x".repeat(20_000) } }),
      `${JSON.stringify(honest)}${" ".repeat(50_000)}`,
    ];
    for (const text of nonsense) {
      expect(await signInWithPasskey(text, at()), text.slice(0, 80)).toEqual(refused("expired"));
      expect(await addPasskey({ accountId, answer: text, name: "x" }, at())).toEqual(refused("expired"));
    }
    // Well-formed outside, invalid inside.
    for (const field of ["authenticatorData", "signature"]) {
      const { challenge } = await begunProof();
      const rotten = JSON.parse(device.get({ challenge })) as { response: Record<string, unknown> };
      const text = JSON.stringify({ ...rotten, response: { ...rotten.response, [field]: "AAAA" } });
      expect(await signInWithPasskey(text, at()), field).toEqual(refused("invalid"));
    }
    const options = await begunAdding(accountId);
    const made = JSON.parse(softwareAuthenticator(site).create(options)) as { response: Record<string, unknown> };
    const answer = JSON.stringify({ ...made, response: { ...made.response, attestationObject: "AAAA" } });
    expect(await addPasskey({ accountId, answer, name: "x" }, at())).toEqual(refused("invalid"));
    expect((await eventsOf(accountId)).filter(({ action }) => action === "passkey.refused")).toHaveLength(3);
  });
});

describe("confirming with a passkey", () => {
  const age = (accountId: string) =>
    db().execute(
      sql`UPDATE session SET authenticated_at = now() - interval '16 minutes' WHERE account_id = ${accountId}`,
    );

  it("makes the session fresh under a new reference; the old one stops working (S03)", async () => {
    const { accountId, device, passkeyId } = await withPasskey();
    const reference = await signedIn(accountId);
    await age(accountId);
    expect((await findSession(reference))!.steppedUp).toBe(false);
    const options = await begunProof(accountId);
    expect(options.allowCredentials).toMatchObject([{ id: device.credentialId }]);

    const confirmed = await confirmWithPasskey({ accountId, reference, answer: device.get(options) }, at());
    if (confirmed.status !== "confirmed") throw new Error(confirmed.status);
    expect(confirmed.reference).not.toBe(reference);
    expect(await findSession(reference)).toBeNull();
    expect((await findSession(confirmed.reference))!.steppedUp).toBe(true);
    const [last] = (await eventsOf(accountId)).slice(-1);
    expect(last).toEqual({ action: "session.confirmed", subject: passkeyId, details: {} });
  });

  it("refuses another account's passkey or challenge", async () => {
    const [owner, other] = [await withPasskey(), await withPasskey()];
    const reference = await signedIn(owner.accountId);
    await age(owner.accountId);
    const attempt = (answer: string) => confirmWithPasskey({ accountId: owner.accountId, reference, answer }, at());
    for (const userHandle of [undefined, null, userHandleOf(owner.accountId)]) {
      const lie = userHandle === undefined ? {} : { userHandle };
      expect(await attempt(other.device.get(await begunProof(owner.accountId), lie))).toEqual(refused("invalid"));
    }
    expect(await attempt(owner.device.get(await begunProof(other.accountId)))).toEqual(refused("expired"));
    expect((await findSession(reference))!.steppedUp).toBe(false);
  });

  it("does not revive a session that has ended", async () => {
    const { accountId, device } = await withPasskey();
    const reference = await signedIn(accountId);
    const answer = device.get(await begunProof(accountId));
    await revokeSession(reference);
    expect(await confirmWithPasskey({ accountId, reference, answer }, at())).toEqual({ status: "ended" });
  });
});

describe("a passkey in the list", () => {
  it("is renamed and removed by its owner alone; another account's looks as if it did not exist (S10)", async () => {
    const { accountId, passkeyId: id } = await withPasskey();
    const thief = await makeAccount();
    expect(await renamePasskey({ id, accountId: thief, name: "mine" }, at())).toBe(false);
    await removePasskey({ id, accountId: thief }, at());
    expect(await findPasskey({ id, accountId: thief })).toBeNull();
    expect(await listPasskeys(thief)).toEqual([]);
    expect(await eventsOf(thief)).toEqual([]);
    expect(await mailsOf(thief)).toEqual([]);
    expect((await findPasskey({ id, accountId }))!.name).toBe("Chrome on Windows");

    for (let time = 0; time < 2; time++)
      expect(await renamePasskey({ id, accountId, name: "The kitchen tablet" }, at())).toBe(true);
    expect((await findPasskey({ id, accountId }))!.name).toBe("The kitchen tablet");
    await removePasskey({ id, accountId }, at());
    await removePasskey({ id, accountId }, at());
    expect(await listPasskeys(accountId)).toEqual([]);
    const actions = (await eventsOf(accountId)).map(({ action }) => action);
    expect(actions).toEqual(["passkey.added", "passkey.renamed", "passkey.removed"]);
    expect(await mailsOf(accountId)).toEqual(["passkey-added", "passkey-removed"]);
  });
});

describe("beginning", () => {
  it("is limited per network, even in a parallel burst, and says until when; the lock records one event (S18)", async () => {
    const accountId = await makeAccount();
    const begun = [];
    for (let time = 0; time < 620; time++) begun.push(beginProof({ accountId }, at()));
    const statuses = (await Promise.all(begun)).map(({ status }) => status);
    expect(statuses.filter((status) => status === "begun")).toHaveLength(600);
    const challenges = await db().select().from(passkeyChallenge).where(eq(passkeyChallenge.accountId, accountId));
    expect(challenges).toHaveLength(600);
    const limited = await beginAddingPasskey({ accountId }, at());
    expect(limited).toEqual({ status: "limited", until: expect.any(Date) as Date });
    // Not recorded for an account: a network is not a person.
    expect(await eventsOf(accountId)).toEqual([]);
    const locks = and(eq(event.action, "session.locked"), isNull(event.accountId));
    const details = await db().select({ details: event.details }).from(event).where(locks);
    expect(details).toEqual([{ details: { limit: "passkeyPerNetwork" } }]);
  });

  it("deletes expired challenges", async () => {
    const accountId = await makeAccount();
    await begunProof(accountId);
    const held = () => db().select().from(passkeyChallenge).where(eq(passkeyChallenge.accountId, accountId));
    await sweepChallenges({ now: later(299) });
    expect(await held()).toHaveLength(1);
    await sweepChallenges({ now: later(300) });
    expect(await held()).toEqual([]);
  });
});
