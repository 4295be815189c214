import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdir, readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { Client } from "pg";
import { cloneTemplate } from "@/lib/testing/cluster";
import { freePort } from "@/lib/testing/free-port";
import { expect, test as base } from "./fixtures";
import { given } from "./given";
import { send } from "./security/raw";
import { actions, idle, Visitor } from "./security/visitor";
import { startServer, type Server } from "./server";

/* What an operator relies on, each on a server and a database of its own. */

type Own = Server & { database: Client; logFile: string; log: () => Promise<Record<string, unknown>[]> };

const test = base.extend<{
  own: (given?: {
    settings?: Record<string, string>;
    ahead?: number;
    before?: (database: Client) => Promise<unknown>;
  }) => Promise<Own>;
}>({
  own: async ({}, give) => {
    const undo: (() => Promise<unknown>)[] = [];
    await give(async ({ settings = {}, ahead, before } = {}) => {
      const { cluster, directory } = given();
      const database = await cloneTemplate(cluster);
      undo.unshift(() => database.drop());
      const client = new Client({ connectionString: database.url });
      await client.connect();
      undo.unshift(() => client.end());
      await before?.(client);
      const dataDir = join(directory, randomBytes(6).toString("hex"));
      await mkdir(dataDir);
      const logFile = join(dataDir, "server.log");
      const clock = ahead === undefined ? [] : ["--import", join(import.meta.dirname, "shifted-clock.mjs")];
      const command = [
        ...clock,
        "--import",
        "./lib/cli/tsx.mjs",
        "--conditions=react-server",
        "lib/cli/serve.ts",
        "start",
      ];
      const server = await startServer({
        ...{ databaseUrl: database.url, dataDir, logFile, command },
        settings: { ...settings, ...(ahead !== undefined && { CLOCK_AHEAD: String(ahead) }) },
      });
      undo.unshift(() => server.stop());
      const log = async () =>
        (await readFile(logFile, "utf8"))
          .split("\n")
          .filter((line) => line.startsWith("{"))
          .map((line) => JSON.parse(line) as Record<string, unknown>);
      return { ...server, database: client, logFile, log };
    });
    for (const step of undo) await step();
  },
});

const DAY = 86_400_000;
const person = { name: "Ann", email: "ann@example.org", password: "vergers et lanternes 61", country: "FR" };

async function newcomer({ origin }: Pick<Server, "origin">): Promise<Visitor> {
  const visitor = new Visitor((sent) => send(origin, sent), origin);
  await visitor.submit("/create-account", actions.createAccount, person, idle);
  return visitor;
}

test("a server whose clock is 15 days ahead erases nobody, and says so (R30)", async ({ own }) => {
  let accountId = "";
  const { origin, database, log } = await own({
    ahead: 15 * DAY,
    before: async (client) => {
      const values = `('leaving@example.org', 'Ann', 'none', 'FR', 'en', 'UTC', now() + interval '14 days')`;
      const columns = "email, name, password_hash, country, locale, time_zone, leaves_at";
      const { rows } = await client.query<{ id: string }>(
        `INSERT INTO account (${columns}) VALUES ${values} RETURNING id`,
      );
      accountId = rows[0]!.id;
    },
  });
  await expect.poll(async () => (await send(origin, { path: "/readyz" })).status).toBe(503);
  expect((await send(origin, { path: "/healthz" })).status).toBe(200);
  const { rows } = await database.query("SELECT erased_at FROM account WHERE id = $1", [accountId]);
  expect(rows).toEqual([{ erased_at: null }]);
  const warned = (await log()).filter(({ msg }) => String(msg).includes("clock differs"));
  expect(warned).toEqual([expect.objectContaining({ level: 40, seconds: expect.closeTo((15 * DAY) / 1_000, -1) })]);
});

test("what happens on a server whose clock is 400 days behind has the database's time (R30)", async ({ own }) => {
  const server = await own({ ahead: -400 * DAY });
  await newcomer(server);
  const { rows } = await server.database.query(
    "SELECT now() - created_at < interval '1 minute' AS account, (SELECT bool_and(now() - at < interval '1 minute') FROM event) AS events FROM account",
  );
  expect(rows).toEqual([{ account: true, events: true }]);
});

test("a full disk is logged once with its code, and the server is not ready until there is room", async ({ own }) => {
  const { origin, database, log } = await own();
  expect((await send(origin, { path: "/readyz" })).status).toBe(200);
  await database.query(`
    CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN RAISE EXCEPTION 'no space left on device' USING ERRCODE = 'disk_full'; END $$;
    CREATE TRIGGER no_room BEFORE INSERT OR UPDATE ON setting EXECUTE FUNCTION no_room();
    CREATE TRIGGER no_room BEFORE INSERT OR UPDATE ON limit_counter EXECUTE FUNCTION no_room()`);
  const visitor = new Visitor((sent) => send(origin, sent), origin);
  for (let time = 0; time < 3; time++) {
    const answer = await visitor.submit("/create-account", actions.createAccount, person, idle);
    expect(answer.headers.location).toMatch(/^\/unavailable\?/);
  }
  await expect.poll(async () => (await send(origin, { path: "/readyz" })).status).toBe(503);
  const outages = (await log()).filter(({ msg }) => String(msg).startsWith("an outage"));
  expect(outages).toEqual([expect.objectContaining({ level: 40, code: "53100" })]);

  await database.query("DROP FUNCTION no_room CASCADE");
  await expect.poll(async () => (await send(origin, { path: "/readyz" })).status).toBe(200);
});

