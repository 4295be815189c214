import { randomBytes, randomUUID } from "node:crypto";
import { eq } from "drizzle-orm";
import { beforeAll, describe, expect, it } from "vitest";
import { db } from "@/lib/db/client";
import { account } from "@/lib/db/schema/account";
import { env } from "@/lib/env";
import { findCertificate } from "@/lib/licence/certificate";
import { ensureSigningKey } from "@/lib/licence/signing-keys";
import { findUndo, undoRedemption } from "@/lib/licence/undo-redemption";
import { restoreKey, voidKey } from "@/lib/licence/void-key";
import { withTestDatabase } from "@/lib/testing/database";
import { makeAccount, makeKeys } from "@/lib/testing/factories";
import { redeemShown } from "@/lib/testing/redeem";

const database = withTestDatabase();

const now = new Date("2026-11-23T14:05:00Z");
const later = (days: number) => new Date(now.getTime() + days * 86_400_000);
const { secrets, authUrl } = env();

beforeAll(() => ensureSigningKey({ now, randomBytes, vault: secrets.vault }));

async function activated(given: { accountId?: string; at?: Date } = {}) {
  const accountId = given.accountId ?? (await makeAccount({ name: "Camille Marchand" }));
  const [key] = (await makeKeys(database.url)).keys;
  const redeemed = await redeemShown({ key: key!, accountId }, { now: given.at ?? now });
  if (redeemed.status !== "activated") throw new Error(redeemed.status);
  return { accountId, key: key!, id: redeemed.grantId };
}

const stateAt = async (id: string, at: Date) => (await findCertificate(id, { now: at }))?.state;

async function undo({ id, accountId }: { id: string; accountId: string }) {
  const shown = (await findUndo({ grantId: id, accountId }, { now }))!;
  await undoRedemption({ grantId: id, accountId, shownEnd: shown.endsAfter?.toISOString() ?? "" }, { now: later(0.5) });
}

describe("a certificate", () => {
  it("has the facts of an activation, signed, and neither a person nor a key", async () => {
    const { accountId, key, id } = await activated();
    const [owner] = await db().select().from(account).where(eq(account.id, accountId));
    const found = (await findCertificate(id, { now }))!;
    expect(found).toMatchObject({
      ...{ id, product: "norton-360-deluxe", devices: 5, term: { months: 12, days: 0 }, activatedAt: now },
      state: { name: "active", endsAt: new Date("2027-11-23T14:05:00Z") },
    });
    const [header = "", payload = ""] = found.signed.token
      .split(".")
      .map((part) => Buffer.from(part, "base64url").toString());
    expect(JSON.parse(header)).toMatchObject({ typ: "activation-certificate+jwt" });
    expect(JSON.parse(payload)).toEqual({
      ...{ iss: authUrl, jti: id, product: "norton-360-deluxe", devices: 5, months: 12, days: 0 },
      activated: "2026-11-23",
    });
    for (const told of [JSON.stringify(found), header, payload])
      for (const secret of [accountId, owner!.email, owner!.name, key, key.slice(-5)])
        expect(told).not.toContain(secret);
  });

  it("shows the state of its own activation now, whatever the signature says", async () => {
    const first = await activated();
    const second = await activated({ accountId: first.accountId });
    const firstEnd = new Date("2027-11-23T14:05:00Z");
    expect(await stateAt(first.id, later(100))).toEqual({ name: "active", endsAt: firstEnd });
    expect(await stateAt(second.id, later(100))).toEqual({
      ...{ name: "waiting", startsAt: firstEnd, endsAt: new Date("2028-11-23T14:05:00Z") },
    });
    expect(await stateAt(first.id, firstEnd)).toEqual({ name: "ended", endsAt: firstEnd });
    expect(await stateAt(second.id, firstEnd)).toMatchObject({ name: "active" });

    const { lookup: lookupSecret } = secrets;
    await voidKey({ key: first.key, reason: "refunded" }, { now: later(10), lookupSecret });
    expect(await stateAt(first.id, later(11))).toEqual({ name: "withdrawn", at: later(10) });
    expect(await stateAt(second.id, later(11))).toMatchObject({ name: "active" });
    await restoreKey({ key: first.key, reason: "mistake" }, { now: later(12), lookupSecret });
    expect(await stateAt(first.id, later(13))).toEqual({ name: "active", endsAt: firstEnd });
  });

  it("says that its activation was undone", async () => {
    const made = await activated();
    await undo(made);
    expect(await stateAt(made.id, later(1))).toEqual({ name: "undone", at: later(0.5) });
  });

  it("does not exist for an unknown id, and no longer once the account is erased", async () => {
    expect(await findCertificate(randomUUID(), { now })).toBeNull();
    const { accountId, id } = await activated();
    expect(await findCertificate(accountId, { now })).toBeNull();
    await db().update(account).set({ erasedAt: now, passwordHash: null }).where(eq(account.id, accountId));
    expect(await findCertificate(id, { now })).toBeNull();
  });
});
