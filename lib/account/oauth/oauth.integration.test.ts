import { randomBytes } from "node:crypto";
import { and, eq, sql } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import {
  bindDevice,
  endAppSession,
  listAppSessions,
  startAppSession,
  sweepApps,
} from "@/lib/account/oauth/app-sessions";
import { continueInApp, findRequest, storeRequest } from "@/lib/account/oauth/authorization-requests";
import { findBearer } from "@/lib/account/oauth/bearer";
import { challengeOf } from "@/lib/account/oauth/challenge";
import { exchangeCode } from "@/lib/account/oauth/exchange-code";
import { readAuthorization } from "@/lib/account/oauth/read-authorization";
import { revokeToken } from "@/lib/account/oauth/revoke-token";
import { refresh } from "@/lib/account/oauth/refresh";
import { endOtherSessions } from "@/lib/account/session/end-sessions";
import { findSession, newReference, openSession, revokeSession, revokeSessions } from "@/lib/account/session/sessions";
import { db, transaction } from "@/lib/db/client";
import { device } from "@/lib/db/schema/device";
import { event } from "@/lib/db/schema/event";
import { mail } from "@/lib/db/schema/mail";
import { appSession, authorizationRequest, spentRefreshToken } from "@/lib/db/schema/oauth";
import { env } from "@/lib/env";
import { countStatements } from "@/lib/testing/count-statements";
import { withTestDatabase } from "@/lib/testing/database";
import { makeAccount } from "@/lib/testing/factories";

withTestDatabase();

const now = new Date("2026-11-30T09:00:00Z");
const later = (seconds: number) => new Date(now.getTime() + seconds * 1_000);
const DAY = 86_400;
const sender = { addressPrefix: "198.51.100.7", userAgent: "Exemple/1.0 (Android 16)" };
const clientId = "reference-phone";
const redirectUri = "com.example.app:/callback";
const verifier = "a-verifier-that-only-the-app-knows-0123456789";

const person = () => makeAccount({ emailVerifiedAt: now });

async function signedIn(accountId: string) {
  const entry = { accountId, clientId, sender };
  return (await transaction((tx) => startAppSession(tx, entry, { now, randomBytes })))!;
}

async function again(refreshToken: string, at = now, client = clientId) {
  const answer = await refresh({ refreshToken, clientId: client, sender }, { now: at });
  return answer.status === "refreshed" ? answer.tokens : null;
}

async function deviceOf(accountId: string) {
  const named = { installId: randomBytes(12).toString("hex"), name: "Pixel of Camille", system: "android" };
  const [made] = await db()
    .insert(device)
    .values({ accountId, ...named, createdAt: now, lastSeenAt: now })
    .returning({ id: device.id });
  return made!.id;
}

const told = async (accountId: string) =>
  (
    await db()
      .select({ action: event.action })
      .from(event)
      .where(and(eq(event.accountId, accountId), sql`${event.action} like 'app.%'`))
      .orderBy(event.id)
  ).map(({ action }) => action);

