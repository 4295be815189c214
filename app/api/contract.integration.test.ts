/// <reference types="vitest/importMeta" />
import { createHash, createPublicKey, randomBytes, randomUUID, verify } from "node:crypto";
import * as fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Handler } from "@/app/api/serving/answer";
import { seat } from "@/app/api/v1/activations/seat";
import { exportAccount } from "@/lib/account/deletion/export-account";
import { findBearer } from "@/lib/account/oauth/bearer";
import { env } from "@/lib/env";
import { activateDevice } from "@/lib/licence/devices/activate-device";
import { listDevices, type SeatedDevices } from "@/lib/licence/devices/list-devices";
import { releaseDevice } from "@/lib/licence/devices/release-device";
import { limitOf } from "@/lib/limits/limits";
import { redeemCode } from "@/lib/licence/leases/redeem-code";
import { issuePartnerToken } from "@/lib/licence/partners/partner-tokens";
import { formatKey, issueProductKey } from "@/lib/licence/product-key";
import { ensureSigningKey } from "@/lib/licence/signing-keys";
import { getPublicKeys } from "@/lib/licence/sign-claims";
import { getHoldings } from "@/lib/licence/subscriptions";
import { voidKey } from "@/lib/licence/void-key";
import { documented, documentedBy, faultOf, requestsOf } from "@/lib/testing/contract";
import { withTestDatabase } from "@/lib/testing/database";
import { activated, makeAccount, makeAppSession, makeCodes, makeKeys, showHandoff } from "@/lib/testing/factories";

/*
 * The contract: routes answer as the committed document says, which a validator of others judges. The routes are called
 * as Next.js calls them.
 */

const database = withTestDatabase();

beforeAll(() => ensureSigningKey({ now: new Date(), vault: env().secrets.vault, randomBytes }));

const routes = import.meta.glob<Record<string, Handler>>("./v1/**/route.ts", { eager: true });

type Given = {
  token?: string | undefined;
  params?: Record<string, string>;
  query?: string;
  body?: unknown;
  key?: string;
  headers?: Record<string, string>;
};

type Answered = { status: number; headers: Record<string, string>; text: string; body: Record<string, unknown> };

/** Each operation with the codes, or `done`, that were seen. */
const seen = new Map<string, Set<string>>();

