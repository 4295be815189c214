import { eq, sql } from "drizzle-orm";
import { expect, it } from "vitest";
import { db } from "@/lib/db/client";
import { event } from "@/lib/db/schema/event";
import { lease } from "@/lib/db/schema/partner";
import { changeLeaseForPartner, type LeaseChange } from "@/lib/licence/leases/change-lease";
import { redeemCode } from "@/lib/licence/leases/redeem-code";
import { withTestDatabase } from "@/lib/testing/database";
import { makeAccount, makeCodes } from "@/lib/testing/factories";

const database = withTestDatabase();

const now = new Date("2026-11-23T14:05:00Z");
const later = new Date("2026-11-23T15:05:00Z");

async function leased() {
  const accountId = await makeAccount();
  const { partner, codes } = await makeCodes(database.url);
  await redeemCode({ code: codes[0]!, accountId, network: null }, { now });
  const [made] = await db().select().from(lease).where(eq(lease.accountId, accountId));
  const leaseId = made!.id;
  const change = async (to: LeaseChange, partnerId = partner.id) =>
    (await changeLeaseForPartner({ leaseId, partnerId, change: to }, { now: later })).status;
  const actions = async () =>
    (await db().select().from(event).where(eq(event.accountId, accountId)).orderBy(event.id)).map(
      ({ action }) => action,
    );
  return { leaseId, change, actions };
}

const state = async (leaseId: string) => (await db().select().from(lease).where(eq(lease.id, leaseId)))[0]!.state;

it("a partner changes its own lease only, and a repeated change changes nothing", async () => {
  const { leaseId, change, actions } = await leased();
  const { partner: another } = await makeCodes(database.url);
  expect(await change("suspend", another.id)).toBe("unknown");
  expect([await change("suspend"), await change("suspend")]).toEqual(["changed", "unchanged"]);
  expect(await state(leaseId)).toBe("suspended");
  expect(await actions()).toEqual(["lease.started", "lease.suspended"]);
  expect([await change("resume"), await change("end"), await change("resume")]).toEqual([
    "changed",
    "changed",
    "ended",
  ]);
  expect((await actions()).slice(2)).toEqual(["lease.resumed", "lease.ended"]);
});

it("a lease changes 20 times a day at most, then only ends", async () => {
  const { change, leaseId, actions } = await leased();
  for (let turn = 0; turn < 20; turn++) expect(await change(turn % 2 ? "resume" : "suspend")).toBe("changed");
  expect(await change("resume")).toBe("unchanged");
  const before = await actions();
  expect(await change("suspend")).toBe("limited");
  expect(await state(leaseId)).toBe("running");
  expect(await actions()).toEqual(before);
  await forgetChanges();
  expect(await change("suspend")).toBe("changed");
  for (let turn = 0; turn < 19; turn++) await change(turn % 2 ? "suspend" : "resume");
  expect(await change("suspend")).toBe("limited");
  expect(await change("end")).toBe("changed");
});

/** As if a day had passed on the database's clock. */
const forgetChanges = () => db().execute(sql`DELETE FROM limit_counter WHERE "limit" = 'leaseChangePerLease'`);