describe("an app's session", () => {
  it("gives a bearer, whose owner is told by event and by email", async () => {
    const accountId = await person();
    const { accessToken, appSessionId, expiresIn } = await signedIn(accountId);
    expect(expiresIn).toBe(900);
    const bearer = await findBearer(accessToken, { now });
    expect(bearer).toMatchObject({ appSessionId, clientId, deviceId: null, account: { id: accountId, locale: "en" } });
    expect(await told(accountId)).toEqual(["app.signed-in"]);
    const mails = await db().select({ kind: mail.kind }).from(mail).where(eq(mail.accountId, accountId));
    expect(mails).toEqual([{ kind: "new-app-sign-in" }]);
  });

  it("stores no token, only its digest", async () => {
    const { accessToken, refreshToken } = await signedIn(await person());
    await again(refreshToken);
    const { rows } = await db().execute<{ all: string }>(
      sql`SELECT (SELECT string_agg(s::text, ' ') FROM app_session s) || (SELECT string_agg(t::text, ' ') FROM spent_refresh_token t) AS all`,
    );
    for (const token of [accessToken, refreshToken]) {
      const secret = token.slice(token.indexOf("_") + 1);
      expect(rows[0]!.all).not.toContain(secret);
      expect(rows[0]!.all).not.toContain(Buffer.from(secret, "base64url").toString("hex"));
    }
  });

  it("is not started for an account that is erased or about to be", async () => {
    const gone = [{ passwordHash: null, erasedAt: now }, { leavesAt: later(DAY) }];
    for (const state of gone) {
      const accountId = await makeAccount(state);
      const entry = { accountId, clientId, sender };
      expect(await transaction((tx) => startAppSession(tx, entry, { now, randomBytes }))).toBeNull();
    }
  });

  it("is started once when its transaction is repeated with the same random bytes", async () => {
    const accountId = await person();
    const random = randomBytes(32);
    const start = () =>
      transaction((tx) => startAppSession(tx, { accountId, clientId, sender }, { now, randomBytes: () => random }));
    expect(await start()).toEqual(await start());
    expect(await told(accountId)).toEqual(["app.signed-in"]);
  });

  it("is found with one statement, and a second only when it was not seen for five minutes", async () => {
    const { accessToken, appSessionId } = await signedIn(await person());
    const seen = async () =>
      (await db().select({ at: appSession.lastSeenAt }).from(appSession).where(eq(appSession.id, appSessionId)))[0]!.at;
    const soon = await countStatements(() => findBearer(accessToken, { now: later(299) }));
    expect(soon.statements).toHaveLength(1);
    expect(await seen()).toEqual(now);
    const stale = await countStatements(() => findBearer(accessToken, { now: later(301) }));
    expect(stale.statements).toHaveLength(2);
    expect(await seen()).toEqual(later(301));
  });

  it("has an access token for 15 minutes", async () => {
    const { accessToken } = await signedIn(await person());
    expect(await findBearer(accessToken, { now: later(899) })).not.toBeNull();
    expect(await findBearer(accessToken, { now: later(900) })).toBeNull();
    expect(await findBearer("access_nonsense", { now })).toBeNull();
  });

  it("is bound to one device of its own account, once", async () => {
    const accountId = await person();
    const { appSessionId, accessToken } = await signedIn(accountId);
    const [mine, other, stranger] = [
      await deviceOf(accountId),
      await deviceOf(accountId),
      await deviceOf(await person()),
    ];
    expect(await bindDevice({ appSessionId, deviceId: stranger })).toBe(false);
    expect(await bindDevice({ appSessionId, deviceId: mine })).toBe(true);
    expect(await bindDevice({ appSessionId, deviceId: mine })).toBe(true);
    expect(await bindDevice({ appSessionId, deviceId: other })).toBe(false);
    expect((await findBearer(accessToken, { now }))!.deviceId).toBe(mine);
    await endAppSession({ accountId, appSessionId }, { now, sender });
    expect(await bindDevice({ appSessionId, deviceId: mine })).toBe(false);
  });

  it("is listed with its device until it ends or was idle for 180 days", async () => {
    const accountId = await person();
    await signedIn(await person());
    const { appSessionId } = await signedIn(accountId);
    await bindDevice({ appSessionId, deviceId: await deviceOf(accountId) });
    const view = { id: appSessionId, clientId, deviceName: "Pixel of Camille", since: now, lastSeen: now };
    expect(await listAppSessions({ accountId }, { now })).toEqual([view]);
    expect(await listAppSessions({ accountId }, { now: later(180 * DAY) })).toEqual([]);
    await endAppSession({ accountId, appSessionId }, { now, sender });
    expect(await listAppSessions({ accountId }, { now })).toEqual([]);
  });

  it("is ended by its own account only, with both tokens, and once", async () => {
    const accountId = await person();
    const { appSessionId, accessToken, refreshToken } = await signedIn(accountId);
    await endAppSession({ accountId: await person(), appSessionId }, { now, sender });
    expect(await findBearer(accessToken, { now })).not.toBeNull();
    await endAppSession({ accountId, appSessionId }, { now, sender });
    await endAppSession({ accountId, appSessionId }, { now, sender });
    expect(await findBearer(accessToken, { now })).toBeNull();
    expect(await again(refreshToken)).toBeNull();
    expect(await told(accountId)).toEqual(["app.signed-in", "app.signed-out"]);
  });

  it("ends when all sessions of the account end, and no other account's does", async () => {
    const accountId = await person();
    const other = await signedIn(await person());
    for (const end of [
      () => transaction((tx) => revokeSessions(tx, { accountId })),
      () =>
        endOtherSessions({ accountId, sessionId: crypto.randomUUID() }, { now, client: { ...sender, browser: null } }),
    ]) {
      const { accessToken, refreshToken } = await signedIn(accountId);
      await end();
      expect(await findBearer(accessToken, { now })).toBeNull();
      expect(await again(refreshToken)).toBeNull();
    }
    expect(await findBearer(other.accessToken, { now })).not.toBeNull();
  });
});

