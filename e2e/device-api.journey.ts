import { createPublicKey, createHash, randomBytes, randomUUID, verify } from "node:crypto";
import { documented, documentedBy, faultOf } from "@/lib/testing/contract";
import { makeAppSession } from "@/lib/testing/factories";
import type { Person } from "./fixtures";
import { expect, test as base, type Send } from "./security/fixtures";
import type { Answer } from "./security/raw";

/* The API of apps, through the front door: every answer is held against the document. */

type Given = { token?: string; id?: string; body?: object; headers?: Record<string, string> };
type Call = (operationId: string, given?: Given) => Promise<Answer & { body: Record<string, unknown> }>;

const test = base.extend<{ call: Call; signInByOAuth: (person: Person) => Promise<Record<string, unknown>> }>({
  call: async ({ send }, give) =>
    give(async (operationId, { token, id = randomUUID(), body, headers } = {}) => {
      const { method, path } = documentedBy(operationId);
      const answer = await send({
        method,
        path: path.replace("{id}", id).replace("{change}", "end").replace("{code}", "x"),
        headers: { ...(token && { Authorization: `Bearer ${token}` }), ...headers },
        ...(body && { body: JSON.stringify(body) }),
      });
      expect(faultOf(operationId, answer), operationId).toBeNull();
      expect(answer.headers["x-request-id"]).toMatch(/^[\w-]{36}$/);
      expect(answer.setCookies).toEqual([]);
      return { ...answer, body: answer.text === "" ? {} : (JSON.parse(answer.text) as Record<string, unknown>) };
    }),
  signInByOAuth: async ({ sendFromSite, session, baseURL }, give) =>
    give(async (person) => {
      const headers = { Cookie: `session=${await session(person)}` };
      const form = (fields: Record<string, string>) => ({
        method: "POST",
        body: new URLSearchParams(fields).toString(),
        headers: { ...headers, "Content-Type": "application/x-www-form-urlencoded" },
      });
      const client = { client_id: "reference-phone", redirect_uri: `${baseURL}/phone/callback` };
      const verifier = randomBytes(32).toString("base64url");
      const challenge = createHash("sha256").update(verifier).digest("base64url");
      const asked = new URLSearchParams({
        ...{ response_type: "code", code_challenge: challenge, code_challenge_method: "S256", ...client },
      });
      const stored = await sendFromSite({ path: `/oauth/authorize?${asked}`, headers });
      const request = new URL(String(stored.headers.location), baseURL).searchParams.get("request")!;
      const given = await sendFromSite({ path: "/oauth/continue", ...form({ request, account: person.id }) });
      const code = new URL(String(given.headers.location)).searchParams.get("code")!;
      const exchange = form({ grant_type: "authorization_code", code, code_verifier: verifier, ...client });
      const { text } = await (sendFromSite as Send)({ path: "/oauth/token", ...exchange });
      return JSON.parse(text) as Record<string, unknown>;
    }),
});

const phone = (name: string) => ({ installId: randomUUID(), name, model: "Pixel 9", system: "android" });

