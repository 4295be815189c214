import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeHome, runPortal, startPortal } from "@/lib/testing/portal-process";
import { db, transaction } from "@/lib/db/client";
import { attachDatabase } from "@/lib/db/embedded/embedded";
import { event } from "@/lib/db/schema/event";
import { keyBatch, productKey } from "@/lib/db/schema/licence";
import { createTestDatabase, withTestDatabase } from "@/lib/testing/database";
import { env } from "@/lib/env";
import { postMail } from "@/lib/jobs/outbox";
import { activated, aDevice, makeAccount, makeSubscription } from "@/lib/testing/factories";
import { lookupDigest } from "@/lib/licence/key-vault";
import { redeemCode } from "@/lib/licence/leases/redeem-code";
import { listLeases } from "@/lib/licence/leases/list-leases";
import { admitPartner } from "@/lib/licence/partners/partner-tokens";
import { isWellFormedKey, isWellFormedPartnerCode } from "@/lib/licence/product-key";
import { findNewest, listSigningKeys } from "@/lib/licence/signing-keys";
import { redeemShown } from "@/lib/testing/redeem";
import { voidKey } from "@/lib/licence/void-key";

const database = withTestDatabase();

let home: Awaited<ReturnType<typeof makeHome>>;
beforeAll(async () => void (home = await makeHome()));
afterAll(() => home.remove());

/** Every key that a command has printed in this file, canonical. */
const printed: string[] = [];

const ordered = ["keys", "issue", "--product", "norton-360-deluxe", "--months", "12", "--channel", "retail"];

const portal = (args: string[], how: { input?: string; shell?: string } = {}) =>
  runPortal(args, { home: home.path, env: settings(), ...how });

const settings = () => ({ DATABASE_URL: database.url, LOOKUP_SECRET: env().secrets.lookup });

const canonical = (key: string) => key.replaceAll("-", "");

async function issue(...args: string[]): Promise<{ keys: string[]; batch: string }> {
  const { code, stdout } = await portal([...ordered, ...args, "--format", "json"]);
  expect(code).toBe(0);
  const entries = JSON.parse(stdout) as { key: string; batch: string }[];
  printed.push(...entries.map(({ key }) => canonical(key)));
  return { keys: entries.map(({ key }) => key), batch: entries[0]!.batch };
}

/** The subjects of the operator's events of an action. */
const operatorsOf = async (action: string) =>
  (await db().select().from(event).where(eq(event.action, action)))
    .filter(({ actor }) => actor === "operator")
    .map(({ subject }) => subject);

const rowsOf = (keys: string[]) =>
  db()
    .select({ batch: productKey.batchId, releasedAt: productKey.releasedAt, voidedAt: productKey.voidedAt })
    .from(productKey)
    .where(
      sql`${productKey.lookup} IN (${sql.join(
        keys.map((key) => sql`${lookupDigest(canonical(key))}`),
        sql`, `,
      )})`,
    );

async function stored(): Promise<{ batches: number; keys: number; events: number }> {
  const [batches, keys, events] = await Promise.all([
    db().$count(keyBatch),
    db().$count(productKey),
    db().$count(event),
  ]);
  return { batches, keys, events };
}

