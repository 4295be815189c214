import { randomBytes } from "node:crypto";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { Client } from "pg";
import { cloneTemplate } from "@/lib/testing/cluster";
import { freePort } from "@/lib/testing/free-port";
import { expect, test } from "./fixtures";
import { given } from "./given";
import { actionId, asForm } from "./security/actions";
import { send } from "./security/raw";
import { actions, idle, Visitor } from "./security/visitor";
import { startServer } from "./server";

test("240 requests that are in flight at SIGTERM are all answered, and none is cut off (R16)", async () => {
  const { cluster, directory } = given();
  const database = await cloneTemplate(cluster);
  const dataDir = join(directory, randomBytes(6).toString("hex"));
  await mkdir(dataDir);
  const metrics = String(await freePort());
  const logFile = join(dataDir, "server.log");
  const settings = { METRICS_PORT: metrics };
  const server = await startServer({ databaseUrl: database.url, dataDir, logFile, settings });
  const client = new Client({ connectionString: database.url });
  await client.connect();
  try {
    const visitor = new Visitor((sent) => send(server.origin, sent), server.origin);
    const person = { name: "Ann", email: "ann@example.org", password: "vergers et lanternes 61", country: "FR" };
    await visitor.submit("/create-account", actions.createAccount, person, idle);
    const { rows } = await client.query<{ id: string }>("SELECT id FROM account");
    await client.query("BEGIN");
    await client.query("LOCK TABLE session IN ACCESS EXCLUSIVE MODE");
    const form = { account: rows[0]!.id, name: "Camille" };
    let answered = 0;
    const sent = Array.from({ length: 240 }, () =>
      visitor
        .submit("/home/account/name", actions.saveName, form, idle)
        .then(
          ({ status }) => status,
          (error: NodeJS.ErrnoException) => error.code,
        )
        .finally(() => (answered += 1)),
    );
    const read = async () => {
      const text = await (await fetch(`http://127.0.0.1:${metrics}/metrics`)).text();
      return answered + Number(/^portal_forms_in_flight (\d+)$/m.exec(text)?.[1]);
    };
    await expect.poll(read, { intervals: [20] }).toBeGreaterThanOrEqual(240);
    const stopped = server.stop();
    await client.query("COMMIT");
    const answers = new Set(await Promise.all(sent));
    // Saved, or told to come back, because 240 do not fit into the database's connections.
    for (const answer of answers) expect([303, 307, 503]).toContain(answer);
    expect(await stopped).toBe(0);
  } finally {
    await server.stop();
    await client.end();
    await database.drop();
  }
});

test("a server that gets SIGTERM answers everything in flight, loses nothing, and exits with 0 (R16)", async () => {
  const { cluster, directory } = given();
  const database = await cloneTemplate(cluster);
  const dataDir = join(directory, randomBytes(6).toString("hex"));
  await mkdir(dataDir);
  const logFile = join(dataDir, "server.log");
  const server = await startServer({ databaseUrl: database.url, dataDir, logFile });
  const client = new Client({ connectionString: database.url });
  // pg_stat_activity stays the same within a transaction, so another connection reads it.
  const observer = new Client({ connectionString: database.url });
  await Promise.all([client.connect(), observer.connect()]);
  try {
    const visitor = new Visitor((sent) => send(server.origin, sent), server.origin);
    const person = { name: "Ann", email: "ann@example.org", password: "vergers et lanternes 61", country: "FR" };
    await visitor.submit("/create-account", actions.createAccount, person, idle);
    const { rows } = await client.query<{ id: string }>("SELECT id FROM account");
    // The email worker waits for the same lock, so only the requests' first query is counted.
    const waiting = async () =>
      (
        await observer.query(
          `SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()
             AND query LIKE 'select "session"%'`,
        )
      ).rowCount!;

    // From now on every request waits for this lock.
    await client.query("BEGIN");
    await client.query("LOCK TABLE account IN ACCESS EXCLUSIVE MODE");
    const pages = Array.from({ length: 15 }, () => visitor.open("/home/account"));
    const form = Object.entries({ account: rows[0]!.id, name: "Camille" });
    const call = asForm({ id: actionId(actions.saveName), state: idle, form });
    const change = visitor.ask({ method: "POST", path: "/home/account/name", ...call });
    // The email worker may wait as well, when it looks for due emails.
    await expect.poll(waiting).toBeGreaterThanOrEqual(16);

    const stopped = server.stop();
    await expect
      .poll(() =>
        send(server.origin, { path: "/healthz" }).then(
          () => "answered",
          () => "refused",
        ),
      )
      .toBe("refused");
    await client.query("COMMIT");

    for (const { status, text } of await Promise.all(pages)) {
      expect(status).toBe(200);
      expect(text).toContain("</html>");
      expect(text.replaceAll("<wbr/>", "")).toContain(person.email);
    }
    expect((await change).status).toBe(303);
    expect(await stopped).toBe(0);
    expect((await client.query("SELECT name FROM account")).rows).toEqual([{ name: "Camille" }]);
    expect(await readFile(logFile, "utf8")).not.toMatch(/"level":[56]0/);
  } finally {
    await Promise.all([client.end(), observer.end()]);
    await server.stop();
    await database.drop();
  }
});
