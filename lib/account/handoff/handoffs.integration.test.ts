import { randomBytes, randomUUID } from "node:crypto";
import { and, eq, sql } from "drizzle-orm";
import { beforeAll, describe, expect, it } from "vitest";
import { claimHandoff, findClaim } from "@/lib/account/handoff/claim-handoff";
import { confirmHandoff, refuseHandoff } from "@/lib/account/handoff/decide-handoff";
import { emailHandoff } from "@/lib/account/handoff/email-handoff";
import { handoffCodeOf, printHandoffCode, readHandoffCode } from "@/lib/account/handoff/handoff-code";
import { exchangeHandoff } from "@/lib/account/handoff/exchange-handoff";
import { findHandoff, readHandoffs, sweepHandoffs } from "@/lib/account/handoff/handoffs";
import { lockAccount } from "@/lib/account/lock-account";
import { makeHandoff } from "@/lib/account/handoff/make-handoff";
import { findBearer } from "@/lib/account/oauth/bearer";
import { challengeOf } from "@/lib/account/oauth/challenge";
import { refresh } from "@/lib/account/oauth/refresh";
import { endOtherSessions } from "@/lib/account/session/end-sessions";
import { newReference, openSession, revokeSessions } from "@/lib/account/session/sessions";
import { db, transaction } from "@/lib/db/client";
import { account, session } from "@/lib/db/schema/account";
import { event } from "@/lib/db/schema/event";
import { mail } from "@/lib/db/schema/mail";
import { device } from "@/lib/db/schema/device";
import { appSession, handoff } from "@/lib/db/schema/oauth";
import { withTestDatabase } from "@/lib/testing/database";
import { makeAccount } from "@/lib/testing/factories";
import { inEveryOrder } from "@/lib/testing/interleave";

const database = withTestDatabase();

// Connections that two tasks need at once, so that neither has to wait for its own while the other goes on.
beforeAll(() => Promise.all(Array.from({ length: 4 }, () => db().execute(sql`SELECT pg_sleep(0.05)`))));

const now = new Date();
const minutesLater = (minutes: number) => new Date(now.getTime() + minutes * 60_000);
const client = { addressPrefix: "198.51.100.7", userAgent: "Mozilla/5.0 Firefox/140.0", browser: null };

let networks = 0;
const sender = () => ({ addressPrefix: `203.0.113.${++networks}`, userAgent: "Norton360/9.1 (iPhone)" });

type Screen = { accountId: string; sessionId: string };

async function somebody(given: Parameters<typeof makeAccount>[0] = {}): Promise<Screen> {
  const accountId = await makeAccount(given);
  return { accountId, sessionId: await anotherSession(accountId) };
}

async function anotherSession(accountId: string): Promise<string> {
  const reference = newReference();
  await openSession(db(), { reference, accountId, client });
  const [opened] = await db()
    .select({ id: session.id })
    .from(session)
    .where(eq(session.accountId, accountId))
    .orderBy(sql`${session.createdAt} desc, ctid desc`)
    .limit(1);
  return opened!.id;
}

const endSession = (sessionId: string) =>
  db()
    .update(session)
    .set({ revokedAt: sql`now()` })
    .where(eq(session.id, sessionId));

async function shown(screen: Screen, at = now) {
  expect(await makeHandoff(screen, { now: at, newId: randomUUID })).toEqual({ status: "made" });
  return (await findHandoff(screen, { now: at }))!;
}

/** A phone with a secret of its own. */
function phone(name = "Camille’s iPhone") {
  const verifier = randomBytes(32).toString("base64url");
  const device = {
    installId: randomBytes(16).toString("base64url"),
    name,
    model: "iPhone17,1",
    system: "ios" as const,
  };
  const from = sender();
  return {
    verifier,
    from,
    claim: (code: string, at = now) =>
      claimHandoff(
        { code, clientId: "reference-phone", challenge: challengeOf(verifier), device },
        { now: at, sender: from, randomBytes },
      ),
    installId: device.installId,
    exchange: (code: string, at = now, clientId = "reference-phone") =>
      exchangeHandoff({ code, clientId, verifier }, { now: at, sender: from }),
    state: (code: string, at = now) =>
      findClaim({ code, challenge: challengeOf(verifier) }, { now: at, network: from.addressPrefix }),
  };
}