test("with every connection taken, people are told to come back, and the process is alive (R04)", async ({ own }) => {
  const { origin, database } = await own();
  const visitor = await newcomer({ origin });
  const { rows } = await database.query<{ id: string }>("SELECT id FROM account");
  await database.query("BEGIN");
  await database.query("LOCK TABLE session IN ACCESS EXCLUSIVE MODE");
  const form = { account: rows[0]!.id, name: "Camille" };
  const sent = Array.from({ length: 30 }, () => visitor.submit("/home/account/name", actions.saveName, form, idle));
  expect((await send(origin, { path: "/healthz" })).status).toBe(200);
  for (const { status, headers } of await Promise.all(sent)) {
    expect([303, 307]).toContain(status);
    expect(headers.location).toMatch(/^\/unavailable\?/);
  }
  const told = await send(origin, { path: "/unavailable" });
  expect(told.status).toBe(503);
  expect(Number(told.headers["retry-after"])).toBeGreaterThan(0);
  await database.query("COMMIT");
  expect((await visitor.open("/home/account")).status).toBe(200);
});

test("400 clients at once: some are told to come back soon, all others get their page, and probes are answered (R13)", async ({
  own,
}) => {
  const { origin, log } = await own();
  const pages = Array.from({ length: 400 }, () =>
    send(origin, { path: "/home/setup", headers: { "Accept-Language": "fr" } }),
  );
  expect((await send(origin, { path: "/healthz" })).status).toBe(200);
  const answers = await Promise.all(pages);
  const refused = answers.filter(({ status }) => status === 503);
  expect(refused.length).toBeGreaterThan(0);
  for (const { headers, text: page } of refused) {
    expect(headers["retry-after"]).toBe("5");
    expect(headers["content-security-policy"]).toContain("style-src 'nonce-");
    expect(page).toContain('<html lang="fr">');
    expect(page).toContain("Rien n’a été modifié ni utilisé.");
  }
  const served = answers.filter(({ status }) => status === 200);
  expect(served.length).toBeGreaterThanOrEqual(16);
  expect(served.length + refused.length).toBe(400);
  for (const { text: page } of served) expect(page).toContain("</html>");
  expect((await log()).filter(({ msg }) => String(msg).includes("refused with 503"))).toHaveLength(1);
  expect((await send(origin, { path: "/home/setup" })).status).toBe(200);
});

test("metrics stand on a port of their own, and name no person and no path that a client made up", async ({ own }) => {
  const port = await freePort();
  const server = await own({ settings: { METRICS_PORT: String(port) } });
  const visitor = await newcomer(server);
  await visitor.open("/home/account");
  await visitor.open("/made-up/7d9ee8a4?email=ann@example.org");
  await visitor.submit("/home/setup/key", actions.verifyKey, { key: "20000-00000-00000-00000-FB5JZ" }, idle);
  await visitor.open(visitor.answers.at(-1)!.headers.location!);
  const answer = await fetch(`http://127.0.0.1:${port}/metrics`);
  expect(answer.headers.get("content-type")).toContain("text/plain");
  const metrics = await answer.text();
  for (const line of [
    /^portal_request_seconds_count\{route="\/home\/account",method="GET",status="200"\} 1$/m,
    /^portal_request_seconds_count\{route="other",method="GET",status="404"\} 1$/m,
    /^portal_refusals_total\{reason="unknown"\} 1$/m,
    /^portal_emails_waiting \d+$/m,
    /^portal_emails_given_up 0$/m,
    /^portal_disputes_open \d+$/m,
    /^portal_database_connections_waiting 0$/m,
    /^portal_jobs_total\{job="sweep",outcome="done"\} 1$/m,
    /^nodejs_eventloop_lag_p99_seconds /m,
  ]) {
    expect(metrics).toMatch(line);
  }
  expect(metrics).not.toMatch(/ann@example|made-up|FB5JZ/);
  expect((await send(server.origin, { path: "/metrics" })).status).toBe(404);
});

test("traces go to the collector that is named, when the server stops at the latest, without codes and tokens", async ({
  own,
}) => {
  const received: string[] = [];
  const collector = createServer((request, response) => {
    void text(request).then((body) => {
      received.push(`${request.url} ${body}`);
      response.end();
    });
  });
  collector.listen(0, "127.0.0.1");
  await once(collector, "listening");
  const { port } = collector.address() as { port: number };
  const server = await own({ settings: { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}` } });
  const secret = ["/d/7K2M9XQP", "/api/v1/handoffs/7K2M9XQP", "/phone?handoff=7K2M9XQP"];
  for (const path of ["/help/find-your-key", "/reset-password?token=made-up-token", ...secret])
    await send(server.origin, { path });
  expect(await server.stop()).toBe(0);
  expect(received.some((one) => one.startsWith("/v1/traces") && one.includes("/help/find-your-key"))).toBe(true);
  expect(received.join()).toContain("/d/[code]");
  expect(received.join()).not.toMatch(/7K2M9XQP|made-up-token/);
  collector.close();
});
