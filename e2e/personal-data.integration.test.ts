import { randomBytes, randomUUID } from "node:crypto";
import { getTableName, is, sql } from "drizzle-orm";
import { PgTable } from "drizzle-orm/pg-core";
import { Client as Connection } from "pg";
import { describe, expect, it } from "vitest";
import { createAccount } from "@/lib/account/profile/create-account";
import { askToDelete, eraseDueAccounts, scheduleDeletion } from "@/lib/account/deletion/delete-account";
import { exportAccount } from "@/lib/account/deletion/export-account";
import { claimHandoff } from "@/lib/account/handoff/claim-handoff";
import { findHandoff } from "@/lib/account/handoff/handoffs";
import { makeHandoff } from "@/lib/account/handoff/make-handoff";
import { startAppSession } from "@/lib/account/oauth/app-sessions";
import { continueInApp, storeRequest } from "@/lib/account/oauth/authorization-requests";
import { refresh } from "@/lib/account/oauth/refresh";
import { findSession } from "@/lib/account/session/sessions";
import { signIn } from "@/lib/account/password/sign-in";
import { issueToken, tokenOf } from "@/lib/account/tokens";
import { db, transaction } from "@/lib/db/client";
import { eq } from "drizzle-orm";
import { redeemCode } from "@/lib/licence/leases/redeem-code";
import { tables } from "@/lib/db/schema/tables";
import { untilSomeoneWaits, withTestDatabase } from "@/lib/testing/database";
import { env } from "@/lib/env";
import { openDispute } from "@/lib/licence/disputes/open-dispute";
import { holdKey } from "@/lib/licence/held-key";
import { restoreKey, voidKey } from "@/lib/licence/void-key";
import { activated, aDevice, makeAccount, makeCodes, makeKeys } from "@/lib/testing/factories";
import { redeemShown } from "@/lib/testing/redeem";

const database = withTestDatabase();

const now = new Date("2026-11-23T14:05:00Z");
const later = (days: number) => new Date(now.getTime() + days * 86_400_000);
const password = "correct velvet otter lamp";
let people = 0;

