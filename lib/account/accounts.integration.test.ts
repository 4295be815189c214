import { eq, sql } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { createAccount, type NewAccount } from "@/lib/account/profile/create-account";
import { findSession, newReference, revokeSession } from "@/lib/account/session/sessions";
import { confirmPassword, signIn } from "@/lib/account/password/sign-in";
import { db } from "@/lib/db/client";
import { account, session } from "@/lib/db/schema/account";
import { event } from "@/lib/db/schema/event";
import { withTestDatabase } from "@/lib/testing/database";
import { attempt } from "@/lib/limits/attempt";
import { reserve } from "@/lib/limits/limits";

withTestDatabase();

const now = new Date("2026-11-23T14:05:00Z");
const password = "correct velvet otter lamp";
let networks = 0;
/** A network of its own for each test, so that no limit is shared. */
const from = () => ({ now, client: { addressPrefix: `198.51.100.${++networks}`, userAgent: "test", browser: null } });

const person = (given: Partial<NewAccount> = {}): NewAccount => ({
  name: "Camille",
  email: `${crypto.randomUUID()}@example.org`,
  password,
  country: "FR",
  locale: "fr",
  timeZone: "Europe/Paris",
  ...given,
});

async function madeAccount(given: Partial<NewAccount> = {}) {
  const made = person(given);
  const answer = await createAccount(made, from());
  if (answer.status !== "created") throw new Error(answer.status);
  const live = await findSession(answer.reference);
  return { ...made, reference: answer.reference, id: live!.account.id };
}

const age = (
  reference: string,
  column: "authenticated_at" | "idle_until" | "absolute_until" | "last_seen_at",
  by: string,
) =>
  findSession(reference).then((live) =>
    db().execute(
      sql`UPDATE session SET ${sql.identifier(column)} = ${sql.identifier(column)} - ${by}::interval WHERE id = ${live!.credential.sessionId}`,
    ),
  );

