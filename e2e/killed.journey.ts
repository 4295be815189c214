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
import type { ActionName } from "./security/actions";
import { formsOf, send } from "./security/raw";
import { actions, idle, Visitor } from "./security/visitor";
import { startServer, type Server } from "./server";

/** Milliseconds from the press of the buttons to the kill: before, amid and after the statements of ten people. */
const moments = [15, 40, 80];
const BUYERS = 10;
const keysInAll = BUYERS * moments.length;
/** What they press, in turn. */
const presses = ["activate", "keep", "undo"] as const;

/** What a person presses: the page, its action and its form, and where it leads once it is done. */
type Press = { page: string; action: ActionName; form: Record<string, string>; leadsTo: RegExp };
type Buyer = Press & { jar: Record<string, string> };

const visit = ({ origin }: Server, jar: Record<string, string>) =>
  new Visitor((sent) => send(origin, sent), origin, jar);

test("a server killed amid activating, keeping and undoing has done each once or not at all, and each is done when repeated (R01)", async () => {
  const { cluster, directory } = given();
  const database = await cloneTemplate(cluster);
  const client = new Client({ connectionString: database.url });
  await client.connect();
  const dataDir = join(directory, randomBytes(6).toString("hex"));
  await mkdir(dataDir);
  const start = () => startServer({ databaseUrl: database.url, dataDir, logFile: join(dataDir, "server.log") });
  let server = await start();
  try {
    const { keys } = await makeKeys(database.url, { count: keysInAll });
    for (const moment of moments) {
      const buyers = await Promise.all(
        keys.splice(0, BUYERS).map((key, at) => prepare(server, formatKey(key), presses[at % presses.length]!)),
      );
      const pressed = buyers.map((buyer) => press(server, buyer).catch(() => "cut off"));
      await pause(moment);
      process.kill(server.pid, "SIGKILL");
      const first = await Promise.all(pressed);
      const now = await statesOf(client);
      expect(now.every(({ state, live }) => live === (state === "redeemed" ? 1 : 0))).toBe(true);

      server = await start();
      for (const [at, buyer] of buyers.entries()) {
        if (first[at] !== "cut off") expect(first[at]).toMatch(buyer.leadsTo);
        expect(await press(server, buyer)).toMatch(buyer.leadsTo);
      }
    }
    const all = await statesOf(client);
    const activated = moments.length * Math.ceil(BUYERS / presses.length);
    expect(all.filter(({ state, live }) => state === "redeemed" && live === 1)).toHaveLength(activated);
    expect(all.filter(({ state, live }) => state === "kept" && live === 0)).toHaveLength(keysInAll - activated);
    expect(all.map(({ told }) => told)).toEqual(all.map(() => 1));
  } finally {
    await server.stop();
    await client.end();
    await database.drop();
  }
});

/** Each owned key, its live grants, and how often what made it so was recorded. */
async function statesOf(client: Client): Promise<{ state: string; live: number; told: number }[]> {
  const { rows } = await client.query<{ state: string; live: number; told: number }>(
    `SELECT k.state, count(g.id) FILTER (WHERE g.undone_at IS NULL)::int AS live,
            (SELECT count(*)::int FROM event e WHERE e.account_id = k.account_id
                AND e.action = CASE WHEN k.state = 'redeemed' THEN 'key.redeemed'
                                    WHEN count(g.id) = 0 THEN 'key.kept' ELSE 'key.undone' END) AS told
       FROM product_key k LEFT JOIN grant_entry g ON g.key_id = k.id
      WHERE k.account_id IS NOT NULL GROUP BY k.id`,
  );
  return rows;
}

/** Leads a new person to the page on which they press. */
async function prepare(server: Server, key: string, what: (typeof presses)[number]): Promise<Buyer> {
  const jar: Record<string, string> = {};
  const visitor = visit(server, jar);
  const email = `${randomBytes(6).toString("hex")}@example.org`;
  const person = { name: "Ann", email, password: "vergers et lanternes 61", country: "FR" };
  await visitor.submit("/create-account", actions.createAccount, person, idle);
  const taken = await visitor.submit("/home/setup/key", actions.verifyKey, { key }, { ...idle, typed: "" });
  const formOn = async (page: string, field: string) => {
    const forms = formsOf((await visitor.open(page)).text).map(({ fields }) => Object.fromEntries(fields));
    return forms.find((fields) => field in fields)!;
  };
  const page = taken.headers.location!;
  const form = await formOn(page, "preview");
  const activating = { page, action: actions.activate, form, leadsTo: /^\/home\/setup\/done\/[\da-f-]{36}$/, jar };
  const keeping = { leadsTo: /^\/home\/subscriptions\?kept=[\w-]+#kept$/, jar };
  if (what === "activate") return activating;
  if (what === "keep") return { ...activating, ...keeping, form: { ...form, press: "keep" } };
  const undoing = (await press(server, activating)).replace("/home/setup/done/", "/home/subscriptions/undo/");
  return { page: undoing, action: actions.undo, form: await formOn(undoing, "grant"), ...keeping };
}

/** @returns where it leads */
async function press(server: Server, { page, action, form, jar }: Buyer): Promise<string> {
  return (await visit(server, jar).submit(page, action, form)).headers.location ?? "";
}