describe("a refresh", () => {
  it("gives a new pair; the former access token stops working", async () => {
    const first = await signedIn(await person());
    const next = (await again(first.refreshToken, later(60)))!;
    expect(next).toMatchObject({ expiresIn: 900 });
    expect(await findBearer(first.accessToken, { now: later(61) })).toBeNull();
    expect((await findBearer(next.accessToken, { now: later(61) }))!.appSessionId).toBe(first.appSessionId);
    expect(await again(next.refreshToken, later(120))).not.toBeNull();
  });

  it("takes one statement", async () => {
    const { refreshToken } = await signedIn(await person());
    const { statements, commits } = await countStatements(() => again(refreshToken));
    expect([statements.length, commits]).toEqual([1, 1]);
  });

  it("repeated within 60 seconds gives the same pair, while its successor is unused", async () => {
    const accountId = await person();
    const { refreshToken } = await signedIn(accountId);
    const first = (await again(refreshToken))!;
    expect(await again(refreshToken, later(59))).toEqual({ ...first, expiresIn: 900 - 59 });
    expect(await told(accountId)).toEqual(["app.signed-in"]);
    expect(await again(first.refreshToken, later(60))).not.toBeNull();
  });

  it("repeated after 60 seconds ends the session", async () => {
    const accountId = await person();
    const { refreshToken } = await signedIn(accountId);
    const next = (await again(refreshToken))!;
    expect(await again(refreshToken, later(60))).toBeNull();
    expect(await findBearer(next.accessToken, { now: later(60) })).toBeNull();
    expect(await again(next.refreshToken, later(61))).toBeNull();
    expect(await told(accountId)).toEqual(["app.signed-in", "app.replayed"]);
  });

  it("with the token before the last one ends the session, also within 60 seconds", async () => {
    const accountId = await person();
    const { refreshToken } = await signedIn(accountId);
    const second = (await again(refreshToken))!;
    const third = (await again(second.refreshToken))!;
    expect(await again(refreshToken, later(1))).toBeNull();
    expect(await again(third.refreshToken, later(2))).toBeNull();
    expect(await told(accountId)).toEqual(["app.signed-in", "app.replayed"]);
  });

  it("16 times at once gives everyone the same pair", async () => {
    for (let round = 0; round < 6; round++) {
      const accountId = await person();
      const { refreshToken } = await signedIn(accountId);
      const answers = await Promise.all(Array.from({ length: 16 }, () => again(refreshToken)));
      expect(new Set(answers.map((one) => `${one?.accessToken} ${one?.refreshToken}`)).size).toBe(1);
      expect(answers[0]).not.toBeNull();
      expect(await again(answers[0]!.refreshToken)).not.toBeNull();
      expect(await told(accountId)).toEqual(["app.signed-in"]);
    }
  });

  it("of another client changes nothing", async () => {
    const { refreshToken } = await signedIn(await person());
    expect(await again(refreshToken, now, "another-app")).toBeNull();
    const next = (await again(refreshToken))!;
    expect(await again(refreshToken, later(100), "another-app")).toBeNull();
    expect(await again(next.refreshToken, later(101))).not.toBeNull();
  });

  it("is refused after 180 days without one, which start anew with each", async () => {
    const { refreshToken } = await signedIn(await person());
    const next = (await again(refreshToken, later(179 * DAY)))!;
    const last = (await again(next.refreshToken, later(358 * DAY)))!;
    expect(await again(last.refreshToken, later(538 * DAY))).toBeNull();
  });

  it("is limited to 600 an hour, and the session goes on afterwards", async () => {
    const { appSessionId, refreshToken } = await signedIn(await person());
    await db().execute(sql`
      INSERT INTO spent_refresh_token (hash, app_session_id, spent_at)
      SELECT sha256(${appSessionId}::text::bytea || n::text::bytea), ${appSessionId}, ${now.toISOString()}::timestamptz + n * interval '1 second'
        FROM generate_series(1, 600) AS n`);
    const asked = { refreshToken, clientId, sender };
    expect(await refresh(asked, { now: later(601) })).toEqual({ status: "limited", until: later(3_601) });
    expect(await refresh(asked, { now: later(3_601) })).toMatchObject({ status: "refreshed" });
  });

  it("is refused for an unknown token", async () => {
    expect(await again("refresh_nonsense")).toBeNull();
  });
});

