import { randomBytes, randomUUID } from "node:crypto";
import { eq, sql } from "drizzle-orm";
import { Client } from "pg";
import { describe, expect, it } from "vitest";
import { db } from "@/lib/db/client";
import { account } from "@/lib/db/schema/account";
import { dispute } from "@/lib/db/schema/dispute";
import { event } from "@/lib/db/schema/event";
import { productKey } from "@/lib/db/schema/licence";
import { mail } from "@/lib/db/schema/mail";
import { env } from "@/lib/env";
import { answerDispute, answerFault } from "@/lib/licence/disputes/answer-dispute";
import { findCases } from "@/lib/licence/disputes/find-cases";
import {
  countOpenDisputes,
  findDispute,
  findDisputeId,
  listAllDisputes,
  listDisputes,
} from "@/lib/licence/disputes/list-disputes";
import { openDispute, type Claim } from "@/lib/licence/disputes/open-dispute";
import { keepKey } from "@/lib/licence/keep-key";
import { previewKey } from "@/lib/licence/preview-key";
import { formatKey, issueProductKey } from "@/lib/licence/product-key";
import { releaseKey } from "@/lib/licence/release-keys";
import { voidKey } from "@/lib/licence/void-key";
import { untilSomeoneWaits, withTestDatabase } from "@/lib/testing/database";
import { makeAccount, makeKeys } from "@/lib/testing/factories";
import { redeemShown } from "@/lib/testing/redeem";

const database = withTestDatabase();

const now = new Date("2026-11-23T14:05:00.000Z");
const later = new Date("2026-11-24T09:00:00.000Z");
const usedAt = new Date("2026-11-20T08:00:00.000Z");

const claimOf = (key: string, given: Partial<Claim> = {}): Claim => ({
  ...{ shop: "Electro, Lille", boughtOn: "19/11/2026", lastGroup: key.slice(-5), receipt: "Ticket 0042" },
  ...given,
});

/** A key that somebody else has used. */
async function usedKey(): Promise<{ key: string; owner: string }> {
  const { keys } = await makeKeys(database.url);
  const owner = await makeAccount({ name: "Philippa Quenouille" });
  await redeemShown({ key: keys[0]!, accountId: owner }, { now: usedAt });
  return { key: keys[0]!, owner };
}

const open = (key: string, accountId: string, given: Partial<Claim> = {}, at = now) =>
  openDispute({ key, accountId, network: randomUUID(), claim: claimOf(key, given) }, { now: at });

async function opened(given: Parameters<typeof makeAccount>[0] = { emailVerifiedAt: now }) {
  const { key, owner } = await usedKey();
  const accountId = await makeAccount(given);
  const opening = await open(key, accountId);
  if (opening.status !== "opened") throw new Error(opening.status);
  const view = (await findDispute({ id: opening.disputeId, accountId }))!;
  return { key, owner, accountId, id: opening.disputeId, caseCode: view.caseCode };
}

const refusalOf = async (key: string, accountId: string) => {
  const preview = await previewKey({ key, accountId, network: randomUUID() }, { now });
  if (preview.status !== "refused") throw new Error(preview.status);
  return preview;
};

const rowsOf = (accountId: string) => db().select().from(dispute).where(eq(dispute.accountId, accountId));
const actionsOf = async (accountId: string) =>
  (await db().select().from(event).where(eq(event.accountId, accountId)).orderBy(event.id)).map(({ action }) => action);
const mailsTo = (accountId: string) =>
  db().select().from(mail).where(eq(mail.accountId, accountId)).orderBy(mail.createdAt);

