import { randomBytes } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { Client } from "pg";
import { cloneTemplate } from "@/lib/testing/cluster";
import { makeKeys } from "@/lib/testing/factories";
import { formatKey } from "@/lib/licence/product-key";
import { expect, test } from "./fixtures";
import { given } from "./given";
import { formsOf, send } from "./security/raw";
import { actions, idle, Visitor } from "./security/visitor";
import { startServer, type Server } from "./server";

/** Milliseconds from the press of the buttons to the kill: before, amid and after the statements of ten activations. */
const moments = [15, 40, 80];
const BUYERS = 10;

type Buyer = { review: string; form: Record<string, string>; jar: Record<string, string> };

const visit = ({ origin }: Server, jar: Record<string, string>) =>
  new Visitor((sent) => send(origin, sent), origin, jar);

test("a server killed amid activations has spent each key once or not at all, and every buyer gets theirs (R01)", async () => {
  const { cluster, directory } = given();
  const database = await cloneTemplate(cluster);
  const client = new Client({ connectionString: database.url });
  await client.connect();
  const dataDir = join(directory, randomBytes(6).toString("hex"));
  await mkdir(dataDir);
  const start = () => startServer({ databaseUrl: database.url, dataDir, logFile: join(dataDir, "server.log") });
  let server = await start();
  try {
    const { keys } = await makeKeys(database.url, { count: BUYERS * moments.length });
    for (const moment of moments) {
      const buyers = await Promise.all(keys.splice(0, BUYERS).map((key) => reachReview(server, formatKey(key))));
      const pressed = buyers.map((buyer) => press(server, buyer).catch(() => "cut off"));
      await pause(moment);
      process.kill(server.pid, "SIGKILL");
      const first = await Promise.all(pressed);
      const spent = await grants(client);
      expect(spent.every(({ live }) => live === 1)).toBe(true);
      expect(spent.length).toBeGreaterThanOrEqual(first.filter((answer) => answer.includes("/done/")).length);

      server = await start();
      for (const buyer of buyers) expect(await press(server, buyer)).toMatch(/^\/home\/setup\/done\/[\da-f-]{36}$/);
    }
    const all = await grants(client);
    expect(all).toHaveLength(BUYERS * moments.length);
    expect(all.every(({ live, accounts }) => live === 1 && accounts === 1)).toBe(true);
  } finally {
    await server.stop();
    await client.end();
    await database.drop();
  }
});

/** Keys that give something. `live`: grants of the key, `accounts`: their owners. */
async function grants(client: Client): Promise<{ live: number; accounts: number }[]> {
  const { rows } = await client.query<{ live: number; accounts: number }>(
    `SELECT count(*)::int AS live, count(DISTINCT s.account_id)::int AS accounts
       FROM grant_entry g JOIN subscription s ON s.id = g.subscription_id
      WHERE undone_at IS NULL GROUP BY key_id`,
  );
  return rows;
}

async function reachReview(server: Server, key: string): Promise<Buyer> {
  const jar: Record<string, string> = {};
  const visitor = visit(server, jar);
  const email = `${randomBytes(6).toString("hex")}@example.org`;
  const person = { name: "Ann", email, password: "vergers et lanternes 61", country: "FR" };
  await visitor.submit("/create-account", actions.createAccount, person, idle);
  const taken = await visitor.submit("/home/setup/key", actions.verifyKey, { key }, { ...idle, typed: "" });
  const review = taken.headers.location!;
  const forms = formsOf((await visitor.open(review)).text).map(({ fields }) => Object.fromEntries(fields));
  return { review, jar, form: forms.find((fields) => "preview" in fields)! };
}

/** Presses Activate. @returns where it leads */
async function press(server: Server, { review, form, jar }: Buyer): Promise<string> {
  return (await visit(server, jar).submit(review, actions.activate, form)).headers.location ?? "";
}