async function asked(at = now) {
  const wish = { clientId, redirectUri, state: "s", codeChallenge: challengeOf(verifier), deviceName: "Pixel" };
  return storeRequest(wish, { now: at });
}

async function browserOf(accountId: string) {
  const reference = newReference();
  const client = { ...sender, browser: null };
  await transaction((tx) => openSession(tx, { reference, accountId, client }));
  return { reference, sessionId: (await findSession(reference))!.credential.sessionId };
}

async function continued(accountId: string) {
  const id = await asked();
  const code = newReference();
  const { sessionId } = await browserOf(accountId);
  expect(await continueInApp({ id, accountId, sessionId, code }, { now })).toMatchObject({ redirectUri, state: "s" });
  return { id, code, sessionId };
}

const exchange = (code: string, given: Partial<Parameters<typeof exchangeCode>[0]> = {}, at = now) =>
  exchangeCode({ code, clientId, redirectUri, codeVerifier: verifier, sender, ...given }, { now: at, randomBytes });

describe("an authorization request", () => {
  it.each(["a\0b", "\u{1F4F1}", "s".repeat(1_001)])("is refused with the state %j, which is not stored", (state) => {
    const { authUrl: iss } = env();
    const wish = { client_id: clientId, redirect_uri: `${iss}/phone/callback`, response_type: "code" };
    const proof = { code_challenge: challengeOf(verifier), code_challenge_method: "S256" };
    expect(readAuthorization({ ...wish, ...proof, state: "a b~" })).toMatchObject({ request: { state: "a b~" } });
    const uri = `${wish.redirect_uri}?${new URLSearchParams({ error: "invalid_request", iss })}`;
    expect(readAuthorization({ ...wish, ...proof, state })).toEqual({ status: "refused", uri });
  });

  it("is found for ten minutes", async () => {
    const id = await asked();
    expect(await findRequest(id, { now: later(599) })).toMatchObject({ clientId, deviceName: "Pixel" });
    expect(await findRequest(id, { now: later(600) })).toBeNull();
    for (const other of [crypto.randomUUID(), "", "x' or true"]) expect(await findRequest(other, { now })).toBeNull();
  });

  it("gives a code only to a browser that is still signed in, before it expires", async () => {
    const accountId = await person();
    const { reference, sessionId } = await browserOf(accountId);
    const grant = { id: await asked(), accountId, sessionId, code: newReference() };
    expect(await continueInApp({ ...grant, accountId: await person() }, { now })).toBeNull();
    expect(await continueInApp(grant, { now: later(600) })).toBeNull();
    await revokeSession(reference);
    expect(await continueInApp(grant, { now })).toBeNull();
    expect(await exchange(grant.code)).toBeNull();
  });

  it("continued twice gives two codes, of which the second one works", async () => {
    const accountId = await person();
    const { id, code, sessionId } = await continued(accountId);
    const second = newReference();
    expect(await continueInApp({ id, accountId, sessionId, code: second }, { now })).not.toBeNull();
    expect(await exchange(code)).toBeNull();
    expect(await exchange(second)).not.toBeNull();
    expect(await continueInApp({ id, accountId, sessionId, code: newReference() }, { now })).toBeNull();
  });

  it("gives no tokens once the account's sessions were ended", async () => {
    const accountId = await person();
    const { code } = await continued(accountId);
    await transaction((tx) => revokeSessions(tx, { accountId }));
    expect(await exchange(code)).toBeNull();
  });

  it("of an account that ends its other sessions gives no tokens, in whatever order both happen", async () => {
    for (let round = 0; round < 8; round++) {
      const accountId = await person();
      const { code, sessionId } = await continued(accountId);
      const client = { ...sender, browser: null };
      const [tokens] = await Promise.all([exchange(code), endOtherSessions({ accountId, sessionId }, { now, client })]);
      if (tokens) expect(await findBearer(tokens.accessToken, { now })).toBeNull();
    }
  });
});