describe("keys issue", () => {
  test("prints well-formed keys as CSV, each once, and every one of them is in the database", async () => {
    const { code, stdout, stderr } = await portal([...ordered, "--count", "4500"]);
    expect(code).toBe(0);
    const [header, ...lines] = stdout.trimEnd().split("\n");
    expect(header).toBe("key,product,months,batch");
    const rows = lines.map((line) => line.split(","));
    const keys = rows.map(([key]) => canonical(key!));
    printed.push(...keys);

    expect(rows[0]![0]).toMatch(/^2\w{4}(-\w{5}){4}$/);
    expect(new Set(keys).size).toBe(4500);
    expect(keys.every(isWellFormedKey)).toBe(true);
    const batch = rows[0]![3]!;
    expect(rows.every((row) => row.slice(1).join() === `norton-360-deluxe,12,${batch}`)).toBe(true);
    const found = await rowsOf(keys);
    expect(found).toHaveLength(4500);
    expect(found.every((row) => row.batch === batch)).toBe(true);
    expect(await db().$count(productKey)).toBe(4500);
    expect(stderr).toMatch(/4,500 keys .* keys per second/);
  });

  test("prints JSON with the documented members, and stores the batch as ordered", async () => {
    const { code, stdout } = await portal([
      ...["keys", "issue", "--product", "norton-360-premium", "--months", "24", "--count", "2", "--channel", "mail"],
      ...["--regions", "fr,BE", "--redeem-by", "2999-12-31", "--unreleased", "--note", "first run", "--format", "json"],
    ]);
    expect(code).toBe(0);
    const entries = JSON.parse(stdout) as Record<string, unknown>[];
    printed.push(...entries.map(({ key }) => canonical(String(key))));
    const batch = entries[0]!.batch as string;
    expect(entries).toEqual(
      Array(2).fill({
        key: expect.stringMatching(/^2\w{4}(-\w{5}){4}$/),
        product: "norton-360-premium",
        months: 24,
        batch,
      }),
    );
    const [row] = await db().select().from(keyBatch).where(eq(keyBatch.id, batch));
    expect(row).toMatchObject({
      ...{ productCode: "norton-360-premium", months: 24, days: 0, count: 2, channel: "mail", note: "first run" },
      ...{ regions: ["FR", "BE"], redeemBy: "2999-12-31", releasedAt: null },
    });
    const [issued] = await db().select().from(event).where(eq(event.subject, batch));
    expect(issued).toMatchObject({ action: "batch.issued", actor: "operator", details: { count: 2, channel: "mail" } });
  });

  test.each([
    ["a reader that goes away in the middle", '"$@" | head -1', "100000", "closed before"],
    ["a full disk", 'exec "$@" > /dev/full', "1", "disk is full"],
    ["a closed output", 'exec "$@" >&-', "1", "is closed"],
  ])("leaves no key behind with %s, and says so", async (_, shell, count, words) => {
    const before = await stored();
    const { code, stderr } = await portal([...ordered, "--count", count], { shell });
    expect(code).toBe(1);
    expect(stderr).toContain(words);
    expect(stderr).not.toContain("Issued");
    expect(await stored()).toEqual(before);
  });

  test("issues no key when it is stopped while its output is blocked", async () => {
    const before = await stored();
    const { child, end } = startPortal([...ordered, "--count", "100000"], { home: home.path, env: settings() });
    await once(child.stdout!, "data");
    child.stdout!.pause();
    child.kill("SIGINT");
    const { signal, stderr } = await end.finally(() => child.stdout!.resume());
    expect(signal).toBe("SIGINT");
    expect(stderr).toContain("No key was issued; printed ones are void.");
    expect(await stored()).toEqual(before);
  });

  test("says that the printed keys are void when the connection is lost at COMMIT", async () => {
    const before = await stored();
    await db().execute(sql`
      CREATE FUNCTION lose_connection() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$`);
    await db().execute(sql`
      CREATE CONSTRAINT TRIGGER lose_connection AFTER INSERT ON key_batch DEFERRABLE INITIALLY DEFERRED
      FOR EACH ROW EXECUTE FUNCTION lose_connection()`);
    const { code, stdout, stderr } = await portal([...ordered, "--count", "2"]);
    await db().execute(sql`DROP FUNCTION lose_connection CASCADE`);
    expect(code).toBe(1);
    expect(stdout.split("\n")).toHaveLength(4);
    expect(stderr).toContain("The printed keys are void.");
    expect(await stored()).toEqual(before);
  });

  test("--dry-run checks the order without any database, and says what it would do", async () => {
    const { code, stdout, stderr } = await runPortal([...ordered, "--count", "100000", "--dry-run"], {
      home: home.path,
      env: { DATABASE_URL: "postgresql://nobody@127.0.0.1:1/nothing", LOOKUP_SECRET: env().secrets.lookup },
    });
    expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
    expect(stderr).toContain("100,000 keys of norton-360-deluxe for 12 months");
  });

  test("refuses a wrong order with one line and status 2", async () => {
    const { code, stdout, stderr } = await portal([...ordered, "--count", "5000001"]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/^error: .*--count.* 5000000\.\n$/);
  });

  test("--help lists the options and the exit statuses", async () => {
    const { code, stdout } = await portal(["keys", "issue", "--help"]);
    expect(code).toBe(0);
    for (const words of ["--redeem-by <date>", "Exit status: 0 done; 1 not done"]) expect(stdout).toContain(words);
  });
});