/** Creates a person whose data appears nowhere else, with a key, a lease, a dispute, a passkey and a requested address. */
async function somebody() {
  const mark = `zq${++people}x${crypto.randomUUID().slice(0, 8)}`;
  const client = { addressPrefix: `203.0.113.${people}`, userAgent: `Agent-${mark}`, browser: `${mark}-device` };
  const person = { name: `Name-${mark}`, email: `${mark}@example.org`, password, country: "FR", locale: "fr" };
  const made = await createAccount({ ...person, timeZone: "Europe/Paris" }, { now, client });
  if (made.status !== "created") throw new Error(made.status);
  const { account } = (await findSession(made.reference))!;
  await db().update(tables.account).set({ emailVerifiedAt: now }).where(eq(tables.account.id, account.id));
  const key = (await makeKeys(database.url)).keys[0]!;
  const redeemed = await redeemShown({ key, accountId: account.id }, { now });
  if (redeemed.status !== "activated") throw new Error(redeemed.status);
  const { subscriptionId } = redeemed;
  const change = { key, reason: "charged back" };
  await voidKey(change, { now, lookupSecret: env().secrets.lookup });
  await restoreKey(change, { now, lookupSecret: env().secrets.lookup });
  await db()
    .insert(tables.reminder)
    .values({ subscriptionId, endsAt: later(365), days: 30, at: later(335) });
  const device = aDevice({ installId: `install-${mark}`, name: `Tablet of ${mark}`, model: `Model-${mark}` });
  await activated({ accountId: account.id, subscriptionId, device }, { now });
  const { codes } = await makeCodes(database.url);
  await redeemCode({ code: codes[0]!, accountId: account.id, network: null }, { now });
  await signIn({ email: person.email, password: "not the password" }, { now, client });
  await signIn({ email: person.email, password }, { now, client: { ...client, browser: null } });
  await db()
    .insert(tables.passkey)
    .values({
      accountId: account.id,
      credentialId: `credential-${mark}`,
      publicKey: Buffer.from(`public-${mark}`),
      counter: 0,
      transports: ["internal"],
      name: `Phone of ${mark}`,
      createdAt: now,
    });
  const [used] = (await makeKeys(database.url)).keys;
  await redeemShown({ key: used!, accountId: await makeAccount() }, { now });
  const claim = { shop: `Shop-${mark}`, boughtOn: "1 March", lastGroup: "22222", receipt: `Receipt-${mark}` };
  await openDispute({ key: used!, accountId: account.id, network: null, claim }, { now });
  await holdKey({ accountId: account.id, key: used! }, async () => Buffer.alloc(32), { now });
  const { sessionId } = (await findSession(made.reference))!.credential;
  const asked = { clientId: "app", redirectUri: "app.example:/", state: null, codeChallenge: "c".repeat(43) };
  const request = await storeRequest({ ...asked, deviceName: `Pixel-${mark}` }, { now });
  await continueInApp({ id: request, accountId: account.id, sessionId, code: `code-${mark}` }, { now });
  const app = { accountId: account.id, clientId: "app", sender: client };
  const started = await transaction((tx) => startAppSession(tx, app, { now, randomBytes }));
  await refresh({ refreshToken: started!.refreshToken, clientId: "app", sender: client }, { now });
  await makeHandoff({ accountId: account.id, sessionId }, { now, newId: randomUUID });
  const { code } = (await findHandoff({ sessionId }, { now }))!;
  const tablet = { installId: randomUUID(), name: `Tablet-${mark}`, model: null, system: "android" as const };
  const claimed = { code: code!, clientId: "reference-phone", challenge: "c".repeat(43), device: tablet };
  await claimHandoff(claimed, { now, sender: client, randomBytes });
  const wished = { purpose: "change-email" as const, accountId: account.id, email: `new-${mark}@example.org` };
  await transaction((tx) => issueToken(tx, wished, { now }));
  return { id: account.id, mark, client, reference: made.reference, key, ...person };
}

type Somebody = Awaited<ReturnType<typeof somebody>>;

/** Lists the tables, in any schema, that contain a text in any column, including bytea columns. */
async function tablesWith(text: string): Promise<string[]> {
  const { rows: tables } = await db().execute<{ name: string }>(
    sql`SELECT format('%I.%I', table_schema, table_name) AS name FROM information_schema.tables
         WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')`,
  );
  const hex = Buffer.from(text).toString("hex");
  const found: string[] = [];
  for (const { name } of tables) {
    const { rows } = await db().execute(
      sql`SELECT 1 FROM ${sql.raw(name)} AS one
           WHERE position(lower(${text}) IN lower(one::text)) > 0 OR position(${hex} IN one::text) > 0 LIMIT 1`,
    );
    if (rows.length > 0) found.push(name);
  }
  return found;
}

async function givenUp({ id, client }: Somebody) {
  expect(await askToDelete({ accountId: id }, { now, client })).toEqual({ status: "asked" });
  const [asked] = await db()
    .select()
    .from(tables.mail)
    .where(sql`${tables.mail.accountId} = ${id} and ${tables.mail.kind} = 'confirm-deletion'`);
  const token = tokenOf({ id: asked!.tokenId!, purpose: "delete-account" });
  return { token, answer: await scheduleDeletion({ token }, { now, client }) };
}

const actionsOf = async ({ id }: Somebody) =>
  (await db().select({ action: tables.event.action }).from(tables.event).where(eq(tables.event.accountId, id)))
    .map(({ action }) => action)
    .filter((action) => action.startsWith("account."));

