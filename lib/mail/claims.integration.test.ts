import { randomUUID } from "node:crypto";
import { eq, sql } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { closeDatabase, db, openDatabase, transaction } from "@/lib/db/client";
import { mail } from "@/lib/db/schema/mail";
import { postMail } from "@/lib/jobs/outbox";
import { claimMails } from "@/lib/mail/claim-mails";
import { retryMail } from "@/lib/mail/retry-mail";
import { MOST_TRIES, sendMail } from "@/lib/mail/send-mail";
import { settleClaim } from "@/lib/mail/settle-claim";
import { startMailWorker } from "@/lib/mail/start-mail-worker";
import { countStatements } from "@/lib/testing/count-statements";
import { withTestDatabase } from "@/lib/testing/database";
import { makeAccount } from "@/lib/testing/factories";
import { openPostOffice, type PostOffice } from "@/lib/testing/post-office";

const database = withTestDatabase();
let office: PostOffice;
let accountId: string;
let worker: ReturnType<typeof startMailWorker> | undefined;

beforeAll(async () => {
  office = await openPostOffice();
  Object.assign(process.env, { MAIL_URL: office.url });
  accountId = await makeAccount({ emailVerifiedAt: now });
});

beforeEach(() => db().delete(mail));

afterEach(async () => {
  office.behave("takes it");
  await worker?.stop();
});

afterAll(() => office.goDown());

const now = new Date();
const recipient = "camille@example.org";
const sending = { now, signal: new AbortController().signal };

const newMail = (to = accountId) =>
  ({ kind: "password-changed", accountId: to, recipient: `${randomUUID()}@example.org`, at: now }) as const;
const post = async () => (await transaction((tx) => postMail(tx, newMail())))!;
const rowOf = async (id: string) => (await db().select().from(mail).where(eq(mail.id, id)))[0]!;

/** Lets a claim lapse: two minutes pass in which its process records nothing. A stored instant is rounded, also up. */
const lapse = (id: string) =>
  db()
    .update(mail)
    .set({ nextTryAt: sql`now() - interval '1 second'` })
    .where(eq(mail.id, id));

async function claimOne() {
  const [claimed, ...more] = await claimMails(1);
  expect(more).toEqual([]);
  return claimed!;
}

describe("queuing an email", () => {
  test("takes one statement, also for an account that does not exist, which gets none", async () => {
    for (const [to, queued] of [
      [accountId, 1],
      [randomUUID(), 0],
    ] as const) {
      const { statements } = await countStatements(() => transaction((tx) => postMail(tx, newMail(to))));
      expect(statements).toEqual([expect.stringContaining("INSERT INTO mail")]);
      expect(await claimMails(10)).toHaveLength(queued);
    }
  });

  test("needs only an INSERT of account, kind, recipient, details and time", async () => {
    const details = { product: "norton-360-deluxe", months: 12 };
    await db().execute(sql`
      INSERT INTO mail (account_id, kind, recipient, details, created_at)
      VALUES (${accountId}, 'key-redeemed', ${recipient}, ${JSON.stringify(details)}, ${now})`);
    expect(await claimOne()).toMatchObject({
      ...{ kind: "key-redeemed", recipient, details, createdAt: now, tries: 1, token: null },
      account: { locale: "en", emailVerifiedAt: now },
    });
  });
});

describe("a claim", () => {
  test("takes one statement, whether an email is due or not", async () => {
    expect((await countStatements(() => claimMails(3))).statements).toHaveLength(1);
    await Promise.all([post(), post()]);
    const { result, statements } = await countStatements(() => claimMails(3));
    expect(result).toHaveLength(2);
    expect(statements).toHaveLength(1);
  });

  test("takes at most the emails asked for, the longest waiting first", async () => {
    const ids: string[] = [];
    for (let count = 0; count < 5; count++) ids.push(await post());
    const claimed = await claimMails(2);
    expect(claimed.map(({ id }) => id).sort()).toEqual(ids.slice(0, 2).sort());
    expect(await claimMails(10)).toHaveLength(3);
  });

  test("gives each email to one worker, however many claim at the same time", async () => {
    const ids = await Promise.all(Array.from({ length: 60 }, post));
    const claims = await Promise.all(Array.from({ length: 40 }, () => claimMails(2)));
    const claimed = claims.flat().map(({ id }) => id);
    expect(new Set(claimed).size).toBe(claimed.length);
    expect([...claimed, ...(await claimMails(100)).map(({ id }) => id)].sort()).toEqual(ids.sort());
  });

  test("skips an email that another statement is claiming, without waiting for it", async () => {
    const [locked, free] = [await post(), await post()];
    await transaction(async (tx) => {
      await tx.select().from(mail).where(eq(mail.id, locked)).for("update");
      expect((await claimMails(10)).map(({ id }) => id)).toEqual([free]);
    });
    expect((await claimMails(10)).map(({ id }) => id)).toEqual([locked]);
  });

  test("lasts two minutes, during which nobody else can claim or retry the email", async () => {
    const id = await post();
    await claimOne();
    expect(await claimMails(1)).toEqual([]);
    expect(await retryMail(id)).toBe("busy");
    const { rows } = await db().execute<{ seconds: number }>(
      sql`SELECT extract(epoch FROM next_try_at - now())::int AS seconds FROM mail WHERE id = ${id}`,
    );
    expect(rows[0]!.seconds).toBeGreaterThan(100);
    expect(rows[0]!.seconds).toBeLessThanOrEqual(120);

    await lapse(id);
    expect(await claimOne()).toMatchObject({ id, tries: 2 });
    await lapse(id);
    expect(await retryMail(id)).toBe("queued");
    expect(await rowOf(id)).toMatchObject({ claimId: null, tries: 0 });
  });

  test("an expired claim cannot change what the next worker records", async () => {
    const id = await post();
    const first = await claimOne();
    await lapse(id);
    const second = await claimOne();

    office.behave("is busy");
    await sendMail(first, sending);
    expect(await rowOf(id)).toMatchObject({ claimId: second.claimId, lastError: null });
    office.behave("takes it");
    await sendMail(second, sending);
    const ended = await rowOf(id);
    expect(ended).toMatchObject({ outcome: "sent", claimId: null, nextTryAt: null });
    for (const status of ["released", "out-of-date", "given-up"] as const) await settleClaim(first, { status });
    await settleClaim(first, { status: "retry", lastError: "421 busy", seconds: 10 });
    expect(await rowOf(id)).toEqual(ended);
  });

  test("an email whose every attempt killed its process is given up without another attempt", async () => {
    const id = await post();
    await db().update(mail).set({ tries: MOST_TRIES });
    const before = office.connections();
    await sendMail(await claimOne(), sending);
    expect(await rowOf(id)).toMatchObject({ outcome: "given-up", claimId: null });
    expect(office.connections()).toBe(before);
  });
});