describe("keys void and keys release", () => {
  test("read keys from standard input in any spelling, report unknown ones, and print none in full", async () => {
    const { keys } = await issue("--count", "3", "--unreleased");
    const never = "2ZYXW-VTSRQ-PNMKJ-HGFDC-NH4KQ";
    const input = `${keys[0]}\n${canonical(keys[1]!).toLowerCase()}\n${never}\n`;

    const released = await portal(["keys", "release"], { input });
    expect(released.code).toBe(1);
    expect(released.stdout.trim().split("\n")).toEqual([
      `•••••-•••••-•••••-•••••-${keys[0]!.slice(-5)}  released`,
      `•••••-•••••-•••••-•••••-${keys[1]!.slice(-5)}  released`,
      `•••••-•••••-•••••-•••••-NH4KQ  unknown`,
    ]);
    expect(released.stderr).toContain("1 of 3 keys");
    expect((await rowsOf(keys)).filter(({ releasedAt }) => releasedAt)).toHaveLength(2);
    expect(await portal(["keys", "activate"], { input: keys[0]! })).toMatchObject({ code: 0 });
    expect(await operatorsOf("key.released"), "one for each key, and none for a released one").toHaveLength(2);

    const voided = await portal(["keys", "void", "--reason", "lost"], {
      input: JSON.stringify(keys.slice(1).map((key) => ({ key }))),
    });
    expect(voided).toMatchObject({ code: 0, stdout: expect.stringMatching(/^(•{5}-){4}\w{5} {2}withdrawn\n/) });
    expect((await rowsOf(keys)).filter(({ voidedAt }) => voidedAt)).toHaveLength(2);
    const events = await db().select().from(event).where(eq(event.action, "key.voided"));
    expect(events.map(({ actor, details }) => ({ actor, details }))).toEqual(
      Array(2).fill({ actor: "operator", details: { reason: "lost" } }),
    );
  });

  test("a withdrawal is taken back, a repeated one keeps its reason, and the owner is told of both", async () => {
    const { keys } = await issue("--count", "1");
    const accountId = await makeAccount({ emailVerifiedAt: new Date() });
    await redeemShown({ key: canonical(keys[0]!), accountId }, { now: new Date() });
    const endsAt = async () =>
      (
        await db().execute(sql`
      SELECT ends_at > now() + interval '11 months' AS whole FROM subscription WHERE account_id = ${accountId}`)
      ).rows;
    const input = keys[0]!;
    await portal(["keys", "void", "--reason", "refunded"], { input });
    await portal(["keys", "void", "--reason", "chargeback"], { input });
    expect(await endsAt()).toEqual([{ whole: false }]);
    const restored = await portal(["keys", "restore", "--reason", "refund-cancelled"], { input });
    expect(restored).toMatchObject({ code: 0, stdout: expect.stringContaining("valid again") });
    expect(await portal(["keys", "restore"], { input })).toMatchObject({
      stdout: expect.stringContaining("not withdrawn"),
    });
    expect(await endsAt()).toEqual([{ whole: true }]);

    const happened = await db().select().from(event).where(eq(event.accountId, accountId)).orderBy(event.id);
    expect(happened.map(({ action, details }) => [action, details["reason"]])).toEqual([
      ["key.redeemed", undefined],
      ["key.voided", "refunded"],
      ["key.voided-again", "chargeback"],
      ["key.restored", "refund-cancelled"],
    ]);
    const { rows } = await db().execute(sql`SELECT kind FROM mail WHERE account_id = ${accountId} ORDER BY created_at`);
    expect(rows.map(({ kind }) => kind)).toEqual(["key-redeemed", "key-withdrawn", "key-restored"]);
    await db().execute(sql`DELETE FROM mail WHERE account_id = ${accountId}`);
  });

  test("refuse a key on the command line without repeating it, and change nothing", async () => {
    const { keys } = await issue("--count", "1");
    for (const word of [keys[0]!, `--key=${keys[0]}`]) {
      const { code, stdout, stderr } = await portal(["keys", "void", word]);
      expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
      expect(stderr).not.toContain(keys[0]!.slice(0, 11));
    }
    expect((await rowsOf(keys))[0]!.voidedAt).toBeNull();
  });
});

