import { sql } from "drizzle-orm";
import { expect, it } from "vitest";
import { db } from "@/lib/db/client";
import { foldCoverage } from "@/lib/licence/coverage";
import { keepKey } from "@/lib/licence/keep-key";
import { readLedger } from "@/lib/licence/ledger";
import { queueReminders } from "@/lib/licence/reminders";
import { startDueKeys } from "@/lib/licence/start-kept-key";
import { addTerm } from "@/lib/licence/term";
import { withTestDatabase } from "@/lib/testing/database";
import { makeAccount, makeKeys } from "@/lib/testing/factories";
import { redeemShown } from "@/lib/testing/redeem";

const database = withTestDatabase();

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** The leap day is the hardest to come back to. */
const began = new Date("2028-02-29T10:30:00Z");
const years = (count: number) => addTerm(began, { months: 12 * count, days: 0 });

/** Lets days pass. Two servers start what is due and remind, except that both stand still for one week a year. */
async function pass(from: Date, to: Date): Promise<void> {
  for (let at = from.getTime(); at < to.getTime(); at += DAY) {
    const now = new Date(at + 23 * HOUR);
    if (now.getUTCMonth() === 1 && now.getUTCDate() < 8) continue;
    await Promise.all([startDueKeys({ now }), startDueKeys({ now })]);
    await queueReminders({ now });
  }
}

/** The one subscription of an account: when it began and ends, how many grants it has, and no gap between them. */
async function coverageOf(accountId: string) {
  const ledgers = await readLedger(accountId);
  expect(ledgers).toHaveLength(1);
  const { segments, endsAt } = foldCoverage(ledgers[0]!.grants.map(({ grant }) => grant));
  expect(ledgers[0]!.endsAt).toEqual(endsAt);
  return { begins: segments.map(({ startsAt }) => startsAt), endsAt, grants: ledgers[0]!.grants.length };
}

it(
  "ten years of yearly keys cover ten years to the minute, however they follow each other",
  { timeout: 120_000 },
  async () => {
    const { keys } = await makeKeys(database.url, { count: 20 });
    const [extends_, keeps] = [
      await makeAccount({ emailVerifiedAt: began }),
      await makeAccount({ emailVerifiedAt: began }),
    ];
    const keep = (key: string, now: Date) =>
      keepKey({ key, accountId: keeps, network: null, startsItself: true }, { now });
    await redeemShown({ key: keys[0]!, accountId: extends_ }, { now: began });
    await redeemShown({ key: keys[10]!, accountId: keeps }, { now: began });
    for (let year = 1; year <= 10; year++) {
      // One person extends three weeks before the end. The other keeps a key half a year before, which starts by itself.
      const [half, late] = [new Date(years(year).getTime() - 180 * DAY), new Date(years(year).getTime() - 21 * DAY)];
      await pass(years(year - 1), half);
      if (year < 10) expect((await keep(keys[10 + year]!, half)).status).toBe("kept");
      await pass(half, late);
      if (year < 10)
        expect((await redeemShown({ key: keys[year]!, accountId: extends_ }, { now: late })).status).toBe("activated");
      await pass(late, years(year));
    }
    await pass(years(10), new Date(years(10).getTime() + 3 * DAY));
    for (const accountId of [extends_, keeps])
      expect(await coverageOf(accountId)).toEqual({ begins: [began], endsAt: years(10), grants: 10 });

    const { rows } = await db().execute<{ account: string; kind: string; count: number }>(sql`
    SELECT account_id AS account, kind, count(*)::int FROM mail WHERE kind LIKE 'subscription-%'
     GROUP BY account_id, kind ORDER BY account_id = ${keeps}, kind`);
    expect(rows).toEqual([
      // A month before each end, and at the last one also a week and a day before, and on the day.
      { account: extends_, kind: "subscription-ends", count: 10 + 3 },
      { account: keeps, kind: "subscription-continues", count: 9 },
      { account: keeps, kind: "subscription-ends", count: 4 },
    ]);
  },
);
