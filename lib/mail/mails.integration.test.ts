import { randomUUID } from "node:crypto";
import { eq, sql } from "drizzle-orm";
import type { PgBoss } from "pg-boss";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { issueToken, tokenOf, voidTokens } from "@/lib/account/tokens";
import { closeDatabase, db, openDatabase, transaction } from "@/lib/db/client";
import { account } from "@/lib/db/schema/account";
import { mail } from "@/lib/db/schema/mail";
import type { TestDatabase } from "@/lib/testing/cluster";
import { createTestDatabase } from "@/lib/testing/database";
import { jobs, queues } from "@/lib/jobs/boss";
import { postMail, type NewMail } from "@/lib/jobs/outbox";
import { makeAccount } from "@/lib/testing/factories";
import { listMails } from "@/lib/mail/list-mails";
import { retryGivenUpMails, retryMail } from "@/lib/mail/retry-mail";
import { startMailWorker } from "@/lib/mail/start-mail-worker";
import { sweepMails } from "@/lib/mail/sweep-mails";
import { openPostOffice, type PostOffice } from "@/lib/testing/post-office";

/*
 * Taken away once, and red: `throw new NotSentYet`, the call of isOutOfDate and in it isAsIssued in send-mail.ts; MailRefused in smtp.ts, and
 * there the steps that are about one mail; both replacements in describe-failure.ts; queueIfForgotten in sweep-mails.ts;
 * removeJob in queueMailAnew of lib/jobs/outbox.ts.
 */

let database: TestDatabase;
let office: PostOffice;

beforeAll(async () => {
  [database, office] = await Promise.all([createTestDatabase(), openPostOffice()]);
  Object.assign(process.env, {
    MAIL_URL: office.url,
    MAIL_FROM: "The portal <portal@portal.example>",
    AUTH_URL: "https://my.portal.example",
  });
  openDatabase(database.url);
  await startMailWorker();
});

afterEach(() => office.behave("takes it"));

afterAll(async () => {
  await closeDatabase();
  await Promise.all([database.drop(), office.goDown()]);
});

const now = new Date();

type Person = { id: string; email: string };

async function makePerson(details: Parameters<typeof makeAccount>[0] = {}): Promise<Person> {
  const email = details.email ?? `camille.${randomUUID()}@example.org`;
  return { id: await makeAccount({ emailVerifiedAt: now, ...details, email }), email };
}

const post = ({ id, email }: Person, letter: Partial<NewMail> = {}) =>
  transaction((tx) => postMail(tx, { kind: "password-changed", accountId: id, recipient: email, at: now, ...letter }));

const rowOf = async (id: string) => (await db().select().from(mail).where(eq(mail.id, id)))[0]!;
const receivedBy = ({ email }: Person) => office.received.filter(({ recipients }) => recipients.includes(email));

/** Time passes for jobs that wait for their next try. */
const passTime = () => db().execute(sql`UPDATE pgboss.job SET start_after = now() WHERE state = 'retry'`);

const reaches = (id: string, outcome: string | null, tries = 1) =>
  expect
    .poll(async () => {
      const row = await rowOf(id);
      return row.tries >= tries && row.outcome;
    }, patience)
    .toBe(outcome);

const patience = { timeout: 20_000, interval: 100 };

/** Waits for an attempt that failed, then lets the next one begin. */
async function failsOnce(id: string): Promise<string> {
  await expect.poll(async () => (await rowOf(id)).lastError, patience).not.toBeNull();
  await expect.poll(async () => (await stateInQueue(id)) === "retry", patience).toBe(true);
  return (await rowOf(id)).lastError!;
}

async function stateInQueue(id: string): Promise<string | undefined> {
  const { rows } = await db().execute<{ state: string }>(sql`SELECT state FROM pgboss.job WHERE id = ${id}`);
  return rows[0]?.state;
}