describe("a revocation", () => {
  it.each(["access", "refresh", "spent"])("by the %s token signs the app out", async (which) => {
    const accountId = await person();
    const first = await signedIn(accountId);
    const next = (await again(first.refreshToken))!;
    const token = { access: next.accessToken, refresh: next.refreshToken, spent: first.refreshToken }[which]!;
    expect(await revokeToken({ token, clientId: "another-app", sender }, { now })).toBe(false);
    expect(await findBearer(next.accessToken, { now })).not.toBeNull();
    expect(await revokeToken({ token, clientId, sender }, { now })).toBe(true);
    expect(await revokeToken({ token, clientId, sender }, { now })).toBe(true);
    expect(await findBearer(next.accessToken, { now })).toBeNull();
    expect(await again(next.refreshToken)).toBeNull();
    expect(await told(accountId)).toEqual(["app.signed-in", "app.signed-out"]);
  });

  it("by an unknown token does nothing", async () => {
    expect(await revokeToken({ token: "nonsense", clientId, sender }, { now })).toBe(false);
  });
});

describe("an authorization code", () => {
  it("gives tokens of the account that continued", async () => {
    const accountId = await person();
    const tokens = (await exchange((await continued(accountId)).code))!;
    expect((await findBearer(tokens.accessToken, { now }))!.account.id).toBe(accountId);
    expect(await again(tokens.refreshToken)).not.toBeNull();
  });

  it.each([
    ["another client", { clientId: "another-app" }],
    ["another redirect URI", { redirectUri: `${redirectUri}/` }],
    ["another verifier", { codeVerifier: `${verifier}x` }],
    ["no verifier", { codeVerifier: "" }],
  ])("is refused with %s, and stays usable by the app", async (_, given) => {
    const { code } = await continued(await person());
    expect(await exchange(code, given)).toBeNull();
    expect(await exchange(code)).not.toBeNull();
  });

  it("works for two minutes", async () => {
    const [first, second] = [await continued(await person()), await continued(await person())];
    expect(await exchange(first.code, {}, later(119))).not.toBeNull();
    expect(await exchange(second.code, {}, later(120))).toBeNull();
    expect(await exchange("nonsense")).toBeNull();
  });

  it("used twice ends the session that it opened", async () => {
    const accountId = await person();
    const { code } = await continued(accountId);
    const tokens = (await exchange(code))!;
    const next = (await again(tokens.refreshToken))!;
    expect(await exchange(code, {}, later(300))).toBeNull();
    expect(await findBearer(next.accessToken, { now })).toBeNull();
    expect(await again(next.refreshToken)).toBeNull();
    expect(await told(accountId)).toEqual(["app.signed-in", "app.replayed"]);
  });

  it("exchanged 16 ways at once has one winner, whose session ends", async () => {
    for (let round = 0; round < 4; round++) {
      const accountId = await person();
      const { code } = await continued(accountId);
      const answers = await Promise.all(Array.from({ length: 16 }, () => exchange(code)));
      const won = answers.filter((one) => one !== null);
      expect(won).toHaveLength(1);
      expect(await findBearer(won[0]!.accessToken, { now })).toBeNull();
      expect(await told(accountId)).toEqual(["app.signed-in", "app.replayed"]);
    }
  });
});

it("the sweep keeps what works and what a replay would be recognised by", async () => {
  const accountId = await person();
  const { refreshToken } = await signedIn(accountId);
  const next = (await again(refreshToken))!;
  const ended = await signedIn(accountId);
  await endAppSession({ accountId, appSessionId: ended.appSessionId }, { now, sender });
  const id = await asked();
  const left = async () =>
    Promise.all(
      [appSession, spentRefreshToken, authorizationRequest].map(
        async (table) => (await db().select().from(table)).length,
      ),
    );
  await sweepApps({ now: later(-400 * DAY) });
  const before = await left();
  await sweepApps({ now: later(600 + DAY - 1) });
  expect((await left())[0]).toBe(before[0]);
  expect(await db().select().from(authorizationRequest).where(eq(authorizationRequest.id, id))).toHaveLength(1);
  await sweepApps({ now: later(31 * DAY) });
  expect(await db().select().from(authorizationRequest).where(eq(authorizationRequest.id, id))).toEqual([]);
  expect(await db().select().from(appSession).where(eq(appSession.id, ended.appSessionId))).toEqual([]);
  expect(await again(next.refreshToken, later(31 * DAY))).not.toBeNull();
});
