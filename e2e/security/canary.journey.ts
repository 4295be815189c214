import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Client } from "pg";
import { makeKeys } from "@/lib/testing/factories";
import { formatKey, issueProductKey } from "@/lib/licence/product-key";
import { allMails } from "../mail";
import { actionId, asScript } from "./actions";
import { expect, serve, test } from "./fixtures";
import { formsOf, multipart } from "./raw";
import { spellings, tellsKey } from "./telling";
import { actions, idle, Visitor } from "./visitor";

/*
 * S38: secrets with unique marks go through the whole portal. Afterwards they must not be in the log, the tables,
 * responses or emails.
 */

test("no secret is written anywhere, on success or failure", async () => {
  test.slow();
  const served = await serve({});
  const database = new Client({ connectionString: served.databaseUrl });
  await database.connect();
  try {
    const mark = randomBytes(5).toString("hex");
    const person = {
      name: `Canary ${mark}`,
      email: `canary.${mark}@example.org`,
      password: `canary ${mark} sings at dawn`,
      country: "FR",
    };
    const wrong = `no canary ${mark} sings`;
    const { keys } = await makeKeys(served.databaseUrl, { count: 2 });
    const [redeemed, typed] = keys.map((key) => formatKey(key)) as [string, string];
    const visitor = new Visitor(served.send, served.origin);
    const references: string[] = [];
    const remember = () => {
      for (const [name, value] of Object.entries(visitor.cookies)) {
        if ((name === "session" || name.startsWith("preview-")) && !references.includes(value)) references.push(value);
      }
    };
    const byScript = (
      path: string,
      action: (typeof actions)[keyof typeof actions],
      form: Record<string, string>,
      state?: object,
    ) =>
      visitor.ask({ method: "POST", path, ...asScript({ id: actionId(action), state, form: Object.entries(form) }) });

    // The usual path through the portal.
    await visitor.open("/home/setup");
    const created = await visitor.submit("/create-account", actions.createAccount, person, idle);
    expect(created.headers.location).toBe("/home/setup/key");
    remember();
    // Emails about redeemed keys go only to confirmed addresses.
    await database.query("UPDATE account SET email_verified_at = now()");
    const verified = await visitor.submit("/home/setup/key", actions.verifyKey, { key: redeemed }, idle);
    remember();
    const review = verified.headers.location!;
    const page = await visitor.open(review);
    const form = formsOf(page.text).find(({ fields }) => fields.some(([name]) => name === "preview"))!;
    const activated = await visitor.ask({ method: "POST", path: review, ...multipart(form.fields) });
    expect(activated.headers.location).toMatch(/^\/home\/setup\/done\//);
    for (const path of [activated.headers.location!, "/home/setup/device", "/home/subscriptions", "/home/account"]) {
      expect((await visitor.open(path)).status).toBe(200);
    }
    await byScript("/home/setup/key", actions.verifyKey, { key: typed }, idle);
    remember();

    // The person's emails, and the link of one.
    const letters = () => allMails(join(dirname(served.logFile), "mail"));
    const kinds = async () => (await letters()).map(({ kind }) => kind).sort();
    await expect.poll(kinds).toEqual(["confirm-address", "key-redeemed"]);
    const mails = (await letters()).map((mail) => JSON.stringify(mail));
    const tokens = mails.flatMap((mail) => [...mail.matchAll(/token=([\w-]{43})/g)].map(([, token]) => token!));
    expect(tokens).not.toEqual([]);
    await visitor.open(`/verify-email?token=${tokens[0]}`);

    // Typing errors, refusals and rate limits.
    await visitor.submit("/home/setup/key", actions.verifyKey, { key: formatKey(issueProductKey(randomBytes)) }, idle);
    // This response is not searched, because a page may contain its own address.
    await served.send({
      path: `/nothing?key=${redeemed}&password=${encodeURIComponent(person.password)}&email=${person.email}`,
    });
    await visitor.submit("/create-account", actions.createAccount, { ...person, password: wrong }, idle);
    await visitor.submit(
      "/create-account",
      actions.createAccount,
      { ...person, email: `${person.email}@`, password: wrong },
      idle,
    );
    for (let count = 0; count < 8; count++) {
      await visitor.submit("/sign-in?switch=1", actions.signIn, { email: person.email, password: wrong }, idle);
    }
    const found = await database.query<{ id: string }>("SELECT id FROM account WHERE email = $1", [person.email]);
    const account = found.rows[0]!.id;
    await byScript("/confirm-password", actions.confirmPassword, { account, password: wrong }, idle);

    // Unexpected faults: the database rejects a row, and a table is missing.
    await database.query("DELETE FROM limit_counter");
    await database.query("ALTER TABLE account ADD CONSTRAINT broken CHECK (email = '') NOT VALID");
    const refused = { ...person, email: `second.${person.email}`, password: `${person.password}, and again` };
    for (const submit of [visitor.submit.bind(visitor), byScript]) {
      expect((await submit("/create-account", actions.createAccount, refused, idle)).status).toBe(500);
      expect(
        (
          await submit(
            "/home/account/name",
            actions.saveName,
            { account, name: `${person.name}\u00a0` + "again" },
            idle,
          )
        ).status,
      ).toBe(500);
    }
    await database.query("ALTER TABLE account RENAME TO account_away");
    for (const submit of [visitor.submit.bind(visitor), byScript]) {
      const credentials = { email: person.email, password: person.password };
      expect((await submit("/sign-in?switch=1", actions.signIn, credentials, idle)).status).toBe(500);
    }
    expect((await visitor.open("/home/account")).status).toBe(500);
    await database.query("ALTER TABLE account_away RENAME TO account");
    await database.query("ALTER TABLE account DROP CONSTRAINT broken");

    // The only response that contains a key.
    const before = [...visitor.answers];
    const grant = activated.headers.location!.split("/").at(-1)!.split("?")[0]!;
    const shown = await byScript("/home/subscriptions", actions.showKey, { keyId: grant }, { status: "hidden" });
    expect(tellsKey(shown.text, redeemed)).toBe(true);
    await visitor.submit("/home/account", actions.signOut, {});

    const log = await logAfter(served.logFile, "/home/account");
    const dump = await dumpOf(database);
    const html = before.map(
      ({ text, headers }) => text + String(headers.location ?? headers["x-action-redirect"] ?? ""),
    );
    expect(log).toContain("Failed query");
    expect(dump["account"]).toContain(person.email);
    expect(references.length, "sessions and sealed keys").toBeGreaterThanOrEqual(3);

    for (const secret of [person.password, wrong, ...references]) {
      for (const spelling of spellings(secret)) {
        expect(log.includes(spelling), `in the log: ${secret}`).toBe(false);
        for (const [table, rows] of Object.entries(dump))
          expect(rows.includes(spelling), `in ${table}: ${secret}`).toBe(false);
        for (const answer of html) expect(answer.includes(spelling), `in a response: ${secret}`).toBe(false);
        for (const mail of mails) expect(mail.includes(spelling), `in an email: ${secret}`).toBe(false);
      }
    }
    for (const token of tokens) {
      expect(log.includes(token), "an email's token in the log").toBe(false);
      for (const [table, rows] of Object.entries(dump))
        expect(rows.includes(token), `an email's token in ${table}`).toBe(false);
    }
    for (const key of [redeemed, typed]) {
      expect(tellsKey(log, key), "a key in the log").toBe(false);
      for (const [table, rows] of Object.entries(dump)) {
        expect(tellsKey(rows, key), `a key in ${table}`).toBe(false);
        const bytes = spellings(key.replaceAll("-", "")).concat(spellings(key));
        expect(
          bytes.some((spelling) => rows.toLowerCase().includes(spelling.toLowerCase())),
          `a key in ${table}`,
        ).toBe(false);
      }
      for (const answer of html) expect(tellsKey(answer, key), "a key in a response").toBe(false);
      for (const mail of mails) expect(tellsKey(mail, key), "a key in an email").toBe(false);
    }

    // Names and addresses may be only in the account and in its emails, which are erased with it.
    const erasable = ["account", "one_time_token", "mail"];
    expect(log.includes(mark), "name or address in the log").toBe(false);
    expect(log).not.toMatch(/argon2id/);
    for (const [table, rows] of Object.entries(dump)) {
      if (!erasable.includes(table)) expect(rows.includes(mark), `name or address in ${table}`).toBe(false);
    }
  } finally {
    await database.end();
    await served.stop();
  }
});

/** Reads the server's log once it contains the last request to a path. */
async function logAfter(file: string, path: string): Promise<string> {
  const requests = async () => (await readFile(file, "utf8")).split("\n").filter((line) => line.includes('"path":'));
  await expect.poll(async () => (await requests()).at(-1)).toContain(`"path":"${path}"`);
  return readFile(file, "utf8");
}

/** Reads every row of every table as text. */
async function dumpOf(database: Client): Promise<Record<string, string>> {
  const { rows: tables } = await database.query<{ name: string }>(
    "SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')",
  );
  const dump: Record<string, string> = {};
  for (const { name } of tables) {
    const { rows } = await database.query<{ row: string }>(`SELECT t::text AS row FROM ${name} t`);
    dump[name.replace(/^public\./, "")] = rows.map(({ row }) => row).join("\n");
  }
  return dump;
}
