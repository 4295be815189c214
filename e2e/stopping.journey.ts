import { randomBytes } from "node:crypto";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { Client } from "pg";
import { cloneTemplate } from "@/lib/testing/cluster";
import { expect, test } from "./fixtures";
import { given } from "./given";
import { actionId, asForm } from "./security/actions";
import { send } from "./security/raw";
import { actions, idle, Visitor } from "./security/visitor";
import { startServer } from "./server";

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