describe("a mail that is sent", () => {
  test("arrives as it was written, by SMTP, and says where it is from and that no person wrote it", async () => {
    const person = await makePerson({ name: "Zoé Brûlé", locale: "fr", timeZone: "Europe/Paris" });
    const { id: tokenId } = await transaction((tx) =>
      issueToken(tx, { purpose: "reset-password", accountId: person.id, email: person.email }, { now }),
    );
    const id = await post(person, { kind: "reset-password", tokenId });
    await reaches(id, "sent");

    const [{ mail: arrived }, ...more] = receivedBy(person) as [(typeof office.received)[number]];
    expect(more).toEqual([]);
    expect(arrived.messageId).toBe(`<${id}@my.portal.example>`);
    expect(arrived.from!.value).toEqual([{ name: "The portal", address: "portal@portal.example" }]);
    expect(arrived.to).toMatchObject({ value: [{ name: "", address: person.email }] });
    expect(arrived.subject).toBe("Réinitialisez votre mot de passe");
    expect(Math.floor(arrived.date!.getTime() / 1000)).toBe(Math.floor(now.getTime() / 1000));
    expect(arrived.headers.get("auto-submitted")).toBe("auto-generated");
    expect(arrived.headers.get("content-language")).toBe("fr");
    const link = `https://my.portal.example/reset-password?token=${tokenOf({ id: tokenId, purpose: "reset-password" })}`;
    expect(arrived.text).toContain(`${link}\n`);
    expect(arrived.text).toContain("Bonjour Zoé Brûlé,");
    expect(arrived.html).toContain(`href="${link}"`);
    expect(arrived.attachments).toEqual([]);
    expect(await rowOf(id)).toMatchObject({ tries: 1, lastError: null, endedAt: expect.any(Date) });
  });

  test("goes to its recipient alone, whatever the person is called (S30)", async () => {
    const name = "Mallory\r\nBcc: everybody@example.org\r\n\r\n<script>alert(1)</script>";
    const person = await makePerson({ name });
    const id = await post(person);
    await reaches(id, "sent");
    const [{ recipients, mail: arrived }] = receivedBy(person) as [(typeof office.received)[number]];
    expect(recipients).toEqual([person.email]);
    expect(arrived.headers.has("bcc")).toBe(false);
    expect(arrived.html).not.toContain("<script");
  });

  test("is not sent when what it tells was rolled back", async () => {
    const person = await makePerson();
    const before = await db().$count(mail);
    await expect(
      transaction(async (tx) => {
        await postMail(tx, { kind: "password-changed", accountId: person.id, recipient: person.email, at: now });
        throw new Error("rolled back");
      }),
    ).rejects.toThrow("rolled back");
    const id = await post(person);
    await reaches(id, "sent");
    expect(receivedBy(person)).toHaveLength(1);
    expect(await db().$count(mail)).toBe(before + 1);
    const { rows } = await db().execute(
      sql`SELECT 1 FROM pgboss.job WHERE data->>'mailId' NOT IN (SELECT id::text FROM mail)`,
    );
    expect(rows).toEqual([]);
  });

  test("is sent once, though two instances send", async () => {
    const shared = globalThis as { portalJobs?: Promise<PgBoss> };
    const first = await jobs();
    delete shared.portalJobs;
    await startMailWorker();
    const second = await jobs();
    expect(second).not.toBe(first);

    const people = await Promise.all(Array.from({ length: 30 }, () => makePerson()));
    const ids = await Promise.all(people.map((person) => post(person)));
    for (const id of ids) await reaches(id, "sent");
    for (const person of people) expect(receivedBy(person)).toHaveLength(1);
    for (const id of ids) expect((await rowOf(id)).tries).toBe(1);
    await second.stop({ graceful: false, close: false });
    shared.portalJobs = Promise.resolve(first);
  });
});