const actionsOf = async ({ accountId }: Screen) =>
  (await db().select({ action: event.action }).from(event).where(eq(event.accountId, accountId)).orderBy(event.id)).map(
    ({ action }) => action,
  );

const decide = (id: string, screen: Screen, at = now) => ({
  confirm: () => confirmHandoff({ id, ...screen }, { now: at, client }),
  refuse: () => refuseHandoff({ id, ...screen }, { now: at, client }),
});

describe("a code", () => {
  it("has eight characters, none of which looks like another, and is the same whenever it is shown", async () => {
    const screen = await somebody();
    const { id, code } = await shown(screen);
    expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{8}$/);
    expect(handoffCodeOf(id)).toBe(code);
    expect((await findHandoff(screen, { now }))!.code).toBe(code);
    const every = new Set(Array.from({ length: 400 }, () => handoffCodeOf(randomUUID())).join(""));
    expect(every.size).toBe(32);
  });

  it("is read in any case, with spaces and hyphens, and with letters that look like its symbols", async () => {
    expect(readHandoffCode(" 7k2m-9xqp ")).toBe("7K2M9XQP");
    expect(readHandoffCode("oOiI lLuU")).toBe("001111VV");
    expect(printHandoffCode("7K2M9XQP")).toBe("7K2M-9XQP");
    for (const text of ["", "7K2M-9XQ", "7K2M-9XQPA", "7K2M-9XQ!", "é".repeat(8)])
      expect(readHandoffCode(text)).toBeNull();
  });

  it("is not in the database", async () => {
    const { id, code } = await shown(await somebody());
    const { rows } = await db().execute<{ all: string }>(
      sql`SELECT handoff::text AS all FROM handoff WHERE id = ${id}`,
    );
    expect(rows[0]!.all).not.toContain(code);
  });

  it("works for ten minutes", async () => {
    const first = await shown(await somebody());
    expect(await phone().claim(first.code!, minutesLater(9.99))).toMatchObject({ status: "claimed" });
    const screen = await somebody();
    const second = await shown(screen);
    expect(await phone().claim(second.code!, minutesLater(10))).toEqual({ status: "unknown" });
    expect(await findHandoff(screen, { now: minutesLater(10) })).toMatchObject({ state: "expired", code: null });
  });

  it("is void once its session shows a newer one", async () => {
    const screen = await somebody();
    const old = await shown(screen);
    const other = { ...screen, sessionId: await anotherSession(screen.accountId) };
    const elsewhere = await shown(other);
    const renewed = await shown(screen, minutesLater(1));
    expect(await phone().claim(old.code!, minutesLater(1))).toEqual({ status: "unknown" });
    expect(await phone().claim(renewed.code!, minutesLater(1))).toMatchObject({ status: "claimed" });
    expect(await phone().claim(elsewhere.code!, minutesLater(1))).toMatchObject({ status: "claimed" });
  });

  it("stays the only one of its session when several pages make one at once", async () => {
    const screen = await somebody();
    await Promise.all(Array.from({ length: 8 }, () => makeHandoff(screen, { now, newId: randomUUID })));
    const live = and(eq(handoff.sessionId, screen.sessionId), sql`${handoff.expiresAt} > ${now.toISOString()}`);
    const found = await db().select({ id: handoff.id }).from(handoff).where(live);
    expect(found).toHaveLength(1);
    expect((await findHandoff(screen, { now }))!.id).toBe(found[0]!.id);
  });

  it("is not replaced while a device that claimed it waits for the answer", async () => {
    const screen = await somebody();
    const { id, code } = await shown(screen);
    await phone().claim(code!);
    expect(await makeHandoff(screen, { now, newId: randomUUID })).toEqual({ status: "waiting" });
    expect(await findHandoff(screen, { now })).toMatchObject({ id, state: "claimed" });
    await decide(id, screen).refuse();
    expect(await makeHandoff(screen, { now: minutesLater(1), newId: randomUUID })).toEqual({ status: "made" });
    expect(await findHandoff(screen, { now: minutesLater(1) })).toMatchObject({ state: "open" });
  });

  it("never is one that another hand-off has had", async () => {
    const screen = await somebody();
    const [taken, free] = [randomUUID(), randomUUID()];
    await makeHandoff(screen, { now, newId: () => taken });
    const ids = [taken, taken, free];
    expect(await makeHandoff(screen, { now: minutesLater(1), newId: () => ids.shift()! })).toEqual({ status: "made" });
    expect((await findHandoff(screen, { now: minutesLater(1) }))!.id).toBe(free);
  });

  it("is not made for a session that is over, or for another account's", async () => {
    const screen = await somebody();
    const { accountId } = await somebody();
    expect(await makeHandoff({ ...screen, accountId }, { now, newId: randomUUID })).toEqual({ status: "ended" });
    await endSession(screen.sessionId);
    expect(await makeHandoff(screen, { now, newId: randomUUID })).toEqual({ status: "ended" });
    const made = await db().select().from(handoff).where(eq(handoff.sessionId, screen.sessionId));
    expect(made).toEqual([]);
  });

  it("ends with the session that shows it", async () => {
    const [open, claimed] = [await somebody(), await somebody()];
    const [first, second] = [await shown(open), await shown(claimed)];
    const mine = phone();
    await mine.claim(second.code!);
    await endSession(open.sessionId);
    await endSession(claimed.sessionId);
    expect(await phone().claim(first.code!)).toEqual({ status: "unknown" });
    expect(await decide(second.id, claimed).confirm()).toEqual({ status: "late" });
    expect(await mine.state(second.code!)).toMatchObject({ claim: { state: "expired" } });
    expect(await readHandoffs([open.sessionId, claimed.sessionId], { now })).toEqual(new Map());
  });

  it("is made at most 60 times an hour by an account", async () => {
    const screen = await somebody();
    const answers = [];
    for (let made = 0; made < 61; made++) answers.push((await makeHandoff(screen, { now, newId: randomUUID })).status);
    expect(answers.filter((status) => status === "made")).toHaveLength(60);
    expect(answers.at(-1)).toBe("limited");
  });
});

