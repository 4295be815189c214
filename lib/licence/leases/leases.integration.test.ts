import { randomBytes } from "node:crypto";
import { asc, eq, sql } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { db, transaction } from "@/lib/db/client";
import { event } from "@/lib/db/schema/event";
import { grantAmendment, grantEntry } from "@/lib/db/schema/ledger";
import { subscription } from "@/lib/db/schema/licence";
import { mail } from "@/lib/db/schema/mail";
import { lease } from "@/lib/db/schema/partner";
import { OPEN_END } from "@/lib/licence/coverage";
import { keepKey } from "@/lib/licence/keep-key";
import { lookupDigest } from "@/lib/licence/key-vault";
import { changeLease, endLeasesOfErased } from "@/lib/licence/leases/change-lease";
import type { LeaseChange } from "@/lib/licence/leases/change-lease";
import { previewCode } from "@/lib/licence/leases/preview-code";
import { redeemCode } from "@/lib/licence/leases/redeem-code";
import { previewKey } from "@/lib/licence/preview-key";
import { issuePartnerCode } from "@/lib/licence/product-key";
import { redeemKey } from "@/lib/licence/redeem-key";
import { queueReminders } from "@/lib/licence/reminders";
import { startDueKeys } from "@/lib/licence/start-kept-key";
import { getHoldings } from "@/lib/licence/subscriptions";
import { addTerm } from "@/lib/licence/term";
import { findUndo } from "@/lib/licence/undo-redemption";
import { countStatements } from "@/lib/testing/count-statements";
import { withTestDatabase } from "@/lib/testing/database";
import { makeAccount, makeCodes, makeKeys } from "@/lib/testing/factories";
import { redeemShown } from "@/lib/testing/redeem";

const database = withTestDatabase();

const HOUR = 3_600_000;
const now = new Date("2026-11-23T14:05:00Z");
const later = (hours: number) => new Date(now.getTime() + hours * HOUR);
const months = (count: number, from = now) => addTerm(from, { months: count, days: 0 });
const timeZone = "Europe/Paris";

const person = () => makeAccount({ emailVerifiedAt: now });
const newKey = async (given = {}) => (await makeKeys(database.url, given)).keys[0]!;
const attempt = (code: string, accountId: string) => ({ code, accountId, network: null });
const holdings = (accountId: string, at = now) => getHoldings({ accountId, timeZone }, { now: at });
const leasesOf = (accountId: string) => db().select().from(lease).where(eq(lease.accountId, accountId));

/** A person whose code of a new partner runs as a lease. */
async function leased(given: Parameters<typeof makeCodes>[1] = {}, accountId?: string) {
  const owner = accountId ?? (await person());
  const { partner, codes } = await makeCodes(database.url, given);
  const made = await redeemCode(attempt(codes[0]!, owner), { now });
  if (made.status !== "activated") throw new Error(made.status);
  const row = (await leasesOf(owner)).at(-1)!;
  const change = (what: LeaseChange, at: Date, partnerId = partner.id) =>
    transaction((tx) => changeLease(tx, { leaseId: row.id, partnerId, change: what }, { now: at, actor: "partner" }));
  return { accountId: owner, partner, code: codes[0]!, leaseId: row.id, ...made, change };
}

const toldOf = async (accountId: string) => ({
  events: (await db().select().from(event).where(eq(event.accountId, accountId)).orderBy(asc(event.id))).map(
    ({ action, actor }) => `${action} by ${actor}`,
  ),
  mails: (await db().select().from(mail).where(eq(mail.accountId, accountId)).orderBy(asc(mail.createdAt))).map(
    ({ kind }) => kind,
  ),
});

