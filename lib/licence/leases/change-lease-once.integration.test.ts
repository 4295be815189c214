import { eq, sql } from "drizzle-orm";
import { expect, it } from "vitest";
import { db } from "@/lib/db/client";
import { sweepAnswers } from "@/lib/db/idempotent-answer";
import { event } from "@/lib/db/schema/event";
import { idempotentAnswer, lease } from "@/lib/db/schema/partner";
import { changeLeaseOnce, type Changed } from "@/lib/licence/leases/change-lease";
import type { LeaseChange } from "@/lib/licence/leases/change-lease";
import { redeemCode } from "@/lib/licence/leases/redeem-code";
import { withTestDatabase } from "@/lib/testing/database";
import { makeAccount, makeCodes } from "@/lib/testing/factories";

const database = withTestDatabase();

const now = new Date("2026-11-23T14:05:00Z");
const later = (hours: number) => new Date(now.getTime() + hours * 3_600_000);

async function leased() {
  const accountId = await makeAccount();
  const { partner, codes } = await makeCodes(database.url);
  await redeemCode({ code: codes[0]!, accountId, network: null }, { now });
  const [made] = await db().select().from(lease).where(eq(lease.accountId, accountId));
  const leaseId = made!.id;
  const once = (change: LeaseChange, idempotencyKey: string | null, at = later(1), partnerId = partner.id) =>
    changeLeaseOnce(
      { leaseId, partnerId, change, idempotencyKey, request: `POST ${leaseId} ${change}` },
      { now: at, answer },
    );
  const actions = async () =>
    (await db().select().from(event).where(eq(event.accountId, accountId)).orderBy(event.id)).map(
      ({ action }) => action,
    );
  return { accountId, partner, leaseId, once, actions };
}

const answer = (changed: Changed) => ({
  status: changed.status === "changed" ? 200 : 409,
  body: { is: changed.status },
});
const state = async (leaseId: string) => (await db().select().from(lease).where(eq(lease.id, leaseId)))[0]!.state;

it("a request with an idempotency key is done once, and its repetitions get its answer, also when more has happened", async () => {
  const { once, leaseId, actions } = await leased();
  const first = await once("suspend", "one");
  expect(first).toEqual({ status: 200, body: { is: "changed" } });
  await once("resume", "two", later(2));
  expect(await once("suspend", "one", later(3))).toEqual(first);
  expect(await state(leaseId)).toBe("running");
  await once("end", "three", later(4));
  expect(await once("resume", "two", later(5))).toEqual({ status: 200, body: { is: "changed" } });
  expect(await actions()).toEqual(["lease.started", "lease.suspended", "lease.resumed", "lease.ended"]);
});

it("twenty requests at once with one key have one effect and one answer", async () => {
  const { once, actions } = await leased();
  const all = await Promise.all(Array.from({ length: 20 }, () => once("suspend", "one")));
  expect(new Set(all.map((one) => JSON.stringify(one))).size).toBe(1);
  expect(all[0]).toEqual({ status: 200, body: { is: "changed" } });
  expect(await actions()).toEqual(["lease.started", "lease.suspended"]);
});

it("a key belongs to one request of one partner", async () => {
  const { once, leaseId } = await leased();
  const { partner: another } = await makeCodes(database.url);
  const first = await once("suspend", "one");
  expect(await once("end", "one")).toBeNull();
  expect(await state(leaseId)).toBe("suspended");
  expect(await once("suspend", "one", later(1), another.id)).toEqual({ status: 409, body: { is: "unknown" } });
  expect(await once("suspend", "one")).toEqual(first);
});

it("without a key, a repeated request is a new one", async () => {
  const { once } = await leased();
  expect(await once("suspend", null)).toEqual({ status: 200, body: { is: "changed" } });
  expect(await once("suspend", null)).toEqual({ status: 409, body: { is: "unchanged" } });
});

it("a request that fails leaves its key free", async () => {
  const { once, leaseId, partner } = await leased();
  const fails = () => {
    throw new Error("no answer");
  };
  const asked = { leaseId, partnerId: partner.id, change: "suspend" as const, idempotencyKey: "one" };
  const failed = changeLeaseOnce({ ...asked, request: `POST ${leaseId} suspend` }, { now, answer: fails });
  await expect(failed).rejects.toThrow("no answer");
  expect(await state(leaseId)).toBe("running");
  expect(await once("suspend", "one")).toEqual({ status: 200, body: { is: "changed" } });
});

it("answers are kept for a day", async () => {
  const { once, partner } = await leased();
  await once("suspend", "one", now);
  const kept = () => db().select().from(idempotentAnswer).where(eq(idempotentAnswer.caller, partner.id));
  await sweepAnswers({ now: later(24) });
  expect(await kept()).toHaveLength(1);
  await sweepAnswers({ now: later(24.01) });
  expect(await kept()).toEqual([]);
});

it("a lease changes 20 times a day at most, then only ends, and a refused request may be repeated", async () => {
  const { once, leaseId, actions } = await leased();
  for (let turn = 0; turn < 20; turn++)
    expect(await once(turn % 2 ? "resume" : "suspend", `turn ${turn}`)).toMatchObject({ status: 200 });
  expect(await once("resume", "again")).toEqual({ status: 409, body: { is: "unchanged" } });
  const before = await actions();
  expect(await once("suspend", "one more")).toMatchObject({ status: "limited" });
  expect(await state(leaseId)).toBe("running");
  expect(await actions()).toEqual(before);
  await forgetChanges();
  expect(await once("suspend", "one more")).toEqual({ status: 200, body: { is: "changed" } });
  for (let turn = 0; turn < 19; turn++) await once(turn % 2 ? "suspend" : "resume", null);
  expect(await once("suspend", null)).toMatchObject({ status: "limited" });
  expect(await once("end", null)).toEqual({ status: 200, body: { is: "changed" } });
});

/** As if a day had passed on the database's clock. */
const forgetChanges = () => db().execute(sql`DELETE FROM limit_counter WHERE "limit" = 'leaseChangePerLease'`);