describe("an account", () => {
  it("is one per address, whatever its case or Unicode spelling, and a second attempt is told so", async () => {
    const { email } = await madeAccount({ email: "Marie.Curie@Example.org" });
    for (const same of [
      email,
      "marie.curie@example.org",
      "MARIE.CURIE@EXAMPLE.ORG",
      "Ｍarie.Curie＠Example.org",
      "  Marie.Curie@Example.org ",
    ]) {
      const again = person({ email: same, password: "another velvet otter lamp" });
      expect(await createAccount(again, from()), same).toEqual({ status: "taken" });
    }
  });

  it("a form sent twice (double click, lost response) creates one account and signs the person in", async () => {
    const twice = person();
    const answers = await Promise.all([createAccount(twice, from()), createAccount(twice, from())]);
    expect(answers.map(({ status }) => status)).toEqual(["created", "created"]);
    const owners = await Promise.all(answers.map((one) => findSession((one as { reference: string }).reference)));
    expect(new Set(owners.map((live) => live!.account.id)).size).toBe(1);
  });

  it("starts with a live session and an event without its address or network", async () => {
    const { id, email } = await madeAccount();
    const events = await db().select().from(event).where(eq(event.accountId, id));
    expect(events.map(({ action }) => action)).toEqual(["account.created"]);
    expect(JSON.stringify(events)).not.toMatch(new RegExp(`198\\.51\\.100|${email}`));
  });

  it("stores only an argon2id hash of the password", async () => {
    const { id } = await madeAccount();
    const [row] = await db().select({ hash: account.passwordHash }).from(account).where(eq(account.id, id));
    expect(row!.hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });

  it.each([
    ["1234567", "tooShort"],
    ["password1", "tooCommon"],
    ["Camille Moreau", "isYourName"],
    ["camillemoreau", "isYourName"],
    ["abcdefgh1", "tooWeak"],
    ["aaaaaaaaaaaa", "tooWeak"],
  ])("is refused the password %j: %s", async (weak, fault) => {
    const answer = await createAccount(person({ name: "Camille Moreau", password: weak }), from());
    expect(answer).toEqual({ status: "passwordRefused", fault });
  });

  it("accepts any Unicode and a long passphrase, and recognises it however it is composed", async () => {
    const email = `${crypto.randomUUID()}@example.org`;
    await madeAccount({ email, password: `café été 東京 🦦 ${"long ".repeat(40)}`.normalize("NFC") });
    const answer = await signIn({ email, password: `café été 東京 🦦 ${"long ".repeat(40)}`.normalize("NFD") }, from());
    expect(answer.status).toBe("signedIn");
  });

  it("cannot be created more than 300 times in 10 minutes from one network", async () => {
    const one = from();
    const attempts = await Promise.all(
      Array.from({ length: 310 }, () => reserve("createAccountPerNetwork", one.client.addressPrefix)),
    );
    expect(attempts.filter(({ allowed }) => allowed)).toHaveLength(300);
    const answer = await createAccount(person(), one);
    expect(answer.status).toBe("limited");
  });

  it("is disclosed to a network 20 times in 10 minutes, also to a burst, and to nobody there after that (S16)", async () => {
    const { email } = await madeAccount();
    const one = from();
    const guess = { email, password: "another velvet otter" };
    const answers = await Promise.all(Array.from({ length: 30 }, () => createAccount(person(guess), one)));
    expect(answers.filter(({ status }) => status === "taken")).toHaveLength(20);
    expect(answers.filter(({ status }) => status === "limited")).toHaveLength(10);
    expect((await createAccount(person(), one)).status).toBe("limited");
  });

  it("can be created by 60 people behind one address at once (S48)", async () => {
    const one = from();
    const answers = await Promise.all(Array.from({ length: 60 }, () => createAccount(person(), one)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set(["created"]));
  });
});

describe("signing in", () => {
  it("answers alike for a wrong password and an unknown address, even when locked", async () => {
    const { email } = await madeAccount();
    const answersOf = async (address: string) => {
      const answers = [];
      for (let attempt = 0; attempt < 7; attempt++)
        answers.push(await signIn({ email: address, password: "wrong guess" }, from()));
      return answers.map(({ status }) => status);
    };
    const known = await answersOf(email);
    expect(known).toEqual(["wrong", "wrong", "wrong", "wrong", "wrong", "locked", "locked"]);
    expect(await answersOf(`${crypto.randomUUID()}@example.org`)).toEqual(known);
  });

  it("is locked for every spelling of the address, even with the right password, until the lock ends", async () => {
    const { email } = await madeAccount({ email: `lock-${crypto.randomUUID()}@example.org` });
    const spellings = [email, email.toUpperCase(), ` ${email} `, email.replace("l", "ｌ"), email.replace("@", "＠")];
    for (const spelling of spellings) await signIn({ email: spelling, password: "wrong guess" }, from());
    const locked = await signIn({ email, password }, from());
    expect(locked.status).toBe("locked");
    await db().execute(
      sql`UPDATE limit_counter SET locked_until = now() - interval '1 second' WHERE "limit" = 'passwordPerAddress'`,
    );
    expect((await signIn({ email, password }, from())).status).toBe("signedIn");
    expect((await signIn({ email, password: "wrong guess" }, from())).status).toBe("wrong");
  });

  it("lets no more than five of a parallel burst of 64 reach the password (S18)", async () => {
    const { email, id } = await madeAccount();
    const burst = await Promise.all(
      Array.from({ length: 64 }, () => signIn({ email, password: "wrong guess" }, from())),
    );
    expect(burst.filter(({ status }) => status === "wrong")).toHaveLength(5);
    expect(burst.filter(({ status }) => status === "locked")).toHaveLength(59);
    const actions = (await db().select({ action: event.action }).from(event).where(eq(event.accountId, id))).map(
      (one) => one.action,
    );
    expect(actions.filter((action) => action === "session.refused")).toHaveLength(5);
    expect(actions.filter((action) => action === "session.locked")).toHaveLength(1);
  });

  it("doubles the lock each time, up to 15 minutes", async () => {
    const subject = crypto.randomUUID();
    const locks: number[] = [];
    for (let round = 0; round < 17; round++) {
      await attempt("passwordPerAddress", subject, { work: async () => false, failed: (fits) => !fits });
      const { rows } = await db().execute<{ seconds: number }>(
        sql`UPDATE limit_counter SET locked_until = now() - interval '1 ms' FROM (SELECT key, extract(epoch FROM locked_until - now()) AS s FROM limit_counter
            WHERE "limit" = 'passwordPerAddress' ORDER BY ends_at DESC LIMIT 1) newest WHERE limit_counter.key = newest.key RETURNING newest.s::float AS seconds`,
      );
      locks.push(Math.round(rows[0]!.seconds ?? 0));
    }
    expect(locks.slice(4)).toEqual([2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900, 900]);
    expect(locks.slice(0, 4)).toEqual([0, 0, 0, 0]);
  });

  it("is limited to ten failures a minute from one network; a successful sign-in does not count", async () => {
    const { email } = await madeAccount();
    const one = from();
    for (let attempt = 0; attempt < 12; attempt++)
      expect((await signIn({ email, password }, one)).status).toBe("signedIn");
    for (let attempt = 0; attempt < 10; attempt++)
      await signIn({ email: `${crypto.randomUUID()}@example.org`, password }, one);
    expect((await signIn({ email, password }, one)).status).toBe("limited");
    expect((await signIn({ email, password }, from())).status).toBe("signedIn");
  });
});

describe("a lock", () => {
  const wrong = "wrong guess";
  const withBrowser = (browser: string | null) => ({ now, client: { ...from().client, browser } });
  const lockedFor = async (email: string) => {
    for (let time = 0; time < 5; time++) await signIn({ email, password: wrong }, from());
    expect((await signIn({ email, password }, from())).status).toBe("locked");
  };

  it("by a stranger's wrong passwords keeps no owner out of a browser that the account knows (S49)", async () => {
    const known = withBrowser(newReference());
    const made = person();
    await createAccount(made, known);
    await lockedFor(made.email);
    expect((await signIn(made, known)).status).toBe("signedIn");
    // The same cookie is a stranger's for another account.
    const other = await madeAccount();
    await lockedFor(other.email);
    expect((await signIn(other, known)).status).toBe("locked");
  });

  it("by a stranger's wrong passwords keeps no owner from confirming the password in a live session (S49)", async () => {
    const { email, id: accountId, reference } = await madeAccount();
    await lockedFor(email);
    expect((await confirmPassword({ accountId, reference, password }, from())).status).toBe("confirmed");
  });

  it("begins after five wrong passwords in a known browser and in a live session too, each by itself", async () => {
    const known = withBrowser(newReference());
    const made = person();
    const { reference } = (await createAccount(made, known)) as { reference: string };
    const accountId = (await findSession(reference))!.account.id;
    const step = (given: string) => confirmPassword({ accountId, reference, password: given }, known);
    const bursts = [
      await Promise.all(
        Array.from({ length: 12 }, () => signIn({ ...made, password: wrong }, withBrowser(known.client.browser))),
      ),
      await Promise.all(Array.from({ length: 12 }, () => step(wrong))),
    ];
    for (const burst of bursts) expect(burst.filter(({ status }) => status === "wrong")).toHaveLength(5);
    expect((await signIn(made, known)).status).toBe("locked");
    expect((await step(password)).status).toBe("locked");
    expect((await signIn(made, from())).status).toBe("signedIn");
    const { reference: other } = (await signIn(made, from())) as { reference: string };
    const elsewhere = await confirmPassword({ accountId, reference: other, password }, from());
    expect(elsewhere.status).toBe("confirmed");
  });

  it("is never due to attempts in flight: 60 people behind one address sign in at once (S48)", async () => {
    const people = await Promise.all(Array.from({ length: 60 }, () => madeAccount()));
    const one = from();
    const answers = await Promise.all(people.map((somebody) => signIn(somebody, one)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set(["signedIn"]));
    const again = await Promise.all(Array.from({ length: 20 }, () => signIn(people[0]!, from())));
    expect(new Set(again.map(({ status }) => status))).toEqual(new Set(["signedIn"]));
  });

  it("gives guessers among 40 honest people behind one address no eleventh answer (S18, S48)", async () => {
    const people = await Promise.all(Array.from({ length: 40 }, () => madeAccount()));
    const one = from();
    const guesses = Array.from({ length: 64 }, () => person({ password: wrong }));
    const answers = await Promise.all([...people, ...guesses].map((somebody) => signIn(somebody, one)));
    expect(answers.filter(({ status }) => status === "wrong")).toHaveLength(10);
  });
});

describe("a session", () => {
  it("stores only a digest of its reference", async () => {
    const { reference } = await madeAccount();
    expect(Buffer.from(reference, "base64url")).toHaveLength(32);
    const { rows } = await db().execute<{ all: string }>(
      sql`SELECT string_agg(session::text, ' ') AS all FROM session`,
    );
    expect(rows[0]!.all).not.toContain(reference);
    expect(rows[0]!.all).not.toContain(Buffer.from(reference, "base64url").toString("hex"));
  });

  it("ends when it is revoked, unused for 30 days, or 90 days old (S02, S04)", async () => {
    const revoked = await madeAccount();
    await revokeSession(revoked.reference);
    expect(await findSession(revoked.reference)).toBeNull();
    expect(await revokeSession(revoked.reference)).toBeNull();

    const idle = await madeAccount();
    await age(idle.reference, "idle_until", "29 days 23 hours");
    expect(await findSession(idle.reference)).not.toBeNull();
    await age(idle.reference, "idle_until", "2 hours");
    expect(await findSession(idle.reference)).toBeNull();

    const old = await madeAccount();
    await db().execute(
      sql`UPDATE session SET idle_until = idle_until - interval '89 days', absolute_until = now() - interval '1 second' WHERE account_id = ${old.id}`,
    );
    expect(await findSession(old.reference)).toBeNull();
    expect(await findSession("never given out")).toBeNull();
  });

  it("a session used every 29 days ends after 90 days (S04)", async () => {
    const { reference, id } = await madeAccount();
    const pass = (time: string) =>
      db().execute(
        sql`UPDATE session SET created_at = created_at - ${time}::interval, last_seen_at = last_seen_at - ${time}::interval,
            idle_until = idle_until - ${time}::interval, absolute_until = absolute_until - ${time}::interval WHERE account_id = ${id}`,
      );
    for (let day = 29; day <= 87; day += 29) {
      await pass("29 days");
      expect(await findSession(reference), `day ${day}`).not.toBeNull();
    }
    await pass("2 days 23 hours");
    expect(await findSession(reference)).not.toBeNull();
    await pass("2 hours");
    expect(await findSession(reference), "past 90 days").toBeNull();
  });

  it("stays alive while it is used, but never past its absolute end (S04)", async () => {
    const { reference, id } = await madeAccount();
    await age(reference, "idle_until", "20 days");
    await age(reference, "last_seen_at", "10 minutes");
    await db().execute(sql`UPDATE session SET absolute_until = now() + interval '12 days' WHERE account_id = ${id}`);
    await findSession(reference);
    const [row] = await db().select().from(session).where(eq(session.accountId, id));
    expect(row!.idleUntil).toEqual(row!.absoluteUntil);
    expect(Date.now() - row!.lastSeenAt.getTime()).toBeLessThan(60_000);
  });

  it("is fresh for 15 minutes after the password, and again after confirming it, with a new reference (S03)", async () => {
    const { reference, id: accountId } = await madeAccount();
    expect((await findSession(reference))!.steppedUp).toBe(true);
    await age(reference, "authenticated_at", "15 minutes 1 second");
    expect((await findSession(reference))!.steppedUp).toBe(false);

    expect(await confirmPassword({ accountId, reference, password: "wrong guess" }, from())).toEqual({
      status: "wrong",
    });
    expect((await findSession(reference))!.steppedUp).toBe(false);
    const confirmed = await confirmPassword({ accountId, reference, password }, from());
    if (confirmed.status !== "confirmed") throw new Error(confirmed.status);
    expect(confirmed.reference).not.toBe(reference);
    expect(await findSession(reference)).toBeNull();
    expect((await findSession(confirmed.reference))!.steppedUp).toBe(true);
  });

  it("an ended session is not revived by confirming the password", async () => {
    const { reference, id: accountId } = await madeAccount();
    await revokeSession(reference);
    expect(await confirmPassword({ accountId, reference, password }, from())).toEqual({ status: "ended" });
  });
});