describe("the export (S41)", () => {
  it("lists every table of the database", async () => {
    const { rows } = await db().execute<{ name: string }>(
      sql`SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`,
    );
    const known = Object.values(tables as Record<string, unknown>)
      .filter((one) => is(one, PgTable))
      .map((one) => getTableName(one as PgTable));
    expect(rows.map(({ name }) => name).sort()).toEqual(known.sort());
  });

  it("contains the person's data from every table, and nobody else's", async () => {
    const person = await somebody();
    const other = await somebody();
    const exported = JSON.parse(
      await exportAccount({ accountId: person.id }, { now, client: person.client }),
    ) as Record<string, object[]>;
    const text = JSON.stringify(exported);
    for (const word of [
      person.name,
      person.email,
      `new-${person.email}`,
      person.client.userAgent,
      person.client.addressPrefix,
      `Phone of ${person.mark}`,
      `Tablet of ${person.mark}`,
      person.key.slice(-5),
      `Receipt-${person.mark}`,
      `Pixel-${person.mark}`,
      `Tablet-${person.mark}`,
      "key.redeemed",
    ]) {
      expect(text, word).toContain(word);
    }
    expect(text).not.toContain(other.mark);
    expect(text).not.toContain(other.id);
    const empty = Object.entries(exported).filter(([, rows]) => Array.isArray(rows) && rows.length === 0);
    expect(empty.map(([name]) => name)).toEqual(["passkeyChallenge", "idempotentAnswer"]);
    for (const [name, count] of Object.entries({ grantAmendment: 2, heldKey: 1, reminder: 1 }))
      expect(exported[name], name).toHaveLength(count);
    expect(await actionsOf(person)).toContain("account.exported");
  });

  it("contains no password hash, session, token or whole key", async () => {
    const person = await somebody();
    const text = await exportAccount({ accountId: person.id }, { now, client: person.client });
    expect(text).not.toContain("argon2");
    expect(text).not.toContain(person.key);
    expect(text).not.toContain(person.reference);
    for (const { hash, id, purpose } of await db().select().from(tables.oneTimeToken)) {
      expect(text).not.toContain(hash.toString("base64url"));
      expect(text).not.toContain(tokenOf({ id, purpose: purpose as "verify-email" }));
    }
  });
});

describe("deleting an account", () => {
  it("ends every session at once, and repeating it gives the same result", async () => {
    const person = await somebody();
    const { token, answer } = await givenUp(person);
    expect(answer).toMatchObject({ status: "leaving" });
    expect(await findSession(person.reference)).toBeNull();
    expect(await scheduleDeletion({ token }, { now, client: person.client })).toMatchObject({ status: "leaving" });
    expect((await actionsOf(person)).filter((action) => action === "account.leaving")).toHaveLength(1);
  });

  it("accepts only the newest deletion link, within a day", async () => {
    const person = await somebody();
    const context = { now, client: person.client };
    const other = await transaction((tx) =>
      issueToken(tx, { purpose: "reset-password", accountId: person.id, email: person.email }, { now }),
    );
    const first = await transaction((tx) =>
      issueToken(tx, { purpose: "delete-account", accountId: person.id, email: person.email }, { now }),
    );
    const second = await transaction((tx) =>
      issueToken(tx, { purpose: "delete-account", accountId: person.id, email: person.email }, { now }),
    );
    for (const token of [other.token, first.token, "nonsense"]) {
      expect(await scheduleDeletion({ token }, context)).toEqual({ status: "linkOver" });
    }
    expect(await scheduleDeletion({ token: second.token }, { ...context, now: later(1) })).toEqual({
      status: "linkOver",
    });
    expect(await findSession(person.reference)).not.toBeNull();
  });

  it("is undone by signing in within 14 days, which is reported by email", async () => {
    const person = await somebody();
    await givenUp(person);
    const back = await signIn({ email: person.email, password }, { now: later(13), client: person.client });
    expect(back.status).toBe("signedIn");
    await eraseDueAccounts({ now: later(15) });
    expect(await actionsOf(person)).toContain("account.kept");
    const mails = await db().select().from(tables.mail).where(eq(tables.mail.accountId, person.id));
    expect(mails.map(({ kind }) => kind)).toContain("account-kept");
    expect(await tablesWith(person.name)).toContain("public.account");
  });

  it("is rate limited, and the first email's link stays valid", async () => {
    const person = await somebody();
    const answers = [];
    for (let time = 0; time < 4; time++)
      answers.push((await askToDelete({ accountId: person.id }, { now, client: person.client })).status);
    expect(answers).toEqual(["asked", "asked", "asked", "limited"]);
  });
});

