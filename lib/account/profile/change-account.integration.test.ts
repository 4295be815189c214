import { eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { getOverview } from "@/lib/account/profile/get-overview";
import { changeCountry, changeLocale, changeName, changeTimeZone } from "@/lib/account/profile/change-account";
import { createAccount } from "@/lib/account/profile/create-account";
import { endAppSession } from "@/lib/account/oauth/app-sessions";
import { endOtherSessions, endSessionElsewhere } from "@/lib/account/session/end-sessions";
import { listSessions } from "@/lib/account/session/list-sessions";
import { findSession, newReference, openSession } from "@/lib/account/session/sessions";
import { db } from "@/lib/db/client";
import { account, session } from "@/lib/db/schema/account";
import { event } from "@/lib/db/schema/event";
import { withTestDatabase } from "@/lib/testing/database";
import { makeAppSession } from "@/lib/testing/factories";

withTestDatabase();

const at = { now: new Date("2026-11-23T14:05:00Z") };
const windowsFirefox = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0";
const client = { addressPrefix: "203.0.113.7", userAgent: windowsFirefox, browser: null };
const here = { ...at, client };
let networks = 0;

async function madeAccount() {
  const email = `${crypto.randomUUID()}@example.org`;
  const details = { password: "correct velvet otter lamp", country: "FR", locale: "fr", timeZone: "Europe/Paris" };
  const from = { ...client, addressPrefix: `198.51.100.${++networks}` };
  const answer = await createAccount({ name: "Camille", email, ...details }, { ...at, client: from });
  if (answer.status !== "created") throw new Error(answer.status);
  const live = (await findSession(answer.reference))!;
  return { accountId: live.account.id, sessionId: live.credential.sessionId, reference: answer.reference };
}

async function anotherSession(accountId: string, userAgent: string | null = windowsFirefox) {
  const reference = newReference();
  await openSession(db(), { reference, accountId, client: { ...client, userAgent } });
  return { reference, id: (await findSession(reference))!.credential.sessionId };
}

const eventsOf = async (accountId: string) =>
  (
    await db()
      .select({ action: event.action, subject: event.subject, details: event.details })
      .from(event)
      .where(eq(event.accountId, accountId))
      .orderBy(event.id)
  ).filter(({ action }) => action !== "account.created");

const stored = async (accountId: string) => (await db().select().from(account).where(eq(account.id, accountId)))[0]!;

describe("a change of the account", () => {
  const changes = [
    ["changeName", changeName, { name: "Camille B." }, "account.name-changed", {}],
    ["changeLocale", changeLocale, { locale: "en" }, "account.locale-changed", { locale: "en" }],
    ["changeCountry", changeCountry, { country: "BE" }, "account.country-changed", {}],
    ["changeTimeZone", changeTimeZone, { timeZone: "Asia/Tokyo" }, "account.time-zone-changed", {}],
  ] as const;

  it.each(changes)("%s changes this account alone and records one event (S39)", async (...row) => {
    const [, verb, values, action, details] = row;
    const [somebody, other] = [await madeAccount(), await madeAccount()];
    const before = await stored(other.accountId);
    await verb({ accountId: somebody.accountId, ...values } as never, at);
    expect(await stored(somebody.accountId)).toMatchObject(values);
    expect(await eventsOf(somebody.accountId)).toEqual([{ action, subject: null, details }]);
    expect(await stored(other.accountId)).toEqual(before);

    // Setting the present value changes nothing.
    await verb({ accountId: somebody.accountId, ...values } as never, at);
    expect(await eventsOf(somebody.accountId)).toHaveLength(1);
    expect(await eventsOf(other.accountId)).toEqual([]);
  });

  it("the same change sent twenty times at once records one event", async () => {
    const { accountId } = await madeAccount();
    await Promise.all(Array.from({ length: 20 }, () => changeCountry({ accountId, country: "BE" }, at)));
    expect(await eventsOf(accountId)).toHaveLength(1);
  });
});

describe("the sessions of an account", () => {
  it("are listed by browser and system, for the account alone, and only those that live (S04)", async () => {
    const somebody = await madeAccount();
    const silent = await anotherSession(somebody.accountId, null);
    await madeAccount();
    const listed = await listSessions(somebody);
    expect(listed.map(({ browser, system }) => ({ browser, system }))).toEqual(
      expect.arrayContaining([
        { browser: "Firefox", system: "Windows" },
        { browser: null, system: null },
      ]),
    );
    expect(listed.map(({ id }) => id).sort()).toEqual([somebody.sessionId, silent.id].sort());
    expect(listed.every(({ since, lastSeen }) => since <= lastSeen)).toBe(true);
    expect(await getOverview(somebody, at)).toEqual({
      passkeys: 0,
      cases: 0,
      sessions: 2,
      apps: 0,
      reminders: true,
      wishedEmail: null,
    });

    const past = new Date(Date.now() - 1000);
    const endings = [{ revokedAt: past }, { idleUntil: past }, { idleUntil: past, absoluteUntil: past }];
    for (const ending of endings) {
      const { id } = await anotherSession(somebody.accountId);
      expect((await listSessions(somebody)).map((one) => one.id)).toContain(id);
      await db().update(session).set(ending).where(eq(session.id, id));
      expect((await listSessions(somebody)).map((one) => one.id)).not.toContain(id);
    }
    expect((await getOverview(somebody, at)).sessions).toBe(2);
  });

  it("are counted with the apps that are signed in, of the account alone", async () => {
    const somebody = await madeAccount();
    const { appSessionId } = await makeAppSession(somebody.accountId, at);
    await makeAppSession(somebody.accountId, at);
    await makeAppSession((await madeAccount()).accountId, at);
    expect(await getOverview(somebody, at)).toMatchObject({ sessions: 1, apps: 2 });
    await endAppSession({ accountId: somebody.accountId, appSessionId }, { ...at, sender: client });
    expect(await getOverview(somebody, at)).toMatchObject({ sessions: 1, apps: 1 });
  });

  it("can be ended one by one: its cookie stops working at once, the others live, and one event is recorded (S02)", async () => {
    const somebody = await madeAccount();
    const [stolen, kept] = [await anotherSession(somebody.accountId), await anotherSession(somebody.accountId)];
    const end = { accountId: somebody.accountId, sessionId: stolen.id };
    await endSessionElsewhere(end, here);
    expect(await findSession(stolen.reference)).toBeNull();
    expect(await findSession(kept.reference)).not.toBeNull();
    expect(await findSession(somebody.reference)).not.toBeNull();
    await endSessionElsewhere(end, here);
    expect(await eventsOf(somebody.accountId)).toEqual([
      { action: "session.ended-elsewhere", subject: stolen.id, details: {} },
    ]);
  });

  it("sessions of another account look like unknown ones (S10)", async () => {
    const [somebody, other] = [await madeAccount(), await madeAccount()];
    for (const sessionId of [other.sessionId, crypto.randomUUID()])
      expect(await endSessionElsewhere({ accountId: somebody.accountId, sessionId }, here)).toBeUndefined();
    expect(await findSession(other.reference)).not.toBeNull();
    expect([...(await eventsOf(somebody.accountId)), ...(await eventsOf(other.accountId))]).toEqual([]);
  });

  it("expired sessions are not ended again", async () => {
    const somebody = await madeAccount();
    const { id } = await anotherSession(somebody.accountId);
    await db()
      .update(session)
      .set({ idleUntil: new Date(0) })
      .where(eq(session.id, id));
    await endSessionElsewhere({ accountId: somebody.accountId, sessionId: id }, here);
    await endOtherSessions(somebody, here);
    expect(await eventsOf(somebody.accountId)).toEqual([]);
    expect((await db().select().from(session).where(eq(session.id, id)))[0]!.revokedAt).toBeNull();
  });

  it("all sessions except the current one can be ended, for this account alone, with one event", async () => {
    const [somebody, other] = [await madeAccount(), await madeAccount()];
    const elsewhere = [await anotherSession(somebody.accountId), await anotherSession(somebody.accountId)];
    await endOtherSessions(somebody, here);
    for (const { reference } of elsewhere) expect(await findSession(reference)).toBeNull();
    expect(await findSession(somebody.reference)).not.toBeNull();
    expect(await findSession(other.reference)).not.toBeNull();
    await endOtherSessions(somebody, here);
    expect(await eventsOf(somebody.accountId)).toEqual([
      { action: "session.others-ended", subject: null, details: { count: 2 } },
    ]);
  });
});