test("batches release releases all keys of a batch, and batches list shows it with its withdrawn keys", async () => {
  const { keys, batch } = await issue("--count", "2", "--unreleased", "--note", "for the list");
  await voidKey({ key: canonical(keys[0]!), reason: "lost" }, { now: new Date(), lookupSecret: env().secrets.lookup });
  for (const verb of ["release", "activate"]) expect(await portal(["batches", verb, batch])).toMatchObject({ code: 0 });
  expect(await operatorsOf("batch.released")).toEqual([batch]);

  const { code, stdout } = await portal(["batches", "list", "--json"]);
  expect(code).toBe(0);
  const [newest] = JSON.parse(stdout) as unknown[];
  expect(newest).toMatchObject({ id: batch, issued: 2, redeemed: 0, voided: 1, note: "for the list" });
  expect(newest).toMatchObject({ releasedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) });
});

test("accounts show --json prints the account, its subscriptions and its events, and refuses an unknown address", async () => {
  const { keys } = await issue("--count", "2");
  const accountId = await makeAccount({ email: "operator.shows@example.org", name: "Ada" });
  const now = new Date();
  for (const key of keys.map(canonical)) {
    await redeemShown({ key, accountId }, { now });
  }

  const { code, stdout } = await portal(["accounts", "show", "Operator.Shows@example.org", "--json"]);
  expect(code).toBe(0);
  const instant = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  const grant = { source: "key", months: 12, days: 0, grantedAt: now.toISOString(), endsAt: instant };
  expect(JSON.parse(stdout)).toEqual({
    account: {
      ...{ id: accountId, email: "operator.shows@example.org", name: "Ada", country: "FR", locale: "en" },
      ...{ timeZone: "Europe/Paris", createdAt: instant, emailVerifiedAt: null },
    },
    subscriptions: [
      {
        ...{ id: expect.any(String), product: "norton-360-deluxe", state: "active", endsAt: instant },
        devices: { taken: 0, seats: 5 },
        grants: [grant, grant],
        keys: keys.map((key) => ({ hint: key.slice(-5), state: "redeemed" })),
      },
    ],
    events: ["start", "extend"].map((choice) => ({
      ...{ at: now.toISOString(), action: "key.redeemed", actor: "account", subject: expect.any(String) },
      details: { choice, months: 12, days: 0, product: "norton-360-deluxe" },
    })),
  });

  const unknown = await portal(["accounts", "show", "nobody@example.org", "--json"]);
  expect(unknown).toMatchObject({ code: 1, stdout: "" });
});