test("an app signs in, lists, activates, proves its protection, replaces a device, redeems a key and signs out", async ({
  call,
  signInByOAuth,
  person,
  redeemed,
  key,
  send,
  baseURL,
  rows,
}) => {
  const somebody = await person({ emailVerifiedAt: new Date() });
  await redeemed(somebody);
  const { access_token: token } = (await signInByOAuth(somebody)) as { access_token: string };
  expect((await call("getAccount", { token })).body).toMatchObject({ id: somebody.id, email: somebody.email });
  const listed = await call("listSubscriptions", { token });
  const [{ id: subscriptionId }] = listed.body.subscriptions as [{ id: string }];

  const others: string[] = [];
  for (let n = 1; n <= 5; n++) {
    const { accessToken } = await makeAppSession(somebody.id);
    const body = { subscriptionId, device: phone(`Tablet ${n}`) };
    others.push(String((await call("activateDevice", { token: accessToken, body })).body.id));
  }
  const device = phone("Phone");
  const full = await call("activateDevice", { token, body: { subscriptionId, device } });
  expect(full.body).toMatchObject({ status: 409, code: "noSeatLeft" });
  expect(full.body.devices).toHaveLength(5);
  const replaced = await call("replaceActivation", { token, id: others[0]!, body: { device } });
  expect(replaced.body).toMatchObject({ subscriptionId, device: { name: "Phone" } });

  const entitled = await call("getEntitlement", { token });
  const [head, claims, signature] = String(entitled.body.token).split(".") as [string, string, string];
  const read = (part: string) => JSON.parse(Buffer.from(part, "base64url").toString()) as Record<string, unknown>;
  const jwks = JSON.parse((await send({ path: "/.well-known/jwks.json" })).text) as { keys: Record<string, string>[] };
  const jwk = jwks.keys.find(({ kid }) => kid === read(head).kid)!;
  const publicKey = createPublicKey({ key: jwk, format: "jwk" });
  expect(verify(null, Buffer.from(`${head}.${claims}`), publicKey, Buffer.from(signature, "base64url"))).toBe(true);
  expect(read(claims)).toMatchObject({ iss: baseURL, sub: device.installId, subscription: subscriptionId });

  const typed = await key();
  const preview = await call("previewKey", { token, body: { key: typed } });
  const [extend] = preview.body.choices as [{ choice: string; endsAt: string }];
  const body = { key: typed, choice: extend.choice, version: preview.body.version };
  const repeated = { token, body, headers: { "Idempotency-Key": randomUUID() } };
  const answers = await Promise.all(Array.from({ length: 16 }, () => call("redeemKey", repeated)));
  expect(answers.map(({ body }) => body)).toEqual(answers.map(() => ({ result: "activated", subscriptionId })));
  const after = await call("listSubscriptions", { token });
  expect(after.body.subscriptions).toMatchObject([{ endsAt: extend.endsAt, seats: { total: 5, used: 5 } }]);
  const told = await rows<{ action: string }>("SELECT action FROM event WHERE account_id = $1 ORDER BY id", [
    somebody.id,
  ]);
  expect(told.map(({ action }) => action)).toEqual(
    expect.arrayContaining(["app.signed-in", "device.activated", "device.replaced", "key.redeemed"]),
  );

  expect((await call("endSession", { token })).status).toBe(204);
  expect((await call("getEntitlement", { token })).body).toMatchObject({ status: 401, code: "tokenInvalid" });
  const left = await rows("SELECT 1 FROM activation WHERE id = $1 AND released_at IS NULL", [replaced.body.id]);
  expect(left, "signing out frees no seat").toHaveLength(1);
});

const credentials = ["none", "cookie", "unknown", "ended", "expired", "another's"] as const;

test("no operation answers without a live token of its own kind (S09, S40)", async ({
  call,
  person,
  session,
  rows,
}) => {
  const somebody = await person();
  const Cookie = `session=${await session(somebody)}`;
  const app = async (change?: string) => {
    const { accessToken, appSessionId } = await makeAppSession(somebody.id);
    if (change) await rows(`UPDATE app_session SET ${change} WHERE id = $1`, [appSessionId]);
    return accessToken;
  };
  const ended = await app("ended_at = now()");
  const expired = await app("access_until = now() - interval '1 second'");
  const live = await app();
  for (const { operationId, security } of documented) {
    const [kind] = Object.keys(security[0]!);
    if (!kind) continue;
    const given: Record<(typeof credentials)[number], Given> = {
      none: {},
      cookie: { headers: { Cookie } },
      unknown: { token: `${live}x` },
      ended: { token: ended },
      expired: { token: expired },
      // An app's token opens nothing of a partner's, and the other way round.
      "another's": { token: kind === "partner" ? live : "partner_" + "x".repeat(43) },
    };
    for (const name of credentials) {
      const { body } = await call(operationId, given[name]);
      const code = name === "none" || name === "cookie" ? "tokenMissing" : "tokenInvalid";
      expect(body, `${operationId} ${name}`).toMatchObject({ status: 401, code });
    }
  }
});

test("the reference shows every operation and problem of the document", async ({ page, send }) => {
  const text = (await send({ path: "/api/openapi.json" })).text;
  const { components } = JSON.parse(text) as { components: { schemas: Record<string, { properties?: object }> } };
  await page.goto("/api");
  for (const { operationId, method, path } of documented)
    await expect(page.locator(`#${operationId}`), operationId).toContainText(`${method} ${path}`);
  const codes = Object.values(components.schemas).flatMap(({ properties }) => {
    const { code } = (properties ?? {}) as { code?: { const?: string } };
    return code?.const ? [code.const] : [];
  });
  expect(codes.length).toBeGreaterThan(30);
  for (const code of codes) await expect(page.locator(`#${code}`), code).toBeVisible();
});