describe("opening a dispute", () => {
  it("stores what the receipt says under the refusal's case code, and is told in activity", async () => {
    const { key } = await usedKey();
    const accountId = await makeAccount();
    const { caseCode } = await refusalOf(key, accountId);
    expect(await findDisputeId({ caseCode, accountId })).toBeNull();
    const opening = await open(key, accountId);
    expect(opening).toEqual({ status: "opened", disputeId: expect.any(String) });
    expect(await listDisputes({ accountId })).toEqual([
      {
        ...{ id: (opening as { disputeId: string }).disputeId, caseCode, product: "norton-360-deluxe" },
        ...{ lastGroup: key.slice(-5), shop: "Electro, Lille", state: "open", openedAt: now },
        ...{ answer: null, answeredAt: null },
      },
    ]);
    expect(await actionsOf(accountId)).toEqual(["key.refused", "dispute.opened"]);
    expect(await findDisputeId({ caseCode, accountId })).toBe((opening as { disputeId: string }).disputeId);
  });

  it("never stores a whole key or code, in whichever field it was pasted", async () => {
    const { key } = await usedKey();
    const accountId = await makeAccount();
    const pasted = `My key ${formatKey(key)}, code 32345-6789B-CDHD8`;
    await open(key, accountId, { shop: pasted, boughtOn: formatKey(key), receipt: `${pasted}\n${key.toLowerCase()}` });
    const { rows } = await db().execute<{ row: string }>(
      sql`SELECT dispute::text AS row FROM dispute WHERE account_id = ${accountId}`,
    );
    for (const secret of [key, key.toLowerCase(), formatKey(key).slice(0, 11), "6789B", key.slice(5, 15)])
      expect(rows[0]!.row).not.toContain(secret);
    expect(rows[0]!.row).toContain(key.slice(-5));
  });

  it("repeated, also twenty times at once, gives the first case again, unchanged and counted once", async () => {
    const { key } = await usedKey();
    const accountId = await makeAccount();
    const openings = await Promise.all(Array.from({ length: 20 }, () => open(key, accountId)));
    const again = await open(key, accountId, { shop: "Another shop" }, later);
    expect(new Set([...openings, again].map((one) => JSON.stringify(one))).size).toBe(1);
    expect(openings[0]).toMatchObject({ status: "opened" });
    const rows = await rowsOf(accountId);
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ shop: "Electro, Lille", openedAt: now });
    expect((await actionsOf(accountId)).filter((action) => action === "dispute.opened")).toHaveLength(1);
    // Four others are within the limit of five.
    for (let other = 0; other < 4; other++)
      expect(await open((await usedKey()).key, accountId)).toMatchObject({ status: "opened" });
  });

  it("stops at five cases an hour for an account, in a burst too, and leaves other accounts alone", async () => {
    const accountId = await makeAccount();
    const used = await Promise.all(Array.from({ length: 8 }, usedKey));
    const openings = await Promise.all(used.map(({ key }) => open(key, accountId)));
    expect(openings.filter(({ status }) => status === "opened")).toHaveLength(5);
    expect(openings.filter(({ status }) => status === "tooMany")).toHaveLength(3);
    expect(await rowsOf(accountId)).toHaveLength(5);
    expect(await open(used[0]!.key, await makeAccount())).toMatchObject({ status: "opened" });
  });

  it("is refused for a key that is not used by another account, and stores nothing", async () => {
    const { keys } = await makeKeys(database.url, { count: 3 });
    const accountId = await makeAccount();
    await redeemShown({ key: keys[1]!, accountId }, { now });
    const lookupSecret = env().secrets.lookup;
    await voidKey({ key: keys[2]!, reason: "lost" }, { now, lookupSecret });
    const unknown = issueProductKey((count) => randomBytes(count));
    for (const key of [...keys, unknown]) expect(await open(key, accountId)).toEqual({ status: "notDisputable" });
    expect(await rowsOf(accountId)).toEqual([]);
  });

  it("tells a guesser no more than looking does: after ten unknown keys nothing is judged", async () => {
    const { key } = await usedKey();
    const accountId = await makeAccount();
    const guess = () =>
      open(
        issueProductKey((count) => randomBytes(count)),
        accountId,
      );
    for (let miss = 0; miss < 10; miss++) expect(await guess()).toEqual({ status: "notDisputable" });
    expect(await open(key, accountId)).toEqual({ status: "limited", until: expect.any(Date) });
    expect(await rowsOf(accountId)).toEqual([]);
  });

  it("leaves no dispute of an account that is erased meanwhile", async () => {
    const { key } = await usedKey();
    const accountId = await makeAccount();
    const other = new Client({ connectionString: database.url });
    await other.connect();
    await other.query("BEGIN");
    await other.query("UPDATE account SET erased_at = now(), password_hash = NULL WHERE id = $1", [accountId]);
    const opening = open(key, accountId).catch((error: Error) => error.message);
    await untilSomeoneWaits();
    await other.query("COMMIT");
    await other.end();
    expect(await opening).toMatch(/does not exist/);
    expect(await rowsOf(accountId)).toEqual([]);
  });
});

describe("a person's cases", () => {
  it("are seen by their owner only: another's looks like one that does not exist (S10)", async () => {
    const { id, owner } = await opened();
    const stranger = await makeAccount();
    for (const accountId of [stranger, owner]) {
      expect(await findDispute({ id, accountId })).toBeNull();
      expect(await findDispute({ id: randomUUID(), accountId })).toBeNull();
      expect(await listDisputes({ accountId })).toEqual([]);
    }
  });
});