test("devices list names an account's devices, and devices release frees the seat of one and emails its owner", async () => {
  const email = "operator.devices@example.org";
  const accountId = await makeAccount({ email, emailVerifiedAt: new Date() });
  const now = new Date();
  const subscriptionId = await makeSubscription(database.url, { accountId }, { now });
  const device = aDevice({ name: "Zoé’s tablet", system: "ios" });
  const { activation } = await activated({ accountId, subscriptionId, device }, { now });
  const listed = (await portal(["devices", "list", email])).stdout;
  expect(listed).toMatch(new RegExp(`${activation.id} +Zoé’s tablet .* ios .* norton-360-deluxe`));

  expect((await portal(["devices", "release", activation.id])).code).toBe(0);
  const { stdout } = await portal(["devices", "list", email, "--json"]);
  expect(JSON.parse(stdout)).toMatchObject([{ name: "Zoé’s tablet", system: "ios", activation: null }]);
  expect(await operatorsOf("device.released")).toEqual([activation.id]);
  const { rows } = await db().execute(sql`SELECT 1 FROM mail WHERE recipient = ${email} AND kind = 'device-released'`);
  expect(rows).toHaveLength(1);
  await db().execute(sql`DELETE FROM mail WHERE recipient = ${email}`);
  expect(await portal(["devices", "release", crypto.randomUUID()])).toMatchObject({ code: 1, stdout: "" });
});

describe("partners", () => {
  test("gets a token and codes, which are printed once, and its leases are listed and changed", async () => {
    expect((await portal(["partners", "create", "example-telecom", "--name", "Example Telecom"])).code).toBe(0);
    const token = (await portal(["partners", "token", "example-telecom"])).stdout.trim();
    const { partnerId } = (await admitPartner(token)) as { partnerId: string };
    const order = ["partners", "codes", "example-telecom", "--product", "norton-360-deluxe", "--count", "2"];
    const { code, stdout } = await portal([...order, "--redeem-by", "2999-12-31", "--format", "json"]);
    expect(code).toBe(0);
    const entries = JSON.parse(stdout) as { code: string; reference: string; batch: string }[];
    expect(entries).toEqual(
      Array(2).fill({
        code: expect.stringMatching(/^3\w{4}(-\w{5}){2}$/),
        reference: expect.stringMatching(/^[\w-]{16}$/),
        product: "norton-360-deluxe",
        batch: entries[0]!.batch,
      }),
    );
    expect(entries.every((entry) => isWellFormedPartnerCode(canonical(entry.code)))).toBe(true);

    const owner = `${crypto.randomUUID()}@example.org`;
    const accountId = await makeAccount({ email: owner });
    const redeemed = { code: canonical(entries[1]!.code), accountId, network: null };
    expect((await redeemCode(redeemed, { now: new Date() })).status).toBe("activated");
    const list = await portal(["partners", "leases", "example-telecom", "--json"]);
    const [lease, ...others] = JSON.parse(list.stdout) as { id: string; reference: string; state: string }[];
    expect(others).toEqual([]);
    expect(lease).toMatchObject({ reference: entries[1]!.reference, state: "running" });
    for (const [change, state] of [
      ["--suspend", "suspended"],
      ["--resume", "running"],
      ["--end", "ended"],
    ] as const) {
      expect((await portal(["partners", "leases", "example-telecom", change, lease!.id])).code).toBe(0);
      expect((await listLeases({ partnerId, limit: 1 }))!.leases).toMatchObject([{ state }]);
    }
    expect(await portal(["partners", "leases", "example-telecom", "--resume", lease!.id])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("has ended"),
    });
    const shown = (await portal(["accounts", "show", owner])).stdout;
    expect(shown).toMatch(new RegExp(`lease ${lease!.id} of Example Telecom, ended since`));
    expect(shown).toContain("lease.suspended");
    expect((await portal(["partners", "list"])).stdout).toMatch(/example-telecom .* 2 +1 +2999-12-31/);

    expect((await portal(["partners", "token", "example-telecom", "--revoke-all"])).stdout).toBe("1 revoked.\n");
    expect(await admitPartner(token)).toEqual({ status: "unknown" });
  });

  test("that are unknown or exist already are refused in one line, and so is a wrong order", async () => {
    const unknown = ["partners", "token", "nobody"];
    expect(await portal(unknown)).toMatchObject({ code: 1, stderr: expect.stringContaining("no partner nobody") });
    expect((await portal(["partners", "create", "Not A Slug", "--name", "x"])).code).toBe(2);
    expect((await portal(["partners", "create", "example-telecom", "--name", "Another"])).code).toBe(1);
  });
});