describe("claiming a code", () => {
  it("shows both screens the same device and number, and is recorded without the device's name", async () => {
    const screen = await somebody();
    const { code } = await shown(screen);
    const mine = phone();
    const answer = await mine.claim(code!);
    if (answer.status !== "claimed") throw new Error(answer.status);
    const { number } = answer.claim;
    expect(number).toBeGreaterThanOrEqual(10);
    expect(number).toBeLessThanOrEqual(99);
    const view = await findHandoff(screen, { now });
    expect(view).toMatchObject({ state: "claimed", code: null, number });
    expect(view!.device).toEqual({ name: "Camille’s iPhone", model: "iPhone17,1", system: "ios" });
    const told = await db().select().from(event).where(eq(event.action, "handoff.claimed"));
    expect(told.find(({ accountId }) => accountId === screen.accountId)).toMatchObject({ subject: view!.id });
    expect(JSON.stringify(told)).not.toContain("iPhone");
  });

  it("gives one of sixteen devices the code, and tells the others that it is used", async () => {
    const screen = await somebody();
    const { code } = await shown(screen);
    const answers = await Promise.all(Array.from({ length: 16 }, () => phone().claim(code!)));
    expect(answers.filter(({ status }) => status === "claimed")).toHaveLength(1);
    expect(answers.filter(({ status }) => status === "usedByAnother")).toHaveLength(15);
    expect(await actionsOf(screen)).toEqual(["handoff.claimed"]);
  });

  it("gives the same answer when a device repeats it, however often", async () => {
    const screen = await somebody();
    const { id, code } = await shown(screen);
    const mine = phone();
    const answers = await Promise.all(Array.from({ length: 8 }, () => mine.claim(code!)));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    await decide(id, screen).confirm();
    expect(await mine.claim(code!)).toMatchObject({ status: "claimed", claim: { state: "confirmed" } });
    expect(await actionsOf(screen)).toEqual(["handoff.claimed", "handoff.confirmed"]);
  });

  it("tells only the device that claimed it how it went on (S10)", async () => {
    const screen = await somebody();
    const { id, code } = await shown(screen);
    const [mine, other] = [phone(), phone()];
    expect(await mine.state(code!)).toEqual({ status: "unknown" });
    await mine.claim(code!);
    expect(await mine.state(code!)).toMatchObject({ status: "claimed", claim: { state: "claimed" } });
    expect(await other.state(code!)).toEqual({ status: "unknown" });
    await decide(id, screen).refuse();
    expect(await mine.state(code!)).toMatchObject({ claim: { state: "refused" } });
    expect(await other.state(code!)).toEqual({ status: "unknown" });
  });

  it("is locked for a network after twenty codes that do not exist, also for one that does, and for no other network", async () => {
    const { code } = await shown(await somebody());
    const guesser = phone();
    const guesses = await Promise.all(Array.from({ length: 40 }, () => guesser.claim(handoffCodeOf(randomUUID()))));
    expect(guesses.filter(({ status }) => status === "unknown")).toHaveLength(20);
    expect(guesses.filter(({ status }) => status === "limited")).toHaveLength(20);
    expect(await guesser.claim(code!)).toMatchObject({ status: "limited" });
    expect(await phone().claim(code!)).toMatchObject({ status: "claimed" });
  });

  it("does not count codes that have expired: a device that waits locks out nobody", async () => {
    const screen = await somebody();
    const { code } = await shown(screen);
    const mine = phone();
    await mine.claim(code!);
    await endSession(screen.sessionId);
    for (let time = 0; time < 25; time++) await mine.state(code!, minutesLater(11));
    const next = await shown(await somebody());
    expect(await mine.claim(next.code!)).toMatchObject({ status: "claimed" });
  });
});