describe("answering a dispute", () => {
  it("is shown to its person, recorded as the operator's, and emailed with the text", async () => {
    const { id, accountId, caseCode } = await opened();
    const before = await countOpenDisputes();
    const text = "Your receipt shows it.\n\nTake it to the shop.";
    expect(await answerDispute({ caseCode, text }, { now: later })).toEqual({ status: "answered", emailed: true });
    expect(await findDispute({ id, accountId })).toMatchObject({ state: "answered", answer: text, answeredAt: later });
    expect(await countOpenDisputes()).toBe(before - 1);
    const [{ kind, details } = {}] = await mailsTo(accountId);
    expect({ kind, details }).toEqual({ kind: "dispute-answered", details: { caseCode, answer: text } });
    const [told] = await db().select().from(event).where(eq(event.action, "dispute.answered"));
    expect(told).toMatchObject({ actor: "operator", accountId, subject: caseCode, at: later, details: {} });
  });

  it("the same answer again is not sent again, also when given at once; another one replaces it and is", async () => {
    const { id, accountId, caseCode } = await opened();
    const give = (text: string, at = now) => answerDispute({ caseCode, text }, { now: at });
    const statuses = await Promise.all(Array.from({ length: 8 }, () => give("No.")));
    expect(statuses.map(({ status }) => status).sort()).toEqual(["answered", ...Array(7).fill("answeredSo")]);
    expect(await mailsTo(accountId)).toHaveLength(1);
    expect(await give("Yes, after all.", later)).toMatchObject({ status: "answered" });
    expect(await findDispute({ id, accountId })).toMatchObject({ answer: "Yes, after all.", answeredAt: later });
    expect((await mailsTo(accountId)).map(({ details }) => details["answer"])).toEqual(["No.", "Yes, after all."]);
  });

  it("sends nothing to an address that is not confirmed, and says so", async () => {
    const { accountId, caseCode } = await opened({});
    expect(await answerDispute({ caseCode, text: "No." }, { now })).toEqual({ status: "answered", emailed: false });
    expect(await mailsTo(accountId)).toEqual([]);
  });

  it("knows no case without a dispute, and none of an account that was erased meanwhile", async () => {
    const { key } = await usedKey();
    const { caseCode } = await refusalOf(key, await makeAccount());
    expect(await answerDispute({ caseCode, text: "No." }, { now })).toEqual({ status: "unknown" });

    const { accountId, ...gone } = await opened();
    await db().update(account).set({ erasedAt: now, passwordHash: null }).where(eq(account.id, accountId));
    expect(await answerDispute({ caseCode: gone.caseCode, text: "No." }, { now })).toEqual({ status: "unknown" });
    expect(await mailsTo(accountId)).toEqual([]);
  });

  it("goes to nobody when two accounts have a case with the same code", async () => {
    const [one, two] = [await opened(), await opened()];
    await db().update(dispute).set({ caseCode: one.caseCode }).where(eq(dispute.id, two.id));
    expect(await answerDispute({ caseCode: one.caseCode, text: "No." }, { now })).toEqual({ status: "ambiguous" });
    for (const { accountId } of [one, two]) expect(await mailsTo(accountId)).toEqual([]);
  });

  it.each([
    ["", "empty"],
    ["x".repeat(4001), "tooLong"],
    ["Use 22345-6789B-CDFGH-JKMNP-756H8 instead.", "key"],
    ["Use the code 32345-6789B-CDHD8.", "key"],
    ["See https://help.example.org", "link"],
    ["See www.example.org", "link"],
    ["The key is yours.\nTake it to the shop.", null],
    ["é".repeat(4000), null],
  ])("of %j has the fault %s", (text, fault) => expect(answerFault(text)).toBe(fault));
});