/** Calls an operation and holds its answer against the document. */
async function call(operationId: string, { token, params = {}, query = "", body, key, headers }: Given = {}) {
  const { path, method } = documentedBy(operationId);
  const file = `${path.replace("/api/", "./").replace(/\{(\w+)\}/g, "[$1]")}/route.ts`;
  const request = new Request(`http://localhost${path}${query}`, {
    method,
    headers: {
      ...(token && { Authorization: `Bearer ${token}` }),
      ...(key !== undefined && { "Idempotency-Key": key }),
      "x-client-network": "198.51.100.7",
      ...headers,
    },
    ...(method === "POST" && body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const response = await routes[file]![method]!(request, { params: Promise.resolve(params) });
  const text = await response.text();
  const answer: Answered = {
    ...{ status: response.status, headers: Object.fromEntries(response.headers), text },
    body: text === "" ? {} : (JSON.parse(text) as Record<string, unknown>),
  };
  expect(faultOf(operationId, answer), `${operationId} ${JSON.stringify({ params, body })}`).toBeNull();
  expect(answer.headers["cache-control"]).toBe("no-store");
  expect(Object.keys(answer.headers).filter((name) => name.startsWith("access-control"))).toEqual([]);
  const said = typeof answer.body.code === "string" && answer.status >= 400 ? answer.body.code : "done";
  seen.set(operationId, (seen.get(operationId) ?? new Set()).add(said));
  return answer;
}

const phone = (name = "Phone") => ({
  installId: randomUUID().replaceAll("-", ""),
  name,
  model: "Pixel 9",
  system: "android" as const,
});

const aKey = async (given: Parameters<typeof makeKeys>[1] = {}) => (await makeKeys(database.url, given)).keys[0]!;

/** Somebody with an app, whose subscription has five seats. */
async function somebody({ subscribed = true } = {}) {
  const accountId = await makeAccount({ passwordHash: "a hash" });
  const { accessToken: token } = await makeAppSession(accountId);
  const redeem = async (key: string, choice?: string) => {
    const preview = await call("previewKey", { token, body: { key } });
    const [first] = preview.body.choices as { choice: string }[];
    const body = { key, choice: choice ?? first!.choice, version: preview.body.version };
    return call("redeemKey", { token, body });
  };
  const subscriptionId = subscribed ? String((await redeem(await aKey())).body.subscriptionId) : "";
  const app = async () => (await makeAppSession(accountId)).accessToken;
  return { accountId, token, subscriptionId, redeem, app };
}

async function partner() {
  const { partner: made, codes } = await makeCodes(database.url, { count: 3 });
  const token = await issuePartnerToken(made, { now: new Date(), randomBytes });
  const accountId = await makeAccount();
  await redeemCode({ code: codes[0]!, accountId, network: null }, { now: new Date() });
  const list = await call("listLeases", { token });
  const [{ id }] = list.body.leases as [{ id: string }];
  return { token, id, codes };
}

it("an app's story: account, list, seat, entitlement, sign-out", async () => {
  const { accountId, token, subscriptionId } = await somebody();
  const account = await call("getAccount", { token });
  expect(account.body).toMatchObject({ id: accountId, emailConfirmed: false, deviceId: null });
  expect((await call("getEntitlement", { token })).body).toMatchObject({ status: 404, code: "notProtected" });

  const device = phone();
  const seated = await call("activateDevice", { token, body: { subscriptionId, device } });
  expect(seated.body).toMatchObject({ subscriptionId, device: { name: "Phone", system: "android" }, silent: false });
  const again = await call("activateDevice", { token, body: { subscriptionId, device: { ...device, name: "Mine" } } });
  expect(again.body).toMatchObject({ id: seated.body.id, device: { name: "Mine" } });

  const listed = await call("listSubscriptions", { token });
  expect(listed.body.subscriptions).toEqual([
    {
      ...{ id: subscriptionId, product: "norton-360-deluxe", endsAt: expect.stringMatching(/^20/), partner: null },
      ...{ seats: { total: 5, used: 1 }, activationId: seated.body.id },
    },
  ]);

  const entitled = await call("getEntitlement", { token });
  const [head, claims, signature] = String(entitled.body.token).split(".") as [string, string, string];
  const { kid } = JSON.parse(Buffer.from(head, "base64url").toString()) as { kid: string };
  const jwk = (await getPublicKeys()).keys.find((one) => one.kid === kid)!;
  const publicKey = createPublicKey({ key: { ...jwk }, format: "jwk" });
  expect(verify(null, Buffer.from(`${head}.${claims}`), publicKey, Buffer.from(signature, "base64url"))).toBe(true);
  expect(JSON.parse(Buffer.from(claims, "base64url").toString())).toMatchObject({
    ...{ sub: device.installId, product: "norton-360-deluxe", subscription: subscriptionId },
  });

  expect((await call("endSession", { token })).status).toBe(204);
  expect((await call("getAccount", { token })).body).toMatchObject({ status: 401, code: "tokenInvalid" });
});

it("when every seat is taken, the devices are listed, and one is replaced or released", async () => {
  const { subscriptionId, app } = await somebody();
  const activations: string[] = [];
  for (let n = 1; n <= 5; n++) {
    const seated = await call("activateDevice", {
      token: await app(),
      body: { subscriptionId, device: phone(`P${n}`) },
    });
    activations.push(String(seated.body.id));
  }
  const token = await app();
  const device = phone("Sixth");
  const full = await call("activateDevice", { token, body: { subscriptionId, device } });
  expect(full.body).toMatchObject({ status: 409, code: "noSeatLeft" });
  expect((full.body.devices as { id: string }[]).map(({ id }) => id).sort()).toEqual(activations.toSorted());
  const replaced = await call("replaceActivation", { token, params: { id: activations[0]! }, body: { device } });
  expect(replaced.body).toMatchObject({ subscriptionId, device: { name: "Sixth" } });
  const other = await app();
  for (let time = 0; time < 2; time++)
    expect((await call("releaseActivation", { token: other, params: { id: activations[1]! } })).status).toBe(204);
  const next = await call("activateDevice", { token: other, body: { subscriptionId, device: phone("Next") } });
  expect(next.status).toBe(200);
  const late = await call("replaceActivation", {
    ...{ token: await app(), params: { id: activations[1]! }, body: { device: phone("Late") } },
  });
  expect(late.body).toMatchObject({ status: 409, code: "noSeatLeft" });
});

it("a subscription gives no seat to a hundred-and-first device within a day, and says when it does again", async () => {
  const { accountId, token, subscriptionId, app } = await somebody();
  const { body: held } = await call("activateDevice", { token, body: { subscriptionId, device: phone() } });
  const owned = { accountId, activationId: String(held.id) };
  for (let time = 0; time < 99; time++) {
    await releaseDevice(owned, { now: new Date() });
    owned.activationId = (await activated({ accountId, subscriptionId }, { now: new Date() })).activation.id;
  }
  const body = { subscriptionId, device: phone() };
  const replaced = await call("replaceActivation", {
    token: await app(),
    params: { id: owned.activationId },
    body: { device: body.device },
  });
  for (const refused of [await call("activateDevice", { token: await app(), body }), replaced]) {
    expect(refused.body).toMatchObject({ status: 429, code: "tooManyDevices" });
    expect(Number(refused.headers["retry-after"])).toBeGreaterThan(86_000);
  }
});

it("a token belongs to the first device that it activates, also when two race", async () => {
  const { accountId, token, subscriptionId, app } = await somebody();
  const devices = [phone("One"), phone("Two")];
  const race = await Promise.all(
    devices.map((device) => call("activateDevice", { token, body: { subscriptionId, device } })),
  );
  expect(race.map(({ status }) => status).sort()).toEqual([200, 403]);
  const { body } = await call("listSubscriptions", { token: await app() });
  expect(body.subscriptions).toMatchObject([{ seats: { used: 1 } }]);
  const id = race.find(({ status }) => status === 200)!.body.id as string;
  const refused = await call("replaceActivation", { token, params: { id }, body: { device: phone("Three") } });
  expect(refused.body).toMatchObject({ status: 403, code: "otherDevice" });
  expect((await call("getAccount", { token })).body.id).toBe(accountId);
});

it("what is not the account's own looks as if it did not exist (S10)", async () => {
  const [one, other] = [await somebody(), await somebody()];
  const { body: theirs } = await call("activateDevice", {
    ...{ token: other.token, body: { subscriptionId: other.subscriptionId, device: phone() } },
  });
  const { token } = one;
  const ids = [String(theirs.id), randomUUID(), "no id"];
  for (const operation of ["releaseActivation", "replaceActivation"]) {
    const answers = await Promise.all(
      ids.map((id) => call(operation, { token, params: { id }, body: { device: phone() } })),
    );
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(answers[0]!.body).toMatchObject({ status: 404, code: "unknownActivation" });
  }
  const subscriptions = [other.subscriptionId, randomUUID()];
  const answers = await Promise.all(
    subscriptions.map((subscriptionId) => call("activateDevice", { token, body: { subscriptionId, device: phone() } })),
  );
  expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  expect(answers[0]!.body).toMatchObject({ status: 404, code: "unknownSubscription" });
  const mine = await call("listSubscriptions", { token: other.token });
  expect(mine.body.subscriptions).toMatchObject([{ seats: { used: 1 } }]);
});

it("a key is previewed with exact ends, redeemed once, and repeated requests get the first result", async () => {
  const { accountId, token, redeem } = await somebody();
  const key = await aKey();
  const preview = await call("previewKey", { token, body: { key: formatKey(key).toLowerCase() } });
  expect((preview.body.choices as { choice: string }[]).map(({ choice }) => choice)).toEqual(["extend", "add", "keep"]);
  const [extend] = preview.body.choices as [{ endsAt: string; subscriptionId: string }];
  const body = { key, choice: "extend", version: preview.body.version };
  const done = await call("redeemKey", { token, body });
  expect(done.body).toEqual({ result: "activated", subscriptionId: extend.subscriptionId });
  expect((await call("redeemKey", { token, body })).body).toEqual({ ...done.body, result: "alreadyYours" });
  expect((await call("previewKey", { token, body: { key } })).body).toMatchObject({ kind: "alreadyYours" });
  const holdings = await getHoldings({ accountId, timeZone: "Europe/Paris" }, { now: new Date() });
  expect(holdings.subscriptions[0]!.endsAt.toISOString()).toBe(extend.endsAt);

  const kept = await redeem(await aKey(), "keep");
  expect(kept.body).toMatchObject({ result: "kept" });
  const listed = await call("listSubscriptions", { token });
  expect(listed.body.kept).toMatchObject([{ id: kept.body.keptId, withdrawn: false, startsAt: null }]);

  const stale = await call("redeemKey", { token, body: { ...body, key: await aKey() } });
  expect(stale.body).toMatchObject({ status: 409, code: "previewChanged" });
  const bare = await call("redeemKey", { token, body: { key: await aKey() } });
  expect(bare.body).toMatchObject({ status: 422, code: "invalidRequest", faults: [expect.stringContaining("choice")] });
});

it("a partner code is previewed and redeemed, and gives a subscription without an end", async () => {
  const { token } = await somebody({ subscribed: false });
  const { codes } = await makeCodes(database.url);
  const body = { key: codes[0]! };
  expect((await call("previewKey", { token, body })).body).toMatchObject({ kind: "partnerCode", besideUntil: null });
  const done = await call("redeemKey", { token, body });
  expect(done.body).toMatchObject({ result: "activated" });
  expect((await call("redeemKey", { token, body })).body).toEqual({ ...done.body, result: "alreadyYours" });
  const listed = await call("listSubscriptions", { token });
  expect(listed.body.subscriptions).toMatchObject([{ endsAt: null, partner: "Exemple Télécom" }]);
});

it("every refusal of a key has its code and a case code, and a slip is only suggested", async () => {
  const { token } = await somebody({ subscribed: false });
  const { redeem } = await somebody({ subscribed: false });
  const used = await aKey();
  await redeem(used);
  const withdrawn = await aKey();
  await voidKey({ key: withdrawn, reason: "test" }, { now: new Date(), lookupSecret: env().secrets.lookup });
  const cases: [code: string, key: string, more?: object][] = [
    ["keyUnknown", issueProductKey(randomBytes)],
    ["keyUsedByAnother", used],
    ["keyWithdrawn", withdrawn],
    ["keyNotReleased", await aKey({ released: false })],
    ["keyExpired", await aKey({ redeemBy: "2020-01-31" }), { redeemBy: "2020-01-31" }],
    ["keyRegion", await aKey({ regions: ["JP"] }), { regions: ["JP"] }],
    ["keyCeiling", await aKey({ months: 72 }), { canKeep: true }],
  ];
  for (const [code, key, more = {}] of cases)
    for (const operation of ["previewKey", "redeemKey"]) {
      const body = { key, ...(operation === "redeemKey" && { choice: "start", version: "x" }) };
      const { body: said } = await call(operation, { token, body });
      expect(said).toMatchObject({ code, caseCode: expect.stringMatching(/^\w{4}-\w{4}$/), ...more });
    }
  const key = await aKey();
  const slip = `${key.slice(0, 8)}${key[8] === "2" ? "3" : "2"}${key.slice(9)}`;
  const misread = await call("previewKey", { token, body: { key: slip } });
  expect(misread.body).toMatchObject({ code: "keyMalformed", suggestion: formatKey(key) });
  expect((await call("redeemKey", { token, body: { key: "1234", choice: "start", version: "x" } })).body).toMatchObject(
    {
      ...{ code: "keyMalformed", suggestion: null },
    },
  );
});

it("a corrected key is stored nowhere, also with an Idempotency-Key, and a repeated request gets it again (S27)", async () => {
  const { accountId, token } = await somebody({ subscribed: false });
  const key = await aKey();
  const slip = `${key.slice(0, 8)}${key[8] === "2" ? "3" : "2"}${key.slice(9)}`;
  const bodies = { previewKey: { key: slip }, redeemKey: { key: slip, choice: "start", version: "x" } };
  for (const [operation, body] of Object.entries(bodies)) {
    const ask = () => call(operation, { token, body, key: operation });
    const first = await ask();
    expect(first.body).toMatchObject({ code: "keyMalformed", suggestion: formatKey(key) });
    expect((await ask()).text).toBe(first.text);
  }
  const client = { addressPrefix: null, userAgent: null, browser: null };
  expect(await exportAccount({ accountId }, { now: new Date(), client })).not.toContain(formatKey(key));
});

it("a device that held its seat before keeps it when its app's token has meanwhile become another device's", async () => {
  const { accountId, token, subscriptionId, app } = await somebody();
  const device = phone("Before");
  const { body: before } = await call("activateDevice", { token: await app(), body: { subscriptionId, device } });
  const caller = (await findBearer(token, { now: new Date() }))!;
  await call("activateDevice", { token, body: { subscriptionId, device: phone("Other") } });
  const now = new Date();
  const take = () => activateDevice({ accountId, subscriptionId, device }, { now });
  expect(await seat({ caller, body: { device }, now }, { take })).toMatchObject({ refused: "otherDevice" });
  const late = phone("Late");
  const takeNew = () => activateDevice({ accountId, subscriptionId, device: late }, { now });
  const refused = await seat({ caller, body: { device: late }, now }, { take: takeNew });
  expect(refused).toMatchObject({ refused: "otherDevice" });
  const { subscriptions } = await listDevices({ accountId }, { now });
  const [{ devices }] = subscriptions as [SeatedDevices];
  expect(devices.map(({ device: { name } }) => name).sort()).toEqual(["Before", "Other"]);
  expect(devices.map(({ id }) => id)).toContain(before.id);
});

it("guessing is limited as on the web, per account", async () => {
  const { token } = await somebody({ subscribed: false });
  const guess = () => call("previewKey", { token, body: { key: issueProductKey(randomBytes) }, headers: elsewhere() });
  const most = limitOf("keyMissPerAccount").max;
  const guesses = await Promise.all(Array.from({ length: most + 4 }, guess));
  expect(guesses.filter(({ body }) => body.code === "keyUnknown")).toHaveLength(most);
  const limited = guesses.filter(({ body }) => body.code === "tooManyGuesses");
  expect(limited.map(({ headers }) => Number(headers["retry-after"])).every((seconds) => seconds > 3_000)).toBe(true);
  expect(
    (
      await call("redeemKey", {
        token,
        body: { key: await aKey(), choice: "start", version: "x" },
        headers: elsewhere(),
      })
    ).body.code,
  ).toBe("tooManyGuesses");
});

let networks = 0;
const elsewhere = () => ({ "x-client-network": `203.0.113.${++networks}` });

it("16 requests at once with one Idempotency-Key redeem once and get one answer; another request is refused", async () => {
  const { token } = await somebody();
  const key = await aKey();
  const { body: preview } = await call("previewKey", { token, body: { key } });
  const body = { key, choice: "add", version: preview.version };
  const all = await Promise.all(Array.from({ length: 16 }, () => call("redeemKey", { token, body, key: "one" })));
  expect(new Set(all.map(({ text }) => text.split("").sort().join(""))).size).toBe(1);
  expect(all[0]!.body).toMatchObject({ result: "activated" });
  expect((await call("listSubscriptions", { token })).body.subscriptions).toHaveLength(2);
  const reused = await call("redeemKey", { token, body: { ...body, choice: "extend" }, key: "one" });
  expect(reused.body).toMatchObject({ status: 422, code: "idempotencyKeyReused" });
  for (const wrong of ["", "x".repeat(256), "\u00e9"])
    expect((await call("redeemKey", { token, body, key: wrong })).body.code).toBe("invalidRequest");
});

it("only a bearer token opens the API, and a challenge says so (S40)", async () => {
  const app = await somebody({ subscribed: false });
  const { token: ofPartner, id } = await partner();
  for (const { operationId, security } of documented) {
    if (Object.keys(security[0]!).length === 0) continue;
    const params = { id, change: "suspend" };
    const isApp = "app" in security[0]!;
    const none = await call(operationId, { params, headers: { Cookie: `session=${app.token}` } });
    expect(none.body).toMatchObject({ status: 401, code: "tokenMissing" });
    expect(none.headers["www-authenticate"]).toBe('Bearer realm="api"');
    for (const token of ["x", `${app.token}x`, isApp ? ofPartner : app.token]) {
      const refused = await call(operationId, { token, params });
      expect(refused.body, operationId).toMatchObject({ status: 401, code: "tokenInvalid" });
      expect(refused.headers["www-authenticate"]).toBe('Bearer realm="api", error="invalid_token"');
    }
  }
});

it("answers say how many requests are left, and the one too many says when to go on", async () => {
  const { token } = await somebody({ subscribed: false });
  const { max } = limitOf("appPerSession");
  const first = await call("getAccount", { token });
  expect(first.headers["ratelimit-policy"]).toBe(`"default";q=${max};w=60`);
  expect(first.headers["ratelimit"]).toMatch(new RegExp(`^"default";r=${max - 1};t=(60|5\\d)$`));
  const rest = await Promise.all(Array.from({ length: max }, () => call("getAccount", { token })));
  expect(rest.filter(({ status }) => status === 200)).toHaveLength(max - 1);
  const [limited] = rest.filter(({ status }) => status === 429);
  expect(limited!.body.code).toBe("tooManyRequests");
  expect(limited!.headers["ratelimit"]).toMatch(/^"default";r=0;t=\d+$/);
  expect(Number(limited!.headers["retry-after"])).toBeLessThanOrEqual(60);
  const other = await call("getAccount", { token: (await somebody({ subscribed: false })).token });
  expect(other.status).toBe(200);
});

it("a partner's program lists and changes its leases", async () => {
  const { token, id } = await partner();
  const change = (to: string, key?: string) =>
    call("changeLease", { token, params: { id, change: to }, ...(key && { key }) });
  expect((await change("suspend", "one")).body).toMatchObject({ id, state: "suspended" });
  expect((await change("resume")).body).toMatchObject({ state: "running" });
  expect((await change("suspend", "one")).body).toMatchObject({ state: "suspended" });
  expect((await change("end", "one")).body.code).toBe("idempotencyKeyReused");
  expect((await change("end")).body).toMatchObject({ state: "ended" });
  expect((await change("resume")).body.code).toBe("leaseEnded");
  expect((await call("listLeases", { token, query: "?after=x" })).body.code).toBe("invalidRequest");
  expect((await call("changeLease", { token, params: { id: "x", change: "end" } })).body.code).toBe("unknownLease");
});

it("a device claims a code, and another one is told that it came too late", async () => {
  const accountId = await makeAccount();
  const code = await showHandoff(accountId);
  const claim = (secret: string, clientId = "reference-phone") =>
    call("claimHandoff", { params: { code }, body: { clientId, challenge: challengeOf(secret), device: phone() } });
  const look = (secret: string) =>
    call("getClaim", { params: { code }, query: `?challenge=${challengeOf(secret)}`, headers: elsewhere() });
  expect((await claim("one", "nobody")).body.code).toBe("unknownClient");
  const claimed = await claim("one");
  expect(claimed.body).toMatchObject({ state: "claimed", number: expect.any(Number) });
  expect((await claim("one")).body).toEqual(claimed.body);
  expect((await claim("two")).body.code).toBe("handoffUsedByAnother");
  expect((await look("one")).body).toEqual(claimed.body);
  expect((await look("two")).body.code).toBe("handoffUnknown");
  const nonsense = await call("getClaim", { params: { code: "%00" }, query: `?challenge=${challengeOf("one")}` });
  expect(nonsense.body.code).toBe("handoffUnknown");
  const body = { clientId: "reference-phone", challenge: challengeOf("one"), device: phone() };
  expect((await call("claimHandoff", { params: { code: "x" }, body })).body.code).toBe("handoffUnknown");
});

const challengeOf = (secret: string) => createHash("sha256").update(secret).digest("base64url");

it("whatever is sent, an operation answers as documented and never with a 500 (S32)", async () => {
  const { accountId } = await somebody();
  const { token: ofPartner } = await partner();
  for (const { operationId, security, method } of documented) {
    if (method === "GET") continue;
    const token = "partner" in security[0]! ? ofPartner : (await makeAppSession(accountId)).accessToken;
    await fc.assert(
      fc.asyncProperty(requestsOf(operationId), async ({ body, params }) => {
        await call(operationId, { token, params, body, headers: elsewhere() });
      }),
      { numRuns: 30, endOnFailure: true },
    );
  }
  const { token } = await somebody({ subscribed: false });
  for (const body of [
    "{",
    "[]",
    "null",
    '"x"',
    '{"key":"\\ud800"}',
    '{"key":"\\u0000","__proto__":{}}',
    "[".repeat(5_000),
  ])
    for (const operationId of ["previewKey", "activateDevice"])
      expect((await call(operationId, { token, body })).status).toBe(422);
});

it("methods that an address does not have get a 405, and OPTIONS names those it has, without CORS", async () => {
  for (const [file, route] of Object.entries(routes)) {
    const own = documented.filter(
      ({ path }) => file === `${path.replace("/api/", "./").replace(/\{(\w+)\}/g, "[$1]")}/route.ts`,
    );
    const allow = own.flatMap(({ method }) => (method === "GET" ? ["GET", "HEAD"] : method)).concat("OPTIONS");
    for (const method of ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]) {
      if (allow.includes(method) && method !== "OPTIONS") continue;
      const context = { params: Promise.resolve({}) };
      const answer = await route[method]!(new Request("http://localhost/", { method }), context);
      expect(answer.status, `${method} ${file}`).toBe(method === "OPTIONS" ? 204 : 405);
      expect(answer.headers.get("allow")?.split(", ").sort()).toEqual(allow.toSorted());
      expect(answer.headers.get("access-control-allow-origin")).toBeNull();
    }
  }
});

afterAll(() => {
  // Every operation was done, and refused by each code of its own.
  const byDoor = ["tooLarge", "wrongHost", "overloaded", "methodNotAllowed", "unavailable", "requestInProgress"];
  const elsewhere = [
    "subscriptionNotRunning",
    "leaseChangedTooOften",
    "idempotencyKeyReused",
    "invalidRequest",
    "tooManyCodes",
  ];
  for (const { operationId, responses } of documented) {
    const codes = [...JSON.stringify(responses).matchAll(/`(\w+)`: /g)].map(([, code]) => code!);
    const own = codes.filter((code) => ![...byDoor, ...elsewhere, "tooManyRequests"].includes(code));
    expect([...(seen.get(operationId) ?? [])], operationId).toEqual(expect.arrayContaining(["done", ...own]));
  }
});