describe("the answer on the screen that shows the code", () => {
  it("is given once: repeating it, or answering otherwise later, changes nothing", async () => {
    const screen = await somebody();
    const { id, code } = await shown(screen);
    await phone().claim(code!);
    expect(await decide(id, screen).confirm()).toEqual({ status: "confirmed" });
    expect(await decide(id, screen).confirm()).toEqual({ status: "confirmed" });
    expect(await decide(id, screen).refuse()).toEqual({ status: "confirmed" });
    expect(await actionsOf(screen)).toEqual(["handoff.claimed", "handoff.confirmed"]);
  });

  it("counts neither before a device has claimed the code nor after ten minutes", async () => {
    const screen = await somebody();
    const { id, code } = await shown(screen);
    expect(await decide(id, screen).confirm()).toEqual({ status: "late" });
    await phone().claim(code!);
    expect(await decide(id, screen, minutesLater(10)).confirm()).toEqual({ status: "late" });
    expect(await decide(id, screen, minutesLater(9)).refuse()).toEqual({ status: "refused" });
    expect(await actionsOf(screen)).toEqual(["handoff.claimed", "handoff.refused"]);
  });

  it("comes from the session that shows the code: to another account or browser it does not exist (S10)", async () => {
    const screen = await somebody();
    const other = await somebody();
    const { id, code } = await shown(screen);
    await phone().claim(code!);
    const sameAccount = { ...screen, sessionId: await anotherSession(screen.accountId) };
    const forged = { accountId: other.accountId, sessionId: screen.sessionId };
    for (const stranger of [other, sameAccount, forged]) {
      expect(await decide(id, stranger).confirm()).toEqual({ status: "late" });
      expect(await decide(id, stranger).refuse()).toEqual({ status: "late" });
    }
    expect(await decide(randomUUID(), screen).confirm()).toEqual({ status: "late" });
    expect(await findHandoff(screen, { now })).toMatchObject({ id, state: "claimed" });
    expect(await findHandoff(other, { now })).toBeNull();
    expect(await decide(id, screen).confirm()).toEqual({ status: "confirmed" });
    expect(await decide(id, other).confirm()).toEqual({ status: "late" });
  });

  it("leaves a confirmed device five minutes for its tokens", async () => {
    const screen = await somebody();
    const { id, code } = await shown(screen);
    const mine = phone();
    await mine.claim(code!);
    await decide(id, screen, minutesLater(9.9)).confirm();
    expect(await mine.state(code!, minutesLater(14.8))).toMatchObject({ claim: { state: "confirmed" } });
    expect(await mine.state(code!, minutesLater(15))).toMatchObject({ claim: { state: "expired" } });
  });
});