describe("a partner code", () => {
  it("becomes a lease without an end, in a subscription of its own, and its owner is told", async () => {
    const accountId = await person();
    const { partner, codes } = await makeCodes(database.url);
    const asked = attempt(codes[0]!, accountId);
    expect(await previewCode(asked, { now })).toEqual({
      status: "ready",
      product: "norton-360-deluxe",
      seats: 5,
      partner: partner.name,
      redeemBy: null,
      besideUntil: null,
    });
    const made = await redeemCode(asked, { now });
    expect(made.status).toBe("activated");
    const { subscriptions } = await holdings(accountId);
    expect(subscriptions).toMatchObject([
      {
        state: "active",
        endsAt: OPEN_END,
        lease: { partner: partner.name, state: "running", changedAt: now },
        grants: [{ part: { startsAt: now, endsAt: OPEN_END }, undoUntil: null, undoneAt: null }],
      },
    ]);
    expect(await toldOf(accountId)).toEqual({
      events: ["lease.started by account"],
      mails: ["lease-started"],
    });
    const [row] = await db().select().from(subscription).where(eq(subscription.accountId, accountId));
    expect(row!.endsAt).toEqual(OPEN_END);
  });

  it("tells nothing to an unconfirmed address", async () => {
    const accountId = await makeAccount();
    await leased({}, accountId);
    expect((await toldOf(accountId)).mails).toEqual([]);
  });

  it("redeemed twenty times at once by two people becomes one lease, and leaves nothing of the others", async () => {
    const people = [await person(), await person()];
    const { codes } = await makeCodes(database.url);
    const all = await Promise.all(
      Array.from({ length: 20 }, (_, at) => redeemCode(attempt(codes[0]!, people[at % 2]!), { now })),
    );
    expect(all.filter(({ status }) => status === "activated")).toHaveLength(1);
    const owners = (await Promise.all(people.map(leasesOf))).map(({ length }) => length);
    expect(owners.toSorted()).toEqual([0, 1]);
    const winner = people[owners.indexOf(1)]!;
    const loser = people[owners.indexOf(0)]!;
    expect((await holdings(winner)).subscriptions).toHaveLength(1);
    const { rows } = await db().execute(sql`SELECT id FROM subscription WHERE account_id = ${loser}`);
    expect(rows).toEqual([]);
    expect((await toldOf(winner)).events).toEqual(["lease.started by account"]);
    const first = all.find(({ status }) => status === "activated")!;
    for (const one of all.filter(({ status }) => status === "alreadyYours"))
      expect(one).toEqual({ ...first, status: "alreadyYours" });
    expect(all.filter((one) => one.status === "refused" && one.reason === "usedByAnother")).toHaveLength(10);
  });

  it("gives the first result again, also after the lease has ended", async () => {
    const { accountId, code, change, grantId, subscriptionId } = await leased();
    await change("end", later(1));
    expect(await redeemCode(attempt(code, accountId), { now: later(2) })).toEqual({
      status: "alreadyYours",
      grantId,
      subscriptionId,
    });
    expect(await leasesOf(accountId)).toHaveLength(1);
  });

  it("is refused when it is unknown, another account's, or too late, each with a case code and one event", async () => {
    const { code } = await leased();
    const stranger = await person();
    const { codes } = await makeCodes(database.url, { redeemBy: "2026-11-23" });
    const unknown = issuePartnerCode(randomBytes);
    const ends = new Date("2026-11-24T12:00:00Z");
    for (const [typed, reason, at] of [
      [unknown, "unknown", now],
      [code, "usedByAnother", now],
      [codes[0]!, "expired", ends],
    ] as const) {
      const refused = await previewCode(attempt(typed, stranger), { now: at });
      expect(refused).toMatchObject({ status: "refused", reason, caseCode: expect.stringMatching(/^.{4}-.{4}$/) });
      expect(await redeemCode(attempt(typed, stranger), { now: at })).toEqual(refused);
    }
    expect((await previewCode(attempt(codes[0]!, stranger), { now: new Date(ends.getTime() - 1) })).status).toBe(
      "ready",
    );
    expect((await toldOf(stranger)).events).toEqual(Array.from({ length: 3 }, () => "key.refused by account"));
  });

  it("that does not exist counts as a guess together with product keys, and then no code is looked up", async () => {
    const accountId = await person();
    for (let guess = 0; guess < 10; guess++) {
      const { status } = await previewCode(attempt(issuePartnerCode(randomBytes), accountId), { now });
      expect(status).toBe("refused");
    }
    const { codes } = await makeCodes(database.url);
    expect(await previewCode(attempt(codes[0]!, accountId), { now })).toMatchObject({ status: "limited" });
    expect(await redeemCode(attempt(codes[0]!, accountId), { now })).toMatchObject({ status: "limited" });
    expect((await previewKey({ key: await newKey(), accountId, network: null }, { now })).status).toBe("limited");
    expect(await leasesOf(accountId)).toEqual([]);
  });

  it("is previewed with two statements at most, and none writes", async () => {
    const accountId = await person();
    await redeemShown({ key: await newKey(), accountId }, { now });
    const { codes } = await makeCodes(database.url);
    const { result, statements } = await countStatements(() => previewCode(attempt(codes[0]!, accountId), { now }));
    expect(result).toMatchObject({ status: "ready", besideUntil: months(12) });
    expect(statements.length).toBeLessThanOrEqual(2);
  });
});