describe("the environment of a command", () => {
  test("DATA_DIR alone is enough, even while a server uses it, and the server keeps running", async () => {
    const dataDir = await mkdtemp(join(tmpdir(), "portal-data-"));
    const start = { home: home.path, env: { DATA_DIR: dataDir } };
    expect(await runPortal([...ordered, "--count", "1"], start)).toMatchObject({ code: 0 });

    const server = await attachDatabase({ dataDir });
    expect(await runPortal(["batches", "list", "--json"], start)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('"issued": 1'),
    });
    const again = await attachDatabase({ dataDir });
    expect(again.url).toBe(server.url);
    await Promise.all([again.release(), server.release()]);
    await rm(dataDir, { recursive: true });
  });

  test("DATABASE_URL alone is enough and says whose secret it takes, but a changed LOOKUP_SECRET is refused", async () => {
    const fresh = await createTestDatabase();
    const start = { home: home.path, env: { DATABASE_URL: fresh.url } };
    expect(await runPortal([...ordered, "--count", "1"], start)).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(
        /LOOKUP_SECRET is not set: this database now belongs to the one in .*secrets\.json/,
      ),
    });
    const again = await runPortal([...ordered, "--count", "1"], start);
    expect(again.stderr).not.toContain("LOOKUP_SECRET");
    const other = { ...start.env, LOOKUP_SECRET: "another secret: five quacking zephyrs jolt my wax bed" };
    const refused = await runPortal([...ordered, "--count", "1"], { ...start, env: other });
    expect(refused).toMatchObject({ code: 1, stdout: "", stderr: expect.stringContaining("LOOKUP_SECRET") });
    await fresh.drop();
  });

  test("an unreachable database gives one line and no stack trace", async () => {
    const env = { ...settings(), DATABASE_URL: "postgresql://nobody@127.0.0.1:1/nothing" };
    const { code, stderr } = await runPortal(["batches", "list"], { home: home.path, env });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^The database cannot be reached: .*\n$/);
  });
});

describe("emails", () => {
  const postTo = async (recipient: string, accountId: string) =>
    (await transaction((tx) => postMail(tx, { kind: "password-changed", accountId, recipient, at: new Date() })))!;
  const listed = async (...args: string[]) => {
    const { code, stdout } = await portal(["emails", "list", "--json", ...args]);
    expect(code).toBe(0);
    return JSON.parse(stdout) as { id: string; state: string }[];
  };

  test("lists emails that wait or were given up, and queues them again", async () => {
    const accountId = await makeAccount();
    const [waiting, givenUp, sent] = [
      await postTo("waiting@example.org", accountId),
      await postTo("given.up@example.org", accountId),
      await postTo("sent@example.org", accountId),
    ];
    const end = (id: string, outcome: string) =>
      db().execute(sql`
        UPDATE mail SET outcome = ${outcome}, ended_at = now(), next_try_at = NULL, tries = 3,
               last_error = CASE WHEN ${outcome} = 'given-up' THEN '550 no such user' END
         WHERE id = ${id}`);
    await Promise.all([end(givenUp, "given-up"), end(sent, "sent")]);

    expect(await listed()).toEqual([
      expect.objectContaining({ id: givenUp, to: "given.up@example.org", tries: 3, state: "given-up" }),
      expect.objectContaining({ id: waiting, to: "waiting@example.org", tries: 0, state: "waiting", lastError: null }),
    ]);
    expect((await listed("--all")).map(({ id }) => id)).toContain(sent);
    const { stdout: table } = await portal(["emails", "list"]);
    expect(table).toMatch(new RegExp(`${givenUp} .*given\\.up@example\\.org .* 3 .*given up .*550 no such user`));

    expect(await portal(["emails", "retry", sent])).toMatchObject({
      code: 1,
      stderr: "This email was sent already.\n",
    });
    expect(await portal(["emails", "retry", waiting])).toMatchObject({ code: 0 });
    expect(await portal(["emails", "retry", "--given-up"])).toMatchObject({
      code: 0,
      stdout: "1 email is in the queue again.\n",
    });
    expect((await listed()).map(({ state }) => state)).toEqual(["waiting", "waiting"]);
    const { rows } = await db().execute<{ id: string }>(sql`
      SELECT id FROM mail WHERE next_try_at <= now() AND claim_id IS NULL AND id IN (${waiting}, ${givenUp})`);
    expect(rows).toHaveLength(2);
  }, 60_000);

  test("refuses an unknown id and wrong usage, also under its former name", async () => {
    const unknown = await portal(["emails", "retry", "00000000-0000-4000-8000-000000000000"]);
    expect(unknown).toMatchObject({ code: 1, stderr: expect.stringContaining("no email with this id") });
    for (const args of [["nonsense"], [], ["00000000-0000-4000-8000-000000000000", "--given-up"]]) {
      expect((await portal(["mail", "retry", ...args])).code).toBe(2);
    }
  });
});