describe("in every order that the database allows", () => {
  it("of yes and no, one counts and both are told it", async () => {
    const runs = await inEveryOrder(database.url, async () => {
      const screen = await somebody();
      const { id, code } = await shown(screen);
      await phone().claim(code!);
      const { confirm, refuse } = decide(id, screen);
      const answers: unknown[] = [];
      const tasks = [confirm, refuse].map((answer) => async () => void answers.push((await answer()).status));
      return {
        tasks: tasks as [() => Promise<void>, () => Promise<void>],
        after: async (order) => {
          expect(new Set(answers).size, order).toBe(1);
          expect(await findHandoff(screen, { now })).toMatchObject({ state: answers[0] });
          expect(await actionsOf(screen)).toEqual(["handoff.claimed", `handoff.${String(answers[0])}`]);
        },
      };
    });
    expect(runs).toBeGreaterThan(3);
  });

  it("of a claim and a renewal, the claim wins or the code is void", async () => {
    const runs = await inEveryOrder(database.url, async () => {
      const screen = await somebody();
      const { id, code } = await shown(screen);
      const at = minutesLater(1);
      const [mine, answers] = [phone(), { claim: "", renewal: "" }];
      return {
        tasks: [
          async () => void (answers.claim = (await mine.claim(code!, at)).status),
          async () => void (answers.renewal = (await makeHandoff(screen, { now: at, newId: randomUUID })).status),
        ],
        after: async (order) => {
          expect(answers, order).toEqual(
            answers.claim === "claimed"
              ? { claim: "claimed", renewal: "waiting" }
              : { claim: "unknown", renewal: "made" },
          );
          const view = await findHandoff(screen, { now: at });
          expect(view!.id === id, order).toBe(answers.claim === "claimed");
        },
      };
    });
    expect(runs).toBeGreaterThan(3);
  });

  it("of two pages that make a code, one code stays", async () => {
    await inEveryOrder(database.url, async () => {
      const screen = await somebody();
      const make = () => makeHandoff(screen, { now, newId: randomUUID });
      return {
        tasks: [make, make],
        after: async (order) => {
          const live = and(eq(handoff.sessionId, screen.sessionId), sql`${handoff.expiresAt} > ${now.toISOString()}`);
          expect(await db().select({ id: handoff.id }).from(handoff).where(live), order).toHaveLength(1);
        },
      };
    });
  });

  it("of two claims, one device gets the code", async () => {
    await inEveryOrder(database.url, async () => {
      const screen = await somebody();
      const { code } = await shown(screen);
      const answers: string[] = [];
      const claim = async () => void answers.push((await phone().claim(code!)).status);
      return {
        tasks: [claim, claim],
        after: async (order) => expect(answers.sort(), order).toEqual(["claimed", "usedByAnother"]),
      };
    });
  });
});

/** A device that was confirmed and may fetch its tokens. */
async function confirmed(at = now) {
  const screen = await somebody();
  const { id, code } = await shown(screen, at);
  const mine = phone();
  await mine.claim(code!, at);
  await decide(id, screen, at).confirm();
  return { screen, id, code: code!, mine };
}