describe("the pause after a failed try", () => {
  test.each([
    [1, 10],
    [2, 20],
    [9, 2_560],
    [10, 3_600],
    [MOST_TRIES - 1, 3_600],
  ])("number %i is %i seconds", async (tries, seconds) => {
    const id = await post();
    await db()
      .update(mail)
      .set({ tries: tries - 1 });
    office.behave("is busy");
    await sendMail(await claimOne(), sending);
    const { rows } = await db().execute<{ left: number }>(
      sql`SELECT extract(epoch FROM next_try_at - now())::float AS left FROM mail WHERE id = ${id}`,
    );
    expect(Math.abs(rows[0]!.left - seconds)).toBeLessThan(5);
  });
});

test("the database rejects an email that neither waits nor has ended, or is claimed after its end", async () => {
  const id = await post();
  for (const wrong of [
    "outcome = 'sent'",
    "ended_at = now()",
    "next_try_at = NULL",
    "outcome = 'sent', ended_at = now()",
    "outcome = 'sent', ended_at = now(), next_try_at = NULL, claim_id = gen_random_uuid()",
    "outcome = 'lost', ended_at = now(), next_try_at = NULL",
    "tries = -1",
  ]) {
    const stored = db().execute(sql`UPDATE mail SET ${sql.raw(wrong)} WHERE id = ${id}`);
    await expect(stored, wrong).rejects.toMatchObject({ cause: { code: "23514" } });
  }
});

describe("a worker", () => {
  test("sends at most three emails at once while the mail server hangs", async () => {
    office.behave("hangs");
    const before = office.connections();
    await Promise.all(Array.from({ length: 5 }, post));
    worker = startMailWorker();
    await expect.poll(() => office.connections() - before, { timeout: 5_000 }).toBe(3);
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    expect(office.connections() - before).toBe(3);
    await worker.stop();
    expect(await db().$count(mail, eq(mail.tries, 0))).toBe(2);
  });

  test("sends a hundred waiting emails without a pause between them", async () => {
    const before = office.received.length;
    await Promise.all(Array.from({ length: 100 }, post));
    worker = startMailWorker();
    // With a pause of half a second for every three it would take 17 seconds.
    await expect.poll(() => office.received.length - before, { timeout: 12_000 }).toBe(100);
    await worker.stop();
    expect(await db().$count(mail, eq(mail.outcome, "sent"))).toBe(100);
  });

  test("a worker that stops finishes the email it is sending and claims no other", async () => {
    office.behave("takes its time");
    const id = await post();
    const before = office.received.length;
    worker = startMailWorker();
    await expect.poll(() => office.received.length, { timeout: 5_000 }).toBe(before + 1);
    await worker.stop();
    expect(await rowOf(id)).toMatchObject({ outcome: "sent" });
    const next = await post();
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect(await rowOf(next)).toMatchObject({ outcome: null, tries: 0 });
  });

  test("a worker that stops while the mail server hangs frees its email for the next worker", async () => {
    office.behave("hangs");
    const id = await post();
    const before = office.connections();
    worker = startMailWorker();
    await expect.poll(() => office.connections(), { timeout: 5_000 }).toBe(before + 1);
    const began = performance.now();
    await worker.stop();
    expect(performance.now() - began).toBeLessThan(5_000);
    expect(await rowOf(id)).toMatchObject({ outcome: null, claimId: null, lastError: null });
    expect(await claimOne()).toMatchObject({ id, tries: 2 });
  });

  test("is stopped when the database is closed", async () => {
    office.behave("takes its time");
    const id = await post();
    const before = office.received.length;
    worker = startMailWorker();
    await expect.poll(() => office.received.length, { timeout: 5_000 }).toBe(before + 1);
    await closeDatabase();
    openDatabase(database.url);
    expect(await rowOf(id)).toMatchObject({ outcome: "sent" });
  });
});