describe("a mail that cannot be sent at once", () => {
  test("waits while the server is busy, and arrives under the same Message-ID", async () => {
    office.behave("is busy");
    const person = await makePerson();
    const id = await post(person);
    const said = await failsOnce(id);
    expect(said).toContain("421");
    expect(said).not.toContain(person.email.split("@")[0]);
    expect(await listMails({ all: false })).toContainEqual(
      expect.objectContaining({ id, to: person.email, state: "waiting", tries: 1, lastError: said }),
    );

    office.behave("takes it");
    await passTime();
    await reaches(id, "sent", 2);
    expect(receivedBy(person).map(({ mail: { messageId } }) => messageId)).toEqual([`<${id}@my.portal.example>`]);
    expect(await rowOf(id)).toMatchObject({ tries: 2, lastError: null });
  });

  test("whose server is down waits until it is back", async () => {
    await office.goDown();
    const person = await makePerson();
    const id = await post(person);
    expect(await failsOnce(id)).toContain("ECONNREFUSED");
    expect(await stateInQueue(id)).toBe("retry");
    await office.comeBack();
    await passTime();
    await reaches(id, "sent", 2);
    expect(receivedBy(person)).toHaveLength(1);
  });

  test("does not hold its sender for longer than some seconds when the server says nothing", async () => {
    office.behave("hangs");
    const person = await makePerson();
    const id = await post(person);
    const said = await failsOnce(id);
    expect(said).toMatch(/greeting/i);
    office.behave("takes it");
    await passTime();
    await reaches(id, "sent", 2);
  });

  test("is sent again, the same, when the connection is lost before the server's answer", async () => {
    office.behave("drops the connection after DATA");
    const person = await makePerson();
    const id = await post(person);
    await failsOnce(id);
    office.behave("takes it");
    await passTime();
    await reaches(id, "sent", 2);
    const [one, other, ...more] = receivedBy(person).map((received) => received.mail);
    expect(more).toEqual([]);
    expect(other!.messageId).toBe(one!.messageId);
    expect(other!.text).toBe(one!.text);
    expect(other!.date).toEqual(one!.date);
  });

  test("waits too when the server does not like the sender, which is for the operator to mend", async () => {
    office.behave("refuses the sender");
    const id = await post(await makePerson());
    expect(await failsOnce(id)).toContain("550");
    office.behave("takes it");
    await passTime();
    await reaches(id, "sent", 2);
  });

  test("goes back to the queue when its worker died over it", async () => {
    office.behave("hangs");
    const person = await makePerson();
    const before = office.connections();
    const id = await post(person);
    await expect.poll(() => office.connections(), patience).toBe(before + 1);
    // A worker that says nothing more: its claim is taken from it as from a dead one's.
    await db().execute(sql`UPDATE pgboss.job SET started_on = now() - interval '1 hour' WHERE id = ${id}`);
    await db().execute(sql`UPDATE pgboss.queue SET monitor_on = NULL, monitor_claim_on = NULL`);
    await (await jobs()).supervise(queues.mail);
    expect(await stateInQueue(id)).toBe("retry");
    office.behave("takes it");
    await passTime();
    await reaches(id, "sent", 2);
    expect(receivedBy(person)).toHaveLength(1);
  });
});

describe("a mail that is given up", () => {
  test.each([
    ["refuses it", 0],
    ["refuses what it says", 1],
  ] as const)("because the server %s for good is tried no more, until an operator says so", async (manner, reads) => {
    office.behave(manner);
    const person = await makePerson();
    const id = await post(person);
    await reaches(id, "given-up");
    const { lastError, tries } = await rowOf(id);
    expect(tries).toBe(1);
    expect(lastError).toMatch(/55[04]/);
    expect(lastError).not.toContain("@");
    expect(await listMails({ all: false })).toContainEqual(expect.objectContaining({ id, state: "given-up" }));
    expect(receivedBy(person)).toHaveLength(reads);

    office.behave("takes it");
    expect(await retryMail(id)).toBe("queued");
    await reaches(id, "sent", 2);
    expect(receivedBy(person)).toHaveLength(reads + 1);
    expect(await retryMail(id)).toBe("sent");
    expect(await retryMail(randomUUID())).toBe("unknown");
  });

  test("after two days of trying stands in the list, and can be retried", async () => {
    office.behave("is busy");
    const person = await makePerson();
    const id = await post(person);
    await failsOnce(id);
    await db().execute(sql`UPDATE pgboss.job SET retry_count = retry_limit - 1 WHERE id = ${id}`);
    await passTime();
    await reaches(id, "given-up", 2);
    expect(await listMails({ all: false })).toContainEqual(
      expect.objectContaining({ id, state: "given-up", lastError: expect.stringContaining("421") }),
    );

    office.behave("takes it");
    expect(await retryGivenUpMails()).toBe(1);
    await reaches(id, "sent", 3);
    expect(await retryGivenUpMails()).toBe(0);
  });

  test("is tried for about two days", async () => {
    const { rows } = await db().execute<{ limit: number; delay: number; longest: number }>(
      sql`SELECT retry_limit AS "limit", retry_delay AS delay, retry_delay_max AS longest FROM pgboss.queue WHERE name = ${queues.mail}`,
    );
    const { limit, delay, longest } = rows[0]!;
    const pauses = Array.from({ length: limit }, (_, tried) => Math.min(longest, delay * 2 ** tried));
    const hours = pauses.reduce((sum, pause) => sum + pause, 0) / 3_600;
    expect(hours).toBeGreaterThan(46);
    expect(hours).toBeLessThan(50);
  });
});