describe("the tokens of a confirmed device", () => {
  it("sign it in to the account that showed the code, which its owner is told", async () => {
    const { screen, code, mine } = await confirmed();
    await db().update(account).set({ emailVerifiedAt: now }).where(eq(account.id, screen.accountId));
    const answer = await mine.exchange(code);
    if (answer.status !== "signedIn") throw new Error(answer.fault);
    const bearer = await findBearer(answer.tokens.accessToken, { now });
    expect(bearer).toMatchObject({ account: { id: screen.accountId }, clientId: "reference-phone" });
    expect(await actionsOf(screen)).toEqual(["handoff.claimed", "handoff.confirmed", "app.signed-in"]);
    const mails = await db()
      .select({ kind: mail.kind, details: mail.details })
      .from(mail)
      .where(eq(mail.accountId, screen.accountId));
    expect(mails).toMatchObject([{ kind: "new-app-sign-in", details: { system: "ios" } }]);
    expect(await findHandoff(screen, { now })).toMatchObject({ state: "confirmed", signedInAt: now });
  });

  it("are issued once to sixteen requests, which all get the same", async () => {
    const { screen, code, mine } = await confirmed();
    const answers = await Promise.all(Array.from({ length: 16 }, () => mine.exchange(code)));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]!.status).toBe("signedIn");
    const opened = await db().select().from(appSession).where(eq(appSession.accountId, screen.accountId));
    expect(opened).toHaveLength(1);
  });

  it("are given again within a minute, until they are refreshed, and to nobody else", async () => {
    const { screen, code, mine } = await confirmed();
    const first = await mine.exchange(code);
    if (first.status !== "signedIn") throw new Error(first.fault);
    const again = await mine.exchange(code, minutesLater(0.9));
    if (again.status !== "signedIn") throw new Error(again.fault);
    expect(again.tokens.refreshToken).toBe(first.tokens.refreshToken);
    expect(again.tokens.expiresIn).toBe(first.tokens.expiresIn - 54);
    const over = { status: "refused", fault: "invalid_grant" };
    expect(await phone().exchange(code)).toEqual(over);
    expect(await mine.exchange(code, minutesLater(1.1))).toEqual(over);
    const { refreshToken } = first.tokens;
    await refresh({ refreshToken, clientId: "reference-phone", sender: mine.from }, { now });
    expect(await mine.exchange(code)).toEqual(over);
    expect(await db().select().from(appSession).where(eq(appSession.accountId, screen.accountId))).toHaveLength(1);
  });

  it("are not given again to an app that was signed out", async () => {
    const { screen, code, mine } = await confirmed();
    await mine.exchange(code);
    await transaction((tx) => revokeSessions(tx, { accountId: screen.accountId }));
    expect(await mine.exchange(code)).toEqual({ status: "refused", fault: "invalid_grant" });
  });

  it("wait for the answer on the other screen, and are asked for at most twice a second", async () => {
    const screen = await somebody();
    const { id, code } = await shown(screen);
    const mine = phone();
    expect(await mine.exchange(code!)).toEqual({ status: "refused", fault: "invalid_grant" });
    await mine.claim(code!);
    const polls = await Promise.all(Array.from({ length: 130 }, () => mine.exchange(code!)));
    const faults = polls.map((answer) => answer.status === "refused" && answer.fault);
    expect(faults.filter((fault) => fault === "authorization_pending")).toHaveLength(120);
    expect(faults.filter((fault) => fault === "slow_down")).toHaveLength(10);
    await decide(id, screen).confirm();
    expect((await mine.exchange(code!)).status).toBe("signedIn");
  });

  it("are refused to a device that was refused, came too late, or has another secret or client", async () => {
    const screen = await somebody();
    const { id, code } = await shown(screen);
    const mine = phone();
    await mine.claim(code!);
    await decide(id, screen).refuse();
    expect(await mine.exchange(code!)).toEqual({ status: "refused", fault: "access_denied" });
    const late = await confirmed();
    expect(await late.mine.exchange(late.code, minutesLater(10))).toEqual({
      status: "refused",
      fault: "expired_token",
    });
    expect(await phone().exchange(late.code)).toEqual({ status: "refused", fault: "invalid_grant" });
    expect(await late.mine.exchange(late.code, now, "another-app")).toEqual({
      status: "refused",
      fault: "invalid_grant",
    });
    expect(await phone().exchange(handoffCodeOf(randomUUID()))).toEqual({ status: "refused", fault: "expired_token" });
    expect((await late.mine.exchange(late.code)).status).toBe("signedIn");
  });

  it("are refused once the session that showed the code is over, in every order of the two", async () => {
    await inEveryOrder(database.url, async () => {
      const { screen, code, mine } = await confirmed();
      let answer: Awaited<ReturnType<typeof mine.exchange>>;
      return {
        tasks: [
          async () => void (answer = await mine.exchange(code)),
          () =>
            transaction(async (tx) => {
              await lockAccount(tx, screen.accountId);
              await revokeSessions(tx, { accountId: screen.accountId });
            }),
        ],
        after: async (order) => {
          const tokens = answer.status === "signedIn" ? answer.tokens : null;
          expect(tokens && (await findBearer(tokens.accessToken, { now })), order).toBeNull();
          const live = and(eq(appSession.accountId, screen.accountId), sql`${appSession.endedAt} is null`);
          expect(await db().select().from(appSession).where(live), order).toEqual([]);
        },
      };
    });
  });

  it("are refused once its owner has signed out all other sessions on the screen that showed the code", async () => {
    const other = await confirmed();
    const runs = await inEveryOrder(database.url, async () => {
      const { screen, code, mine } = await confirmed();
      let answer: Awaited<ReturnType<typeof mine.exchange>>;
      return {
        tasks: [async () => void (answer = await mine.exchange(code)), () => endOtherSessions(screen, { now, client })],
        after: async (order) => {
          const tokens = answer.status === "signedIn" ? answer.tokens : null;
          expect(tokens && (await findBearer(tokens.accessToken, { now })), order).toBeNull();
          expect((await mine.exchange(code)).status, order).toBe("refused");
          const live = and(eq(appSession.accountId, screen.accountId), sql`${appSession.endedAt} is null`);
          expect(await db().select().from(appSession).where(live), order).toEqual([]);
          expect(await makeHandoff(screen, { now, newId: randomUUID }), order).toEqual({ status: "made" });
        },
      };
    });
    expect(runs).toBeGreaterThan(3);
    expect((await other.mine.exchange(other.code)).status).toBe("signedIn");
  });

  it("are refused to an app that is not configured, at the claim already", async () => {
    const { code } = await shown(await somebody());
    const claim = { code: code!, clientId: "unknown-app", challenge: challengeOf("secret") };
    const unknown = {
      ...claim,
      device: { installId: "0123456789abcdef", name: "Phone", model: null, system: "ios" as const },
    };
    const from = { now, sender: sender(), randomBytes };
    expect(await claimHandoff(unknown, from)).toEqual({ status: "unknownClient" });
  });
});