describe("erasing", () => {
  it("waits for 14 days", async () => {
    await eraseDueAccounts({ now: later(14) });
    await givenUp(await somebody());
    expect(await eraseDueAccounts({ now: later(13.99) })).toBe(0);
    expect(await eraseDueAccounts({ now: later(14) })).toBe(1);
    expect(await eraseDueAccounts({ now: later(15) })).toBe(0);
  });

  it("removes the person from every table and job, and leaves the ledger unchanged (S41)", async () => {
    const person = await somebody();
    const { name, email, client, mark, id } = person;
    await givenUp(person);
    const ledger = () =>
      db()
        .select()
        .from(tables.grantEntry)
        .innerJoin(tables.subscription, eq(tables.subscription.id, tables.grantEntry.subscriptionId))
        .where(eq(tables.subscription.accountId, id));
    const before = await ledger();
    expect(before).toHaveLength(2);
    for (const word of [name, email, client.userAgent, client.addressPrefix, `Shop-${mark}`, `Tablet of ${mark}`]) {
      expect(await tablesWith(word), word).not.toEqual([]);
    }

    await eraseDueAccounts({ now: later(14) });
    for (const word of [
      mark,
      name,
      email,
      client.userAgent,
      client.addressPrefix,
      `Phone of ${mark}`,
      `Shop-${mark}`,
      `install-${mark}`,
      `Pixel-${mark}`,
      `Tablet-${mark}`,
    ]) {
      expect(await tablesWith(word), word).toEqual([]);
    }
    expect(await ledger()).toEqual(before);
    expect((await actionsOf(person)).at(-1)).toBe("account.erased");
  });

  it("ends sign-in, and frees the address for a new account", async () => {
    const person = await somebody();
    await givenUp(person);
    await eraseDueAccounts({ now: later(14) });
    const context = { now: later(14), client: { ...person.client, addressPrefix: "203.0.113.250" } };
    expect((await signIn({ email: person.email, password }, context)).status).toBe("wrong");
    expect((await signIn({ email: `${person.id}@erased.invalid`, password: "" }, context)).status).toBe("wrong");
    const again = { name: "Again", email: person.email, password, country: "FR", locale: "fr", timeZone: "UTC" };
    expect((await createAccount(again, context)).status).toBe("created");
  });

  it("keeps an account that was restored while the erasure waited for its lock", async () => {
    const person = await somebody();
    await givenUp(person);
    const other = new Connection({ connectionString: database.url });
    await other.connect();
    await other.query("BEGIN");
    await other.query("SELECT 1 FROM account WHERE id = $1 FOR UPDATE", [person.id]);
    const erasing = eraseDueAccounts({ now: later(14) });
    await untilSomeoneWaits();
    await other.query("UPDATE account SET leaves_at = NULL WHERE id = $1", [person.id]);
    await other.query("COMMIT");
    await other.end();
    await erasing;
    expect(await tablesWith(person.name)).toContain("public.account");
  });

  it("racing with a sign-in keeps the account whole or erases it whole", async () => {
    for (let round = 0; round < 8; round++) {
      const person = await somebody();
      await givenUp(person);
      const at = { now: later(14), client: person.client };
      const [back] = await Promise.all([
        signIn({ email: person.email, password }, at).then(
          ({ status }) => status,
          () => "failed",
        ),
        eraseDueAccounts({ now: later(14) }),
      ]);
      const [row] = await db().select().from(tables.account).where(eq(tables.account.id, person.id));
      // A sign-in that came too late is recorded with its network, as for any address without an account.
      if (row!.erasedAt) {
        for (const word of [person.name, person.email, `Phone of ${person.mark}`])
          expect(await tablesWith(word), word).toEqual([]);
      } else expect([back, row!.leavesAt, row!.name]).toEqual(["signedIn", null, person.name]);
    }
  });
});