describe("signing-keys", () => {
  const VAULT_SECRETS = [...env().secrets.vault].map((entry) => entry.join(":")).join(",");
  const rotate = (secrets: Record<string, string>) =>
    runPortal(["signing-keys", "rotate"], { home: home.path, env: { ...settings(), ...secrets } });

  test("rotate makes a key that the servers can open, and list says which one signs", async () => {
    const ids = [];
    for (let time = 0; time < 2; time++) {
      const { code, stdout } = await rotate({ VAULT_SECRETS });
      expect(code).toBe(0);
      ids.push(/^([\w-]{43}) signs from now on\.\n$/.exec(stdout)![1]!);
    }
    const { stdout } = await portal(["signing-keys", "list"]);
    expect(stdout.trimEnd().split("\n").slice(2)).toEqual([
      expect.stringMatching(new RegExp(`^${ids[1]} .* signs$`)),
      expect.stringMatching(new RegExp(`^${ids[0]} .* verifies$`)),
    ]);
    expect((await findNewest()).id).toBe(ids[1]);
  });

  test("rotate makes no key without the servers' vault secrets", async () => {
    const before = await listSigningKeys();
    expect(await rotate({})).toMatchObject({ code: 1, stderr: expect.stringContaining("VAULT_SECRETS is missing") });
    const other = { VAULT_SECRETS: "1:another-secret-five-quacking-zephyrs-jolt-my-wax-bed" };
    expect(await rotate(other)).toMatchObject({ code: 1, stderr: expect.stringContaining("another version 1") });
    expect(await listSigningKeys()).toEqual(before);
  });
});

test("a dump of the database contains no issued key: no 20 symbols of one, as text or as bytes", async () => {
  expect(printed.length).toBeGreaterThan(4500);
  expect(await db().$count(productKey, eq(productKey.state, "redeemed"))).toBeGreaterThan(0);
  const { rows: tables } = await db().execute<{ name: string }>(
    sql`SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
  );
  let dump = "";
  for (const { name } of tables) {
    const { rows } = await db().execute<{ row: string }>(sql.raw(`SELECT t::text AS row FROM ${name} t`));
    dump += rows.map(({ row }) => row).join("\n") + "\n";
  }
  const marker = "operator.shows@example.org";
  expect(dump).toContain(marker);

  const secret = new Set(printed.flatMap((key) => [0, 1, 2, 3, 4, 5].map((from) => key.slice(from, from + 20))));
  const bytes = new Set([...secret].map((part) => Buffer.from(part).toString("hex")));
  expect(windowsOf(dump.toUpperCase().replaceAll("-", ""), /[0-9A-Z]{20,}/g, 20).filter((w) => secret.has(w))).toEqual(
    [],
  );
  expect(windowsOf(dump, /[0-9a-f]{40,}/g, 40).filter((w) => bytes.has(w))).toEqual([]);
});

function windowsOf(text: string, run: RegExp, length: number): string[] {
  return [...text.matchAll(run)].flatMap(([symbols]) =>
    Array.from({ length: symbols.length - length + 1 }, (_, from) => symbols.slice(from, from + length)),
  );
}
