import { createHash, randomBytes } from "node:crypto";
import { desc, eq } from "drizzle-orm";
import { expect, it } from "vitest";
import { db } from "@/lib/db/client";
import { event } from "@/lib/db/schema/event";
import { partnerCode, partnerToken } from "@/lib/db/schema/partner";
import { listLeases } from "@/lib/licence/leases/list-leases";
import { redeemCode } from "@/lib/licence/leases/redeem-code";
import { codeReference } from "@/lib/licence/partners/code-reference";
import { lookupDigest } from "@/lib/licence/key-vault";
import { admitPartner, issuePartnerToken, revokePartnerTokens } from "@/lib/licence/partners/partner-tokens";
import { createPartner } from "@/lib/licence/partners/partners";
import { isWellFormedPartnerCode } from "@/lib/licence/product-key";
import { limitOf } from "@/lib/limits/limits";
import { withTestDatabase } from "@/lib/testing/database";
import { makeAccount, makeCodes } from "@/lib/testing/factories";

const database = withTestDatabase();

const now = new Date("2026-11-23T14:05:00Z");

it("a token admits its partner until it is revoked, and only its digest is stored (S40)", async () => {
  const { partner } = await makeCodes(database.url);
  const [first, second] = [
    await issuePartnerToken(partner, { now, randomBytes }),
    await issuePartnerToken(partner, { now, randomBytes }),
  ];
  const admitted = { status: "admitted", partnerId: partner.id };
  expect([await admitPartner(first), await admitPartner(second)]).toMatchObject([admitted, admitted]);
  expect(await admitPartner(`${first}x`)).toEqual({ status: "unknown" });
  const stored = await db().select().from(partnerToken).where(eq(partnerToken.partnerId, partner.id));
  expect(JSON.stringify(stored)).not.toContain(first.slice(8));
  expect(stored.map(({ hash }) => hash.toString("hex"))).toContain(createHash("sha256").update(first).digest("hex"));
  expect(await revokePartnerTokens(partner, { now })).toBe(2);
  expect([await admitPartner(first), await admitPartner(second)]).toEqual([
    { status: "unknown" },
    { status: "unknown" },
  ]);
  const told = await db().select().from(event).where(eq(event.subject, partner.slug)).orderBy(event.id);
  expect(told.map(({ action }) => action)).toEqual([
    "partner.created",
    "partner.token-issued",
    "partner.token-issued",
    "partner.tokens-revoked",
  ]);
});

it("a token that sends too many requests is told when it may go on, and another one is not affected (S18)", async () => {
  const { partner } = await makeCodes(database.url);
  const token = await issuePartnerToken(partner, { now, randomBytes });
  const most = limitOf("partnerPerToken").max;
  const burst = await Promise.all(Array.from({ length: most + 64 }, () => admitPartner(token)));
  expect(burst.filter(({ status }) => status === "admitted")).toHaveLength(most);
  expect(burst.filter(({ status }) => status === "limited")).toHaveLength(64);
  const other = await issuePartnerToken(partner, { now, randomBytes });
  expect((await admitPartner(other)).status).toBe("admitted");
});

it("a slug belongs to one partner", async () => {
  const slug = `partner-${randomBytes(4).toString("hex")}`;
  expect(await createPartner({ slug, name: "One" }, { now })).toMatchObject({ slug });
  expect(await createPartner({ slug, name: "Two" }, { now })).toBeNull();
});

it("codes are well-formed and distinct, and only their digests are stored", async () => {
  const { codes } = await makeCodes(database.url, { count: 500 });
  expect(new Set(codes).size).toBe(500);
  expect(codes.every(isWellFormedPartnerCode)).toBe(true);
  const stored = await db().select().from(partnerCode).orderBy(desc(partnerCode.id)).limit(500);
  expect(stored.map(({ lookup }) => lookup.toString("hex")).toSorted()).toEqual(
    codes.map((code) => lookupDigest(code).toString("hex")).toSorted(),
  );
  const [last] = await db().select().from(event).orderBy(desc(event.id)).limit(1);
  expect(last).toMatchObject({ action: "partner.codes-issued", actor: "operator", details: { count: 500 } });
});

it("a partner's leases come page by page, each once, the oldest first, and can be found by state and reference", async () => {
  const { partner, codes } = await makeCodes(database.url, { count: 7 });
  const { codes: foreign } = await makeCodes(database.url);
  for (const [at, code] of [...codes, foreign[0]!].entries())
    // Three start at the same instant.
    await redeemCode(
      { code, accountId: await makeAccount(), network: null },
      { now: new Date(now.getTime() + Math.max(0, at - 2)) },
    );
  const listed = [];
  for (let after: string | undefined, pages = 0; pages < 10; pages++) {
    const page = await listLeases({ partnerId: partner.id, after, limit: 2 });
    listed.push(...page!.leases);
    if (page!.next === null) break;
    after = page!.next;
  }
  expect(listed.map(({ startedAt }) => startedAt.getTime() - now.getTime())).toEqual([0, 0, 0, 1, 2, 3, 4]);
  expect(new Set(listed.map(({ id }) => id)).size).toBe(7);
  expect(listed.map(({ reference }) => reference).toSorted()).toEqual(
    codes.map((code) => codeReference(lookupDigest(code))).toSorted(),
  );
  const reference = codeReference(lookupDigest(codes[3]!));
  const found = await listLeases({ partnerId: partner.id, reference, limit: 9 });
  expect(found).toMatchObject({ leases: [{ reference, state: "running", product: "norton-360-deluxe" }], next: null });
  expect((await listLeases({ partnerId: partner.id, state: "ended", limit: 9 }))!.leases).toEqual([]);
  const another = codeReference(lookupDigest(foreign[0]!));
  expect((await listLeases({ partnerId: partner.id, reference: another, limit: 9 }))!.leases).toEqual([]);
  for (const after of ["", "1.2", "x", "1e3.00000000-0000-4000-8000-000000000000"])
    expect(await listLeases({ partnerId: partner.id, after, limit: 9 }), after).toBeNull();
});
