import { randomUUID } from "node:crypto";
import { and, eq, isNull, sql } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { reminderToken } from "@/lib/account/profile/reminders";
import { issueToken, tokenOf, voidTokens } from "@/lib/account/tokens";
import { closeDatabase, db, openDatabase, transaction } from "@/lib/db/client";
import { account } from "@/lib/db/schema/account";
import { mail } from "@/lib/db/schema/mail";
import type { TestDatabase } from "@/lib/testing/cluster";
import { createTestDatabase } from "@/lib/testing/database";
import { postMail, type NewMail } from "@/lib/jobs/outbox";
import { makeAccount } from "@/lib/testing/factories";
import { listMails } from "@/lib/mail/list-mails";
import { retryGivenUpMails, retryMail } from "@/lib/mail/retry-mail";
import { startMailWorker } from "@/lib/mail/start-mail-worker";
import { locales } from "@/lib/messages/locale";
import { MOST_TRIES, pauseAfter } from "@/lib/mail/send-mail";
import { requiresTls, sendBySmtp } from "@/lib/mail/smtp";
import { sweepMails } from "@/lib/mail/sweep-mails";
import { letterOf, posts } from "@/lib/testing/letters";
import { openPostOffice, type PostOffice } from "@/lib/testing/post-office";

let database: TestDatabase;
let office: PostOffice;