describe("the way to protection", () => {
  /** Gives a device a seat, as an activation does. */
  async function seat({ accountId }: Screen, installId: string, endsAt: Date, at = now) {
    const named = { accountId, installId, name: "Phone", system: "ios", createdAt: at, lastSeenAt: at };
    const [made] = await db().insert(device).values(named).returning({ id: device.id });
    const { rows } = await db().execute<{ id: string }>(sql`
      INSERT INTO subscription (account_id, product_code, ends_at)
      VALUES (${accountId}, 'norton-360-deluxe', ${endsAt.toISOString()}) RETURNING id`);
    const { id } = rows[0]!;
    await db().execute(sql`INSERT INTO seat (subscription_id, slot) VALUES (${id}, 1)`);
    await db().execute(sql`
      INSERT INTO activation (subscription_id, slot, device_id, activated_at)
      VALUES (${id}, 1, ${made!.id}, ${at.toISOString()})`);
    return made!.id;
  }

  it("shows the seat of the device that signed in, and how long it protects", async () => {
    const { screen, code, mine } = await confirmed();
    const endsAt = minutesLater(60 * 24 * 30);
    await seat(screen, mine.installId, endsAt, minutesLater(1));
    const before = { signedInAt: null, seatTakenAt: null, protectedUntil: null };
    expect(await findHandoff(screen, { now })).toMatchObject(before);
    await mine.exchange(code);
    expect(await findHandoff(screen, { now })).toMatchObject({ seatTakenAt: minutesLater(1), protectedUntil: endsAt });
  });

  it("shows a seat without protection once its subscription has ended, and no seat that was released", async () => {
    const { screen, code, mine } = await confirmed();
    await mine.exchange(code);
    const deviceId = await seat(screen, mine.installId, minutesLater(5), minutesLater(1));
    expect(await findHandoff(screen, { now: minutesLater(5) })).toMatchObject({
      seatTakenAt: minutesLater(1),
      protectedUntil: null,
    });
    await db().execute(sql`UPDATE activation SET released_at = activated_at WHERE device_id = ${deviceId}`);
    expect(await findHandoff(screen, { now })).toMatchObject({ seatTakenAt: null, protectedUntil: null });
  });

  it("shows that the app was signed out again, and no seat then", async () => {
    const { screen, code, mine } = await confirmed();
    await mine.exchange(code);
    await seat(screen, mine.installId, minutesLater(99));
    expect(await findHandoff(screen, { now })).toMatchObject({ signedOutAt: null, protectedUntil: minutesLater(99) });
    await db().update(appSession).set({ endedAt: now }).where(eq(appSession.accountId, screen.accountId));
    expect(await findHandoff(screen, { now })).toMatchObject({ signedOutAt: now, seatTakenAt: null });
  });

  it("does not count the same installation in another account", async () => {
    const { screen, code, mine } = await confirmed();
    await mine.exchange(code);
    await seat(await somebody(), mine.installId, minutesLater(99));
    expect(await findHandoff(screen, { now })).toMatchObject({ seatTakenAt: null });
  });
});