describe("a lease", () => {
  it("covers the time it runs: suspended and resumed as often as the partner likes, until it ends", async () => {
    const { accountId, change, partner } = await leased();
    expect(await change("suspend", later(10))).toMatchObject({ status: "changed", lease: { state: "suspended" } });
    expect((await holdings(accountId, later(11))).subscriptions).toMatchObject([
      { state: "paused", endsAt: later(10), lease: { partner: partner.name, changedAt: later(10) } },
    ]);
    await change("resume", later(20));
    expect((await holdings(accountId, later(21))).subscriptions).toMatchObject([{ state: "active", endsAt: OPEN_END }]);
    await change("end", later(30));
    expect((await holdings(accountId, later(31))).subscriptions).toMatchObject([
      {
        state: "ended",
        endsAt: later(30),
        grants: [{ part: { startsAt: now, endsAt: later(10) } }, { part: { startsAt: later(20), endsAt: later(30) } }],
      },
    ]);
    expect(await toldOf(accountId)).toEqual({
      events: [
        "lease.started by account",
        "lease.suspended by partner",
        "lease.resumed by partner",
        "lease.ended by partner",
      ],
      mails: ["lease-started", "lease-suspended", "lease-resumed", "lease-ended"],
    });
  });

  it("that is in a state already stays as it is, and an end is final", async () => {
    const { accountId, change } = await leased();
    expect((await change("resume", later(1))).status).toBe("unchanged");
    await change("suspend", later(2));
    expect(await change("suspend", later(3))).toMatchObject({ status: "unchanged", lease: { changedAt: later(2) } });
    await change("end", later(4));
    expect((await change("end", later(5))).status).toBe("unchanged");
    expect(await change("resume", later(5))).toEqual({ status: "ended" });
    expect(await change("suspend", later(5))).toEqual({ status: "ended" });
    const grants = await db()
      .select({ grant: grantEntry.id, amended: grantAmendment.id })
      .from(grantEntry)
      .innerJoin(lease, eq(lease.id, grantEntry.leaseId))
      .leftJoin(grantAmendment, eq(grantAmendment.grantId, grantEntry.id))
      .where(eq(lease.accountId, accountId));
    expect(grants).toHaveLength(1);
    expect((await toldOf(accountId)).mails).toEqual(["lease-started", "lease-suspended", "lease-ended"]);
  });

  it("looks unknown to another partner, and is not changed (S10)", async () => {
    const { change, accountId } = await leased();
    const { partner: another } = await makeCodes(database.url);
    expect(await change("end", later(1), another.id)).toEqual({ status: "unknown" });
    expect(await leasesOf(accountId)).toMatchObject([{ state: "running" }]);
  });

  it("changed twenty times at once changes once, and has at most one running grant", async () => {
    const { accountId, change } = await leased();
    for (const [at, what] of (["suspend", "resume", "suspend"] as const).entries()) {
      const all = await Promise.all(Array.from({ length: 20 }, () => change(what, later(at + 1))));
      expect(all.filter(({ status }) => status === "changed")).toHaveLength(1);
      const [one] = (await holdings(accountId, later(at + 1))).subscriptions;
      const open = one!.grants.filter(({ part }) => part && part.endsAt >= OPEN_END);
      expect(open).toHaveLength(what === "resume" ? 1 : 0);
      expect(one!.state).toBe(what === "resume" ? "active" : "paused");
    }
    const both = await Promise.all([change("resume", later(9)), change("end", later(9))]);
    expect(both[1]!.status).toBe("changed");
    expect((await holdings(accountId, later(9))).subscriptions).toMatchObject([{ state: "ended" }]);
  });

  it("that starts or changes moves the ledger's version on, so that a key redeemed at that moment is judged again", async () => {
    const accountId = await person();
    const version = async () => {
      const { rows } = await db().execute<{ version: number }>(
        sql`SELECT ledger_version AS version FROM account WHERE id = ${accountId}`,
      );
      return rows[0]!.version;
    };
    const versions = [await version()];
    const { change } = await leased({}, accountId);
    versions.push(await version());
    for (const what of ["suspend", "resume", "end"] as const) {
      await change(what, later(versions.length));
      versions.push(await version());
    }
    expect(versions).toEqual([0, 1, 2, 3, 4].map((step) => versions[0]! + step));
  });

  it("is stored only whole: one source, no term of its own, a known state", async () => {
    const { leaseId, subscriptionId } = await leased();
    const key = sql`(SELECT id FROM product_key WHERE lookup = ${lookupDigest(await newKey())})`;
    const give = (columns: string, values: ReturnType<typeof sql>) =>
      db().execute(
        sql`INSERT INTO grant_entry (subscription_id, granted_at, months, days, ${sql.raw(columns)})
            VALUES (${subscriptionId}, now(), ${values})`,
      );
    await expect(give("lease_id", sql`1, 0, ${leaseId}`)).rejects.toThrow();
    await expect(give("lease_id", sql`0, 1, ${leaseId}`)).rejects.toThrow();
    await expect(give("key_id", sql`0, 0, ${key}`)).rejects.toThrow();
    await expect(give("lease_id, key_id", sql`0, 0, ${leaseId}, ${key}`)).rejects.toThrow();
    await expect(db().execute(sql`UPDATE lease SET state = 'lost' WHERE id = ${leaseId}`)).rejects.toThrow();
    await give("lease_id", sql`0, 0, ${leaseId}`);
  });

  it("cannot be undone by its owner", async () => {
    const { accountId, grantId } = await leased();
    expect(await findUndo({ grantId, accountId }, { now: later(1) })).toBeNull();
  });

  it("ends when its account is erased, so that the partner sees it", async () => {
    const { accountId, leaseId } = await leased();
    expect(await endLeasesOfErased({ now: later(1) })).toBe(0);
    await db().execute(sql`UPDATE account SET erased_at = now(), password_hash = NULL WHERE id = ${accountId}`);
    expect(await endLeasesOfErased({ now: later(2) })).toBe(1);
    expect(await endLeasesOfErased({ now: later(3) })).toBe(0);
    expect(await leasesOf(accountId)).toMatchObject([{ id: leaseId, state: "ended", changedAt: later(2) }]);
    expect((await toldOf(accountId)).events.at(-1)).toBe("lease.ended by system");
    const [row] = await db().select().from(subscription).where(eq(subscription.accountId, accountId));
    expect(row!.endsAt).toEqual(later(2));
  });

  it("is never reminded of, and silences the reminders of what runs beside it", async () => {
    const accountId = await person();
    await redeemShown({ key: await newKey({ months: 1 }), accountId }, { now });
    await leased({}, accountId);
    const end = new Date(months(1).getTime() - 12 * HOUR);
    await queueReminders({ now: end });
    expect((await toldOf(accountId)).mails.filter((kind) => kind.startsWith("subscription"))).toEqual([]);
  });
});

