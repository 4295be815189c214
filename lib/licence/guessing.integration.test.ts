import { randomBytes } from "node:crypto";
import { and, eq, inArray } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { db } from "@/lib/db/client";
import { event } from "@/lib/db/schema/event";
import { limitCounter } from "@/lib/db/schema/limits";
import { previewKey } from "@/lib/licence/preview-key";
import { issueProductKey } from "@/lib/licence/product-key";
import { redeemKey } from "@/lib/licence/redeem-key";
import { withTestDatabase } from "@/lib/testing/database";
import { makeAccount, makeKeys } from "@/lib/testing/factories";

const database = withTestDatabase();

const now = new Date("2026-11-23T14:05:00Z");
const unknownKey = () => issueProductKey((n) => new Uint8Array(randomBytes(n)));
const anyNetwork = () => crypto.randomUUID();

/** What a look is answered: the reason of a refusal, or the status. */
const look = async (accountId: string, key: string, network: string = anyNetwork()) => {
  const answer = await previewKey({ key, accountId, network }, { now });
  return answer.status === "refused" ? answer.reason : answer.status;
};

const timesOf = (answers: string[], answer: string) => answers.filter((one) => one === answer).length;

const locksRecorded = async (accounts: string[]) =>
  (
    await db()
      .select({ details: event.details })
      .from(event)
      .where(and(inArray(event.accountId, accounts), eq(event.action, "key.limited")))
  ).map(({ details }) => details.limit);

describe("guessing product keys", () => {
  it("stops at ten misses an hour for an account; genuine keys and the same miss again do not count", async () => {
    const accountId = await makeAccount();
    const { keys } = await makeKeys(database.url, { count: 15 });
    for (const key of keys) expect(await look(accountId, key)).toBe("ready");
    const same = unknownKey();
    for (let round = 0; round < 15; round++) expect(await look(accountId, same)).toBe("unknown");
    const misses = await Promise.all(Array.from({ length: 30 }, () => look(accountId, unknownKey())));
    expect(timesOf(misses, "unknown")).toBe(9);
    expect(timesOf(misses, "limited")).toBe(21);
    expect(await look(accountId, same), "a page that is reloaded").toBe("unknown");
    expect(await locksRecorded([accountId])).toEqual(["keyMissPerAccount"]);
  });

  it("a burst of 64 guesses gains nothing: ten are answered, and a genuine key among the others is not (S18)", async () => {
    const accountId = await makeAccount();
    const { keys } = await makeKeys(database.url);
    const guesses = Array.from({ length: 64 }, (_, index) => (index === 40 ? keys[0]! : unknownKey()));
    const answers = await Promise.all(guesses.map((key) => look(accountId, key)));
    expect(timesOf(answers, "unknown")).toBe(10);
    expect(answers[40]).toBe("limited");
    expect(timesOf(answers, "limited")).toBe(54);
    expect(await locksRecorded([accountId])).toEqual(["keyMissPerAccount"]);
  });

  it("redeeming is under the same limit as looking", async () => {
    const accountId = await makeAccount();
    const { keys } = await makeKeys(database.url);
    for (let miss = 0; miss < 10; miss++) await look(accountId, unknownKey());
    const request = {
      key: keys[0]!,
      accountId,
      network: anyNetwork(),
      choice: "start" as const,
      previewVersion: "any",
    };
    expect((await redeemKey(request, { now })).status).toBe("limited");
  });

  it("a burst of 64 misses from one network is answered thirty times; what is not answered counts for no account (S18)", async () => {
    const accounts = await Promise.all(Array.from({ length: 8 }, () => makeAccount()));
    const network = anyNetwork();
    const answered = new Map(accounts.map((id) => [id, 0]));
    const burst = await Promise.all(
      Array.from({ length: 64 }, async (_, index) => {
        const accountId = accounts[index % 8]!;
        const answer = await look(accountId, unknownKey(), network);
        if (answer === "unknown") answered.set(accountId, answered.get(accountId)! + 1);
        return answer;
      }),
    );
    expect(timesOf(burst, "unknown")).toBe(30);
    expect(timesOf(burst, "limited")).toBe(34);
    expect(await locksRecorded(accounts)).toEqual(["keyMissPerNetwork"]);

    const [accountId, already] = [...answered].reduce((least, one) => (one[1] < least[1] ? one : least));
    for (let count = already; count < 10; count++) expect(await look(accountId, unknownKey())).toBe("unknown");
    expect(await look(accountId, unknownKey())).toBe("limited");
  });

  it("looking up an existing key writes no limit counter", async () => {
    const accountId = await makeAccount();
    const { keys } = await makeKeys(database.url);
    const before = await db().select().from(limitCounter);
    expect(await look(accountId, keys[0]!)).toBe("ready");
    expect(await db().select().from(limitCounter)).toEqual(before);
  });
});