beforeAll(async () => {
  [database, office] = await Promise.all([createTestDatabase(), openPostOffice()]);
  Object.assign(process.env, {
    MAIL_URL: office.url,
    MAIL_FROM: "Shop: Keys, Inc. (EU) <portal@portal.example>",
    AUTH_URL: "https://my.portal.example",
  });
  openDatabase(database.url);
  startMailWorker();
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

async function post({ id, email }: Person, letter: Partial<NewMail> = {}): Promise<string> {
  const plain = { kind: "password-changed", accountId: id, recipient: email, at: now } as const;
  return (await transaction((tx) => postMail(tx, { ...plain, ...letter })))!;
}

const rowOf = async (id: string) => (await db().select().from(mail).where(eq(mail.id, id)))[0]!;
const receivedBy = ({ email }: Person) => office.received.filter(({ recipients }) => recipients.includes(email));

/** Makes every email that waits for its next try due. */
const passTime = () =>
  db()
    .update(mail)
    .set({ nextTryAt: sql`now()` })
    .where(and(isNull(mail.outcome), isNull(mail.claimId)));

const reaches = (id: string, outcome: string | null, tries = 1) =>
  expect
    .poll(async () => {
      const row = await rowOf(id);
      return row.tries >= tries && row.outcome;
    }, patience)
    .toBe(outcome);

const patience = { timeout: 20_000, interval: 100 };

/** Waits until a try has failed. @returns what the operator is told */
async function failsOnce(id: string): Promise<string> {
  await expect
    .poll(async () => {
      const { lastError, claimId, outcome } = await rowOf(id);
      return lastError !== null && claimId === null && outcome === null;
    }, patience)
    .toBe(true);
  return (await rowOf(id)).lastError!;
}

describe("an email that is sent", () => {
  test("arrives by SMTP as it was written, with its sender and the header of an automatic email", async () => {
    const person = await makePerson({ name: "Zoé Brûlé", locale: "fr", timeZone: "Europe/Paris" });
    const { id: tokenId } = await transaction((tx) =>
      issueToken(tx, { purpose: "reset-password", accountId: person.id, email: person.email }, { now }),
    );
    const id = await post(person, { kind: "reset-password", tokenId });
    await reaches(id, "sent");

    const [{ mail: arrived }, ...more] = receivedBy(person) as [(typeof office.received)[number]];
    expect(more).toEqual([]);
    expect(arrived.messageId).toBe(`<${id}@my.portal.example>`);
    expect(arrived.from!.value).toEqual([{ name: "Shop: Keys, Inc. (EU)", address: "portal@portal.example" }]);
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

  test("can be turned off by one press of the mail program if it is a reminder, and not otherwise (RFC 8058)", async () => {
    const person = await makePerson();
    const details = { product: "norton-360-deluxe", days: 7, endsAt: now.toISOString() };
    await reaches(await post(person, { kind: "subscription-ends", details }), "sent");
    await reaches(await post(person), "sent");
    const headersOf = ({ raw }: (typeof office.received)[number]) => raw.slice(0, raw.indexOf("\r\n\r\n"));
    const [reminder, other] = receivedBy(person).map((one) => headersOf(one).replace(/\r\n\s+/g, " "));
    const url = `https://my.portal.example/api/reminders?token=${reminderToken(person.id)}`;
    expect(reminder).toContain(`List-Unsubscribe: <${url}>`);
    expect(reminder).toContain("List-Unsubscribe-Post: List-Unsubscribe=One-Click");
    expect(other).not.toContain("List-Unsubscribe");
  });

  // RFC 2045, 6.7 and RFC 5322, 2.1.1: a longer line may be broken on its way, inside a link.
  test.each(locales)("has no line over 76 characters, whatever it says: %s", async (locale) => {
    const before = office.received.length;
    for (const each of posts) await sendBySmtp(letterOf(each, { locale }), office.url, AbortSignal.timeout(10_000));
    const sent = office.received.slice(before);
    expect(sent).toHaveLength(posts.length);
    for (const {
      raw,
      mail: { subject },
    } of sent) {
      const body = raw.slice(raw.indexOf("\r\n\r\n"));
      expect(
        body.split("\r\n").filter((line) => line.length > 76),
        subject,
      ).toEqual([]);
    }
  });

  test("goes to its recipient alone, whatever name the person has (S30)", async () => {
    const name = "Mallory\r\nBcc: everybody@example.org\r\n\r\n<script>alert(1)</script>";
    const person = await makePerson({ name });
    const id = await post(person);
    await reaches(id, "sent");
    const [{ recipients, mail: arrived }] = receivedBy(person) as [(typeof office.received)[number]];
    expect(recipients).toEqual([person.email]);
    expect(arrived.headers.has("bcc")).toBe(false);
    expect(arrived.html).not.toContain("<script");
  });

  test("is not sent when the change it reports was rolled back", async () => {
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
  });

  test("is sent once while two workers are at work", async () => {
    const second = startMailWorker();
    const people = await Promise.all(Array.from({ length: 30 }, () => makePerson()));
    const ids = await Promise.all(people.map((person) => post(person)));
    for (const id of ids) await reaches(id, "sent");
    for (const person of people) expect(receivedBy(person)).toHaveLength(1);
    for (const id of ids) expect((await rowOf(id)).tries).toBe(1);
    await second.stop();
  });
});

describe("a connection to the mail server", () => {
  // An address that is not recognised as this machine's own, and leads to the post office.
  const elsewhere = () => office.url.replace("127.0.0.1", "[::ffff:127.0.0.1]");
  const send = async (mailUrl: string) => {
    const before = office.received.length;
    await sendBySmtp(letterOf(posts[0]!), mailUrl, new AbortController().signal);
    return office.received.length - before;
  };

  test("sends nothing when the server, or somebody on the way, offers no STARTTLS", async () => {
    const before = office.received.length;
    await expect(send(elsewhere())).rejects.toMatchObject({ code: "ETLS" });
    expect(office.received).toHaveLength(before);
  });

  test("may stay in the clear when MAIL_URL says so, and within this machine", async () => {
    expect(await send(`${elsewhere()}?requireTLS=false`)).toBe(1);
    expect(await send(office.url)).toBe(1);
  });

  test.each([
    ["smtp://mail.example.org:587", true],
    ["smtp://127.0.0.1.example.org:587", true],
    ["smtp://[2001:db8::1]", true],
    ["smtp://mail.example.org?requireTLS=false", false],
    ["smtps://mail.example.org", false],
    ["smtp://localhost:25", false],
    ["smtp://[::1]:25", false],
  ])("%s must turn to TLS: %s", (mailUrl, expected) => {
    expect(requiresTls(mailUrl)).toBe(expected);
  });
});

describe("an email that cannot be sent at once", () => {
  test("waits while the mail server is busy, and arrives under the same Message-ID", async () => {
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

  test("waits while the mail server is down", async () => {
    await office.goDown();
    const person = await makePerson();
    const id = await post(person);
    expect(await failsOnce(id)).toContain("ECONNREFUSED");
    await office.comeBack();
    await passTime();
    await reaches(id, "sent", 2);
    expect(receivedBy(person)).toHaveLength(1);
  });

  test("delays its worker by only some seconds when the mail server does not answer", async () => {
    office.behave("hangs");
    const person = await makePerson();
    const id = await post(person);
    const said = await failsOnce(id);
    expect(said).toMatch(/greeting/i);
    office.behave("takes it");
    await passTime();
    await reaches(id, "sent", 2);
  });

  test("is sent again unchanged when the connection is lost before the mail server's answer", async () => {
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

  test("waits when the mail server refuses the sender, which the operator can fix", async () => {
    office.behave("refuses the sender");
    const id = await post(await makePerson());
    expect(await failsOnce(id)).toContain("550");
    office.behave("takes it");
    await passTime();
    await reaches(id, "sent", 2);
  });
});

describe("an email that is given up", () => {
  test.each([
    ["refuses it", 0],
    ["refuses what it says", 1],
  ] as const)(
    "because the mail server %s for good is tried again only when an operator says so",
    async (manner, reads) => {
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
      await reaches(id, "sent");
      expect(receivedBy(person)).toHaveLength(reads + 1);
      expect(await retryMail(id)).toBe("sent");
      expect(await retryMail(randomUUID())).toBe("unknown");
    },
  );

  test("an email that failed for two days is listed and can be retried", async () => {
    office.behave("is busy");
    const person = await makePerson();
    const id = await post(person);
    await failsOnce(id);
    await db()
      .update(mail)
      .set({ tries: MOST_TRIES - 1 })
      .where(eq(mail.id, id));
    await passTime();
    await reaches(id, "given-up", MOST_TRIES);
    expect(await listMails({ all: false })).toContainEqual(
      expect.objectContaining({ id, state: "given-up", lastError: expect.stringContaining("421") }),
    );

    office.behave("takes it");
    expect(await retryGivenUpMails()).toBe(1);
    await reaches(id, "sent");
    expect((await rowOf(id)).tries).toBe(1);
    expect(await retryGivenUpMails()).toBe(0);
  });

  test("has been tried for two days", () => {
    const pauses = Array.from({ length: MOST_TRIES - 1 }, (_, failed) => pauseAfter(failed + 1));
    expect(pauses.slice(0, 3)).toEqual([10, 20, 40]);
    expect(Math.max(...pauses)).toBe(3_600);
    const hours = pauses.reduce((sum, seconds) => sum + seconds, 0) / 3_600;
    expect(hours).toBeGreaterThan(46);
    expect(hours).toBeLessThan(50);
  });
});

describe("an email that is out of date", () => {
  test("is not sent when a newer link has replaced its own", async () => {
    const person = await makePerson();
    const token = { purpose: "reset-password", accountId: person.id, email: person.email } as const;
    const id = await transaction(async (tx) => {
      const { id: tokenId } = await issueToken(tx, token, { now });
      await voidTokens(tx, person.id, ["reset-password"], { now });
      return (await postMail(tx, {
        ...{ kind: "reset-password", accountId: person.id, recipient: person.email, tokenId, at: now },
      }))!;
    });
    await reaches(id, "out-of-date");
    expect(receivedBy(person)).toEqual([]);
    expect(await retryMail(id)).toBe("outOfDate");
    expect(await listMails({ all: false })).not.toContainEqual(expect.objectContaining({ id }));
  });

  test("is not sent when its link has expired", async () => {
    const person = await makePerson();
    const before = { now: new Date(now.getTime() - 3_600_000) };
    const { id: tokenId } = await transaction((tx) =>
      issueToken(tx, { purpose: "reset-password", accountId: person.id, email: person.email }, before),
    );
    const id = await post(person, { kind: "reset-password", tokenId });
    await reaches(id, "out-of-date");
    expect(receivedBy(person)).toEqual([]);
  });

  test("is not sent when the code in its link has expired", async () => {
    const person = await makePerson();
    const send = (until: Date) =>
      post(person, { kind: "handoff-link", details: { handoff: randomUUID(), until: until.toISOString() } });
    await reaches(await send(now), "out-of-date");
    expect(receivedBy(person)).toEqual([]);
    await reaches(await send(new Date(now.getTime() + 600_000)), "sent");
  });

  test("is not sent when its link was issued with another AUTH_SECRET", async () => {
    const person = await makePerson();
    const token = { purpose: "reset-password", accountId: person.id, email: person.email } as const;
    const id = await transaction(async (tx) => {
      const { id: tokenId } = await issueToken(tx, token, { now });
      await tx.execute(sql`UPDATE one_time_token SET hash = sha256('by another secret') WHERE id = ${tokenId}`);
      return (await postMail(tx, {
        ...{ kind: "reset-password", accountId: person.id, recipient: person.email, tokenId, at: now },
      }))!;
    });
    await reaches(id, "out-of-date");
    expect(receivedBy(person)).toEqual([]);
  });

  test("is not sent when the account is erased", async () => {
    const person = await makePerson();
    const id = await transaction(async (tx) => {
      await tx.update(account).set({ erasedAt: now, passwordHash: null }).where(eq(account.id, person.id));
      return (await postMail(tx, { kind: "account-kept", accountId: person.id, recipient: person.email, at: now }))!;
    });
    await reaches(id, "out-of-date");
    expect(receivedBy(person)).toEqual([]);
  });
});

describe("the row of an email", () => {
  test("is deleted 30 days after the email ended, and never while it waits", async () => {
    const ago = (days: number) => new Date(now.getTime() - days * 86_400_000);
    const person = await makePerson();
    const [old, recent] = [await post(person), await post(person)];
    await Promise.all([reaches(old, "sent"), reaches(recent, "sent")]);
    office.behave("is busy");
    const waiting = await post(person, { at: ago(40) });
    await failsOnce(waiting);
    await db()
      .update(mail)
      .set({ endedAt: ago(31) })
      .where(eq(mail.id, old));
    await db()
      .update(mail)
      .set({ endedAt: ago(29) })
      .where(eq(mail.id, recent));
    await sweepMails();
    const { rows } = await db().execute<{ id: string }>(
      sql`SELECT id FROM mail WHERE id IN (${old}, ${recent}, ${waiting})`,
    );
    expect(rows.map(({ id }) => id).sort()).toEqual([recent, waiting].sort());
  });
});