describe("explaining a case", () => {
  it("says why a key was refused, what it is and what became of it, and never whose it is", async () => {
    const { keys, batchId } = await makeKeys(database.url, {
      ...{ count: 3, released: false, note: "spring run", channel: "mail", regions: ["FR", "BE"] },
      ...{ redeemBy: "2999-12-31", months: 24 },
    });
    const accountId = await makeAccount({ email: `asks.${randomUUID()}@example.org` });
    const [{ email } = { email: "" }] = await db().select().from(account).where(eq(account.id, accountId));
    const key = keys[1]!;
    const { caseCode } = await refusalOf(key, accountId);
    const batch = {
      ...{ id: batchId, product: "norton-360-deluxe", months: 24, channel: "mail", note: "spring run" },
      ...{ regions: ["FR", "BE"], redeemBy: "2999-12-31" },
    };
    const unused = { state: "unused", releasedAt: null, withdrawnAt: null, usedSince: null };
    const [found, ...more] = await findCases({ caseCode });
    expect(more).toEqual([]);
    expect(found).toEqual({
      ...{ caseCode, of: "key", reason: "notReleased", at: now, account: { id: accountId, email, locale: "en" } },
      ...{ batch, key: unused, dispute: null },
    });

    const lookupSecret = env().secrets.lookup;
    await releaseKey({ key }, { now: later, lookupSecret });
    expect((await findCases({ caseCode }))[0]!.key).toEqual({ ...unused, releasedAt: later });
    const owner = await makeAccount({ name: "Philippa Quenouille" });
    await keepKey({ key, accountId: owner, network: null, startsItself: false }, { now: later });
    const [taken] = await findCases({ caseCode });
    expect(taken!.key).toMatchObject({ state: "usedByAnother", usedSince: later });
    expect(JSON.stringify(taken)).not.toContain(owner);
    await voidKey({ key, reason: "stolen" }, { now: later, lookupSecret });
    expect((await findCases({ caseCode }))[0]!.key).toMatchObject({ state: "withdrawn", withdrawnAt: later });
  });

  it("says since when another account uses the key, and whether the person's last group is the key's", async () => {
    const { key, owner } = await usedKey();
    for (const [lastGroup, lastGroupIsRight] of [
      [key.slice(-5), true],
      ["ZZZZZ", false],
    ] as const) {
      const accountId = await makeAccount();
      await open(key, accountId, { lastGroup });
      const { caseCode } = await refusalOf(key, accountId);
      const [found] = await findCases({ caseCode });
      expect(found).toMatchObject({
        ...{ reason: "usedByAnother", key: { state: "usedByAnother", usedSince: usedAt } },
        dispute: { state: "open", lastGroup, lastGroupIsRight, shop: "Electro, Lille", receipt: "Ticket 0042" },
      });
      for (const secret of [owner, "Quenouille", key, key.slice(0, 20)])
        expect(JSON.stringify(found)).not.toContain(secret);
    }
  });

  it("knows nothing of the key when it was never issued here, or the refusal has no batch recorded", async () => {
    const accountId = await makeAccount();
    const unknown = issueProductKey((count) => randomBytes(count));
    const { caseCode } = await refusalOf(unknown, accountId);
    expect(await findCases({ caseCode })).toMatchObject([{ reason: "unknown", batch: null, key: null }]);

    const old = { action: "key.refused", subject: "ZZZZ-2222", details: { reason: "expired" } };
    await db()
      .insert(event)
      .values({ accountId, actor: "account", at: now, ...old });
    expect(await findCases({ caseCode: "ZZZZ-2222" })).toMatchObject([{ reason: "expired", batch: null, key: null }]);
    expect(await findCases({ caseCode: "ZZZZ-3333" })).toEqual([]);
  });

  it("lists every case for operators, the longest waiting first, and those of one state alone", async () => {
    await db().delete(dispute);
    const first = await opened();
    const second = await opened();
    await db().update(dispute).set({ openedAt: usedAt }).where(eq(dispute.id, second.id));
    await answerDispute({ caseCode: first.caseCode, text: "No." }, { now: later });
    const codes = async (state?: "open" | "answered") => (await listAllDisputes({ state })).map((one) => one.caseCode);
    expect(await codes()).toEqual([second.caseCode, first.caseCode]);
    expect(await codes("open")).toEqual([second.caseCode]);
    expect(await codes("answered")).toEqual([first.caseCode]);
    const listed = JSON.stringify(await listAllDisputes({}));
    for (const { owner } of [first, second]) {
      const [{ email } = { email: "" }] = await db().select().from(account).where(eq(account.id, owner));
      expect(listed).not.toContain(email);
    }
  });
});

describe("the table of disputes", () => {
  it("takes a state only with what belongs to it, one case for an account and code, and bounded texts", async () => {
    const { id, accountId, caseCode } = await opened();
    const set = (values: Partial<typeof dispute.$inferInsert>) =>
      db().update(dispute).set(values).where(eq(dispute.id, id));
    await expect(set({ state: "answered" })).rejects.toThrow();
    await expect(set({ answer: "No." })).rejects.toThrow();
    await expect(set({ state: "closed" })).rejects.toThrow();
    await expect(set({ shop: "" })).rejects.toThrow();
    await expect(set({ receipt: "x".repeat(2001) })).rejects.toThrow();
    const [{ keyId } = { keyId: 0 }] = await rowsOf(accountId);
    expect(await db().$count(productKey, eq(productKey.id, keyId))).toBe(1);
    const row = { accountId, caseCode, keyId, openedAt: now, ...claimOf("22222") };
    await expect(db().insert(dispute).values(row)).rejects.toThrow();
  });
});
