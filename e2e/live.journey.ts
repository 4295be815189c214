import { randomBytes, randomUUID } from "node:crypto";
import { once } from "node:events";
import { get, type IncomingMessage } from "node:http";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { Client } from "pg";
import { claimHandoff } from "@/lib/account/handoff/claim-handoff";
import { findHandoff } from "@/lib/account/handoff/handoffs";
import { makeHandoff } from "@/lib/account/handoff/make-handoff";
import { challengeOf } from "@/lib/account/oauth/challenge";
import { newReference } from "@/lib/account/session/sessions";
import { closeDatabase, openDatabase } from "@/lib/db/client";
import { cloneTemplate } from "@/lib/testing/cluster";
import { freePort } from "@/lib/testing/free-port";
import { expect, test } from "./fixtures";
import { given } from "./given";
import { startServer, type Server } from "./server";

/** Pages that are open at once, of so many sessions. */
const PAGES = 1_000;
const SESSIONS = 250;
const CLAIMS = 20;

type State = { version: string; state: string; number?: number };
type Stream = { answer: IncomingMessage; events: { name: string; data: State; at: number }[]; ended: boolean };

/** Listens as a page does. */
async function listen({ origin }: Pick<Server, "origin">, reference: string): Promise<Stream> {
  const headers = {
    Accept: "text/event-stream",
    Cookie: `session=${reference}`,
    "X-Forwarded-For": "198.51.100.20",
    "Accept-Encoding": "gzip",
  };
  const request = get(`${origin}/home/setup/device/live`, { headers, agent: false });
  const [answer] = (await once(request, "response")) as [IncomingMessage];
  if (answer.statusCode === 503) {
    // The server may refuse some of a crowd for now.
    answer.destroy();
    await pause(200);
    return listen({ origin }, reference);
  }
  const stream: Stream = { answer, events: [], ended: false };
  let text = "";
  answer.setEncoding("utf8").on("data", (chunk: string) => {
    text += chunk;
    for (let end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n")) {
      const [, name, data] = /^event: (\w+)\ndata: (.*)/.exec(text.slice(0, end)) ?? [];
      if (name) stream.events.push({ name, data: JSON.parse(data!) as State, at: performance.now() });
      text = text.slice(end + 2);
    }
  });
  answer.on("close", () => (stream.ended = true)).on("error", () => {});
  return stream;
}

/** Bytes of memory that a process has in use. */
const memoryOf = async ({ pid }: Server) =>
  1_024 * Number(/^VmRSS:\s+(\d+)/m.exec(await readFile(`/proc/${pid}/status`, "utf8"))![1]);

test.skip(process.platform !== "linux", "reads a process's memory from /proc");