describe("the email with the link", () => {
  const owner = async (screen: Screen, emailVerifiedAt: Date | null) => {
    const { rows } = await db().execute<{ email: string }>(
      sql`SELECT email FROM account WHERE id = ${screen.accountId}`,
    );
    return { id: screen.accountId, email: rows[0]!.email, emailVerifiedAt };
  };

  it("goes to the confirmed address, five times an hour, and holds no code in the database", async () => {
    const screen = await somebody({ emailVerifiedAt: now });
    const { id, code } = await shown(screen);
    const sent = { owner: await owner(screen, now), sessionId: screen.sessionId };
    for (let time = 0; time < 5; time++) expect(await emailHandoff(sent, { now })).toEqual({ status: "sent" });
    expect(await emailHandoff(sent, { now })).toMatchObject({ status: "limited" });
    const mails = await db().select().from(mail).where(eq(mail.accountId, screen.accountId));
    expect(mails).toHaveLength(5);
    expect(mails[0]).toMatchObject({ kind: "handoff-link", details: { handoff: id } });
    expect(JSON.stringify(mails)).not.toContain(code);
  });

  it("is sent neither to an unconfirmed address nor for a code that nobody can claim any more", async () => {
    const screen = await somebody();
    await shown(screen);
    const { sessionId } = screen;
    expect(await emailHandoff({ owner: await owner(screen, null), sessionId }, { now })).toEqual({
      status: "unconfirmed",
    });
    const late = { owner: await owner(screen, now), sessionId };
    expect(await emailHandoff(late, { now: minutesLater(10) })).toEqual({ status: "over" });
    expect(await db().select().from(mail).where(eq(mail.accountId, screen.accountId))).toEqual([]);
  });
});

it("a hand-off is deleted a day after it has ended", async () => {
  const screen = await somebody();
  const { id } = await shown(screen);
  const left = async () => (await db().select().from(handoff).where(eq(handoff.id, id))).length;
  await sweepHandoffs({ now: minutesLater(10 + 24 * 60 - 1) });
  expect(await left()).toBe(1);
  await sweepHandoffs({ now: minutesLater(10 + 24 * 60 + 1) });
  expect(await left()).toBe(0);
});
