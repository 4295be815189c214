import { randomBytes } from "node:crypto";
import { currentTime } from "@/lib/clock";
import { issuePartnerToken } from "@/lib/licence/partners/partner-tokens";
import { makeCodes } from "@/lib/testing/factories";
import { given } from "./given";
import { expect, test as base } from "./security/fixtures";
import type { Answer } from "./security/raw";

/* The API of partners, through the front door (S40). */

type Ask = (path: string, how?: { token?: string; method?: string; key?: string; body?: string }) => Promise<Answer>;

const test = base.extend<{ ask: Ask; partnerToken: (partnerId: string) => Promise<string> }>({
  ask: async ({ send }, give) =>
    give((path, { token, method = "GET", key, body } = {}) =>
      send({
        method,
        path: `/api/v1/partner/leases${path}`,
        headers: {
          ...(token && { Authorization: `Bearer ${token}` }),
          ...(key !== undefined && { "Idempotency-Key": key }),
        },
        ...(body !== undefined && { body }),
      }),
    ),
  partnerToken: async ({ rows }, give) =>
    give(async (id) => {
      const [partner] = await rows<{ slug: string; name: string }>("SELECT slug, name FROM partner WHERE id = $1", [
        id,
      ]);
      return issuePartnerToken({ id, ...partner! }, { now: currentTime(), randomBytes });
    }),
});

const read = ({ text }: Answer) => JSON.parse(text) as Record<string, unknown>;

/** Expects problem details (RFC 9457). */
function expectProblem({ status, headers, text }: Answer, expected: number): void {
  expect(status).toBe(expected);
  expect(headers["content-type"]).toBe("application/problem+json");
  expect(JSON.parse(text)).toMatchObject({ status: expected, title: expect.any(String), detail: expect.any(String) });
}

test("a partner's program lists its leases and changes them, and learns nothing about the customer (S40)", async ({
  ask,
  person,
  leased,
  partnerToken,
  rows,
}) => {
  const somebody = await person({ name: "Olivia Owner" });
  const { leaseId, partnerId } = await leased(somebody);
  const token = await partnerToken(partnerId);
  const list = await ask("", { token });
  expect(list.status).toBe(200);
  expect(list.headers["content-type"]).toBe("application/json");
  const one = {
    id: leaseId,
    reference: expect.stringMatching(/^[\w-]{16}$/),
    product: "norton-360-deluxe",
    state: "running",
    startedAt: expect.stringMatching(/^\d{4}-.*Z$/),
    changedAt: expect.any(String),
  };
  expect(read(list)).toEqual({ leases: [one], next: null });
  for (const secret of [somebody.id, somebody.name, somebody.email]) expect(list.text).not.toContain(secret);

  const post = (change: string, key?: string) =>
    ask(`/${leaseId}/${change}`, { token, method: "POST", ...(key !== undefined && { key }) });
  const suspended = await post("suspend", "first");
  expect([suspended.status, read(suspended)]).toEqual([200, { ...one, state: "suspended" }]);
  expect(read(await post("suspend"))).toEqual(read(suspended));
  expect((await post("resume")).status).toBe(200);
  expect(read(await post("suspend", "first")), "the first answer again").toEqual(read(suspended));
  expectProblem(await post("end", "first"), 422);
  const [now] = await rows<{ state: string }>("SELECT state FROM lease WHERE id = $1", [leaseId]);
  expect(now!.state).toBe("running");
  expect(read(await post("end"))).toMatchObject({ state: "ended" });
  expectProblem(await post("resume"), 409);
  expect(read(await ask("?state=ended&limit=1", { token }))).toMatchObject({ leases: [{ id: leaseId }] });
  expect(
    await rows("SELECT actor FROM event WHERE account_id = $1 AND action = 'lease.suspended'", [somebody.id]),
  ).toEqual([{ actor: "partner" }]);
});

test("only a partner's own token opens its leases: no cookie, no other partner's, no revoked one (S10, S40)", async ({
  ask,
  send,
  person,
  session,
  leased,
  partnerToken,
  rows,
}) => {
  const somebody = await person();
  const { leaseId, partnerId } = await leased(somebody);
  const token = await partnerToken(partnerId);
  const { partner: another } = await makeCodes(given().databaseUrl);
  const foreign = await partnerToken(another.id);
  const unknown = "00000000-0000-4000-8000-000000000000";

  for (const wrong of [undefined, "x", `${token}x`, foreign.slice(0, -1)]) {
    const refused = await ask("", wrong === undefined ? {} : { token: wrong });
    expectProblem(refused, 401);
    expect(refused.headers["www-authenticate"]).toMatch(/^Bearer realm="api"/);
  }
  const Cookie = `session=${await session(somebody)}`;
  expectProblem(await send({ path: "/api/v1/partner/leases", headers: { Cookie } }), 401);

  const answers = await Promise.all(
    [leaseId, unknown, "not-an-id"].map((id) => ask(`/${id}/end`, { token: foreign, method: "POST" })),
  );
  for (const answer of answers) expectProblem(answer, 404);
  expect(answers[0]!.text).toBe(answers[1]!.text);
  expect(read(await ask("", { token: foreign }))).toEqual({ leases: [], next: null });

  await rows("UPDATE partner_token SET revoked_at = now() WHERE partner_id = $1", [partnerId]);
  expectProblem(await ask("", { token }), 401);
  expect(await rows("SELECT state FROM lease WHERE id = $1", [leaseId])).toEqual([{ state: "running" }]);
});

test("no malformed request of a partner's program makes the API fail (S32)", async ({
  ask,
  person,
  leased,
  partnerToken,
}) => {
  const { leaseId, partnerId } = await leased(await person());
  const token = await partnerToken(partnerId);
  for (const query of [
    "limit=0",
    "limit=201",
    "limit=x",
    "state=x",
    "after=x",
    "after=1.2",
    "reference=1",
    "other=1",
    "after=%00",
  ])
    expectProblem(await ask(`?${query}`, { token }), 422);
  for (const key of ["", "x".repeat(256)])
    expectProblem(await ask(`/${leaseId}/end`, { token, method: "POST", key }), 422);
  for (const body of ["x", "[]", '{"reason":"x"}', "null"])
    expectProblem(await ask(`/${leaseId}/end`, { token, method: "POST", body }), 422);
  for (const path of [`/${leaseId}/delete`, `/${leaseId}/__proto__`, "/%00/end", `/${leaseId}`])
    expectProblem(await ask(path, { token, method: "POST" }), 404);
  expect((await ask(`/${leaseId}/end`, { token, method: "POST", body: "{}" })).status).toBe(200);
});