test("a thousand open pages cost no connections, little memory and no requests, and go on after a restart", async () => {
  const { cluster, directory } = given();
  const database = await cloneTemplate(cluster);
  const dataDir = join(directory, randomBytes(6).toString("hex"));
  await mkdir(dataDir);
  const metrics = String(await freePort());
  const place = { databaseUrl: database.url, dataDir, logFile: join(dataDir, "server.log") };
  // In a small heap, garbage does not count as memory that the pages need.
  const settings = { METRICS_PORT: metrics, NODE_OPTIONS: "--max-old-space-size=256" };
  const start = () => startServer({ ...place, settings });
  const gauge = async (name: string) => {
    const text = await (await fetch(`http://127.0.0.1:${metrics}/metrics`)).text();
    return Number(new RegExp(`^portal_${name} (\\d+)$`, "m").exec(text)?.[1]);
  };
  let server = await start();
  const client = new Client({ connectionString: database.url });
  await client.connect();
  const numberOf = async (text: string) => Number((await client.query<{ n: string }>(text)).rows[0]!.n);
  const connections = () =>
    numberOf(
      "SELECT count(*) AS n FROM pg_stat_activity WHERE application_name = 'portal' AND datname = current_database()",
    );
  const reads = () => numberOf("SELECT xact_commit AS n FROM pg_stat_database WHERE datname = current_database()");
  await closeDatabase();
  openDatabase(database.url);
  try {
    const { rows: accounts } = await client.query<{ id: string }>(
      `INSERT INTO account (email, name, country, locale, time_zone, password_hash)
       SELECT gen_random_uuid() || '@example.org', 'Test', 'FR', 'en', 'Europe/Paris', 'none'
         FROM generate_series(1, $1) RETURNING id`,
      [SESSIONS],
    );
    const references = Array.from({ length: SESSIONS }, newReference);
    const { rows: sessions } = await client.query<{ id: string; accountId: string }>(
      `INSERT INTO session (account_id, token_hash, idle_until, absolute_until)
       SELECT account, sha256(reference::bytea), now() + interval '1 day', now() + interval '1 day'
         FROM unnest($1::uuid[], $2::text[]) AS one(account, reference) RETURNING id, account_id AS "accountId"`,
      [accounts.map(({ id }) => id), references],
    );
    const shown = [];
    for (const { id: sessionId, accountId } of sessions.slice(0, CLAIMS)) {
      await makeHandoff({ accountId, sessionId }, { now: new Date(), newId: randomUUID });
      shown.push((await findHandoff({ sessionId }, { now: new Date() }))!.code!);
    }

    // What a server needs that renders pages does not count.
    const page = { headers: { Cookie: `session=${references[0]!}` } };
    const render = async () => expect((await fetch(`${server.origin}/home/setup/device`, page)).status).toBe(200);
    for (let time = 0; time < 20; time++) await Promise.all(Array.from({ length: 8 }, render));
    for (let time = 0; time < 50; time++) (await listen(server, references[0]!)).answer.destroy();
    await expect.poll(() => gauge("live_pages")).toBe(0);
    const before = await memoryOf(server);
    const streams: Stream[] = [];
    for (let opened = 0; opened < PAGES; opened += 20) {
      const batch = Array.from({ length: 20 }, (_, index) => listen(server, references[(opened + index) % SESSIONS]!));
      streams.push(...(await Promise.all(batch)));
    }
    expect(new Set(streams.map(({ answer }) => answer.statusCode))).toEqual(new Set([200]));
    const { headers } = streams[0]!.answer;
    expect(headers).toMatchObject({ "content-type": "text/event-stream; charset=utf-8", "x-accel-buffering": "no" });
    expect(headers).toMatchObject({ "cache-control": "no-store, no-transform", "x-content-type-options": "nosniff" });
    expect(headers["content-encoding"]).toBeUndefined();
    await expect.poll(() => streams.filter(({ events }) => events.length > 0).length, { timeout: 20_000 }).toBe(PAGES);

    expect(await gauge("live_pages")).toBe(PAGES);
    expect(await gauge("pages_in_flight")).toBe(0);
    const began = performance.now();
    const readBefore = await reads();
    await pause(2_000);
    const perSecond = ((await reads()) - readBefore) / ((performance.now() - began) / 1_000);
    for (let time = 0; time < 5; time++) await Promise.all(Array.from({ length: 8 }, render));
    const claims = shown.map(async (code, index) => {
      await pause(100 * index);
      const installId = randomBytes(16).toString("base64url");
      const device = { installId, name: "Phone", model: null, system: "ios" as const };
      const asked = { code, clientId: "reference-phone", challenge: challengeOf(String(index)), device };
      const sender = { addressPrefix: null, userAgent: null };
      const claimed = await claimHandoff(asked, { now: new Date(), sender, randomBytes });
      expect(claimed.status).toBe("claimed");
      return performance.now();
    });
    const claimedAt = await Promise.all(claims);
    const tellings = () =>
      claimedAt.flatMap((at, index) =>
        [0, 1, 2, 3].flatMap((tab) =>
          streams[index + tab * SESSIONS]!.events.filter(({ data }) => data.state === "claimed").map(
            (event) => event.at - at,
          ),
        ),
      );
    await expect.poll(() => tellings().length).toBe(4 * CLAIMS);
    const delays = tellings().sort((a, b) => a - b);
    const p95 = delays[Math.floor(0.95 * delays.length)]!;
    const memory = ((await memoryOf(server)) - before) / 1e6;
    const open = await connections();
    console.log(
      `${PAGES} pages: ${memory.toFixed(0)} MB more, ${open} connections, ${perSecond.toFixed(1)} transactions a second; ` +
        `from a claim to its pages: p95 ${p95.toFixed(0)} ms`,
    );
    // The email worker looks once a second, and the poll at the pages twice.
    expect(perSecond).toBeLessThan(20);
    expect(open).toBeLessThanOrEqual(20);
    expect(memory).toBeLessThan(150);
    expect(p95).toBeLessThan(2_000);

    // A session has four pages at most. The oldest gives way.
    await listen(server, references[0]!);
    await expect.poll(() => streams[0]!.events.at(-1)!.name).toBe("replaced");

    const stops = performance.now();
    expect(await server.stop()).toBe(0);
    expect(performance.now() - stops).toBeLessThan(8_000);
    await expect.poll(() => streams.every(({ ended }) => ended)).toBe(true);
    server = await start();
    const again = await listen(server, references[1]!);
    await expect.poll(() => again.events[0]?.data).toEqual(streams[1]!.events.at(-1)!.data);
    again.answer.destroy();
    await expect.poll(() => gauge("live_pages")).toBe(0);
  } finally {
    await server.stop();
    await closeDatabase();
    openDatabase(given().databaseUrl);
    await client.end();
    await database.drop();
  }
});