describe("a mail that is of no use any more", () => {
  test("because its link was replaced by a newer one is not sent", async () => {
    const person = await makePerson();
    const token = { purpose: "reset-password", accountId: person.id, email: person.email } as const;
    const id = await transaction(async (tx) => {
      const { id: tokenId } = await issueToken(tx, token, { now });
      await voidTokens(tx, person.id, ["reset-password"], { now });
      return postMail(tx, {
        ...{ kind: "reset-password", accountId: person.id, recipient: person.email, tokenId, at: now },
      });
    });
    await reaches(id, "out-of-date");
    expect(receivedBy(person)).toEqual([]);
    expect(await retryMail(id)).toBe("outOfDate");
    expect(await listMails({ all: false })).not.toContainEqual(expect.objectContaining({ id }));
  });

  test("because its link has ended is not sent", async () => {
    const person = await makePerson();
    const before = { now: new Date(now.getTime() - 3_600_000) };
    const { id: tokenId } = await transaction((tx) =>
      issueToken(tx, { purpose: "reset-password", accountId: person.id, email: person.email }, before),
    );
    const id = await post(person, { kind: "reset-password", tokenId });
    await reaches(id, "out-of-date");
    expect(receivedBy(person)).toEqual([]);
  });

  test("because its link is computed otherwise since the server's secret changed is not sent", async () => {
    const person = await makePerson();
    const token = { purpose: "reset-password", accountId: person.id, email: person.email } as const;
    const id = await transaction(async (tx) => {
      const { id: tokenId } = await issueToken(tx, token, { now });
      await tx.execute(sql`UPDATE one_time_token SET hash = sha256('by another secret') WHERE id = ${tokenId}`);
      return postMail(tx, {
        ...{ kind: "reset-password", accountId: person.id, recipient: person.email, tokenId, at: now },
      });
    });
    await reaches(id, "out-of-date");
    expect(receivedBy(person)).toEqual([]);
  });

  test("because the account is erased is not sent", async () => {
    const person = await makePerson();
    const id = await transaction(async (tx) => {
      await tx.update(account).set({ erasedAt: now, passwordHash: null }).where(eq(account.id, person.id));
      return postMail(tx, { kind: "account-kept", accountId: person.id, recipient: person.email, at: now });
    });
    await reaches(id, "out-of-date");
    expect(receivedBy(person)).toEqual([]);
  });
});

describe("what is left of a mail", () => {
  test("is forgotten 30 days after it ended, not before, and never while it waits", async () => {
    const person = await makePerson();
    const [old, recent, waiting] = [await post(person), await post(person), randomUUID()];
    await Promise.all([reaches(old, "sent"), reaches(recent, "sent")]);
    const ago = (days: number) => new Date(now.getTime() - days * 86_400_000);
    await db()
      .update(mail)
      .set({ endedAt: ago(31) })
      .where(eq(mail.id, old));
    await db()
      .update(mail)
      .set({ endedAt: ago(29) })
      .where(eq(mail.id, recent));
    await db()
      .insert(mail)
      .values({
        id: waiting,
        accountId: person.id,
        kind: "password-changed",
        recipient: person.email,
        createdAt: ago(40),
      });
    await sweepMails();
    const { rows } = await db().execute<{ id: string }>(
      sql`SELECT id FROM mail WHERE id IN (${old}, ${recent}, ${waiting})`,
    );
    expect(rows.map(({ id }) => id).sort()).toEqual([recent, waiting].sort());
    // And one that no job stood for has one again.
    await reaches(waiting, "sent");
  });

  test("holds no address in the queue's own tables", async () => {
    const { rows } = await db().execute<{ row: string }>(sql`SELECT j::text AS row FROM pgboss.job j`);
    expect(rows.length).toBeGreaterThan(10);
    expect(rows.filter(({ row }) => row.includes("@"))).toEqual([]);
  });
});