describe("a product key beside a running lease of its product", () => {
  const preview = async (key: string, accountId: string, at = now) => {
    const found = await previewKey({ key, accountId, network: null }, { now: at });
    if (found.status !== "ready") throw new Error(found.status);
    return found;
  };

  it("is best kept for later, can run beside, and never extends the lease", async () => {
    const { accountId, partner } = await leased();
    const { choices } = await preview(await newKey({ months: 3 }), accountId);
    expect(choices).toEqual([
      { kind: "keep", runningUntil: null, provider: partner.name },
      { kind: "add", startsAt: now, endsAt: months(3) },
    ]);
  });

  it("extends the account's own subscription if one runs too", async () => {
    const accountId = await person();
    await redeemShown({ key: await newKey({ months: 1 }), accountId }, { now });
    await leased({}, accountId);
    const { choices } = await preview(await newKey({ months: 3 }), accountId);
    expect(choices.map(({ kind }) => kind)).toEqual(["keep", "extend", "add"]);
    expect(choices[1]).toMatchObject({ endsAt: months(4) });
  });

  it("starts as ever while the lease is suspended, or is of another product", async () => {
    const { accountId, change } = await leased();
    const other = await preview(await newKey({ product: "norton-360-standard" }), accountId);
    expect(other.choices.map(({ kind }) => kind)).toEqual(["start", "keep"]);
    expect(other.beside).toEqual([]);
    await change("suspend", later(1));
    const { choices } = await preview(await newKey(), accountId, later(2));
    expect(choices.map(({ kind }) => kind)).toEqual(["start", "keep"]);
  });

  it("is not used when the lease was suspended or ended since it was shown", async () => {
    const { accountId, change } = await leased();
    const key = await newKey();
    const { version } = await preview(key, accountId);
    await change("suspend", later(1));
    const request = { key, accountId, network: null, choice: "add" as const, previewVersion: version };
    expect(await redeemKey(request, { now: later(1) })).toEqual({ status: "previewChanged" });
  });

  it("kept for later starts a new subscription by itself from the instant at which the lease ended", async () => {
    const { accountId, change, partner, subscriptionId } = await leased();
    const key = await newKey({ months: 3 });
    await keepKey({ key, accountId, network: null, startsItself: true }, { now });
    expect((await holdings(accountId)).kept).toMatchObject([
      { startsAt: null, startsAfter: partner.name, gives: { kind: "add", endsAt: months(3) } },
    ]);
    expect(await startDueKeys({ now: later(9) })).toBe(0);
    await change("end", later(10));
    await Promise.all([startDueKeys({ now: later(12) }), startDueKeys({ now: later(12) })]);
    const { subscriptions, kept } = await holdings(accountId, later(12));
    expect(kept).toEqual([]);
    const own = subscriptions.find(({ id }) => id !== subscriptionId)!;
    expect(own).toMatchObject({ state: "active", endsAt: months(3, later(10)), lease: null });
    expect(subscriptions).toHaveLength(2);
  });
});
