import { readFile, stat } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import { actions, idle } from "../security/visitor";
import { activate, knownBrowser, makeHeld, signIn, type Visit } from "./site-rows";
import { get, post, type Site } from "./site";
import { tally, transactionsIn } from "./statement-log";
import { formatKey } from "@/lib/licence/product-key";
import { emailFor, makePeople } from "./product";

export type Count = { action: string; statements: number; commits: number };

/** Repetitions of each action. Background work of the server happens less often than this. */
const TIMES = 10;

/** Milliseconds for which the idle server is watched, to learn its background statements, such as sending an email. */
const WATCHED = 2_500;

/**
 * Counts the SQL statements and commits of one person's actions. It reads PostgreSQL's own log, so the product needs no
 * counters. BEGIN and COMMIT are not statements. A commit counts only if the transaction wrote something.
 */
export async function countActions(site: Site & { visits: Visit[] }): Promise<Count[]> {
  const { cluster, visits } = site;
  const people = await makePeople(TIMES + 1);
  const browsers = await Promise.all(people.map((person) => knownBrowser(site, person)));
  const held = await makeHeld(site, TIMES + 1);
  const reviewed = (visit: Visit) => get(visit.in, `/home/setup/review?p=${visit.previewId}`);
  const once: Record<string, (index: number) => Promise<unknown>> = {
    "sign in": (index) => signIn(browsers[index]!),
    "verify a key": (index) =>
      post(visits[index]!.in, {
        path: "/home/setup/key",
        action: actions.verifyKey,
        fields: { key: formatKey(visits[index]!.key) },
        state: { ...idle, typed: "" },
      }),
    review: (index) => reviewed(visits[index]!),
    activate: (index) => activate(held[index]!),
    "show a key": (index) =>
      post(visits[index]!.in, {
        path: "/home/subscriptions",
        action: actions.showKey,
        fields: { keyId: visits[index]!.grantId },
        state: { status: "hidden" },
        by: "script",
      }),
    "My Subscription": (index) => get(visits[index]!.in, "/home/subscriptions"),
    "setup, signed in": (index) => get(visits[index]!.in, "/home/setup"),
    setup: (index) => get(visits[index]!.out, "/home/setup"),
    "an empty page, signed in": (index) => get(visits[index]!.in, "/bench/empty"),
  };
  for (const run of Object.values(once)) await run(0);

  const log = await watchStatements(site);
  try {
    const background = new Set(
      await log.during(async () => {
        await cluster.administer(emailFor(visits[0]!.in.person), site.databaseUrl);
        await pause(WATCHED);
      }),
    );
    const counts: Count[] = [];
    for (const [action, run] of Object.entries(once)) {
      const seen = await log.during(async () => {
        for (let index = 1; index <= TIMES; index++) await run(index);
      });
      counts.push({
        action,
        ...tally(
          seen.filter((transaction) => !background.has(transaction)),
          TIMES,
        ),
      });
    }
    return counts;
  } finally {
    await cluster.administer("ALTER SYSTEM RESET ALL");
    await cluster.administer("SELECT pg_reload_conf()");
  }
}

/** Makes PostgreSQL log every statement. `during` returns the transactions that ended during an action. */
async function watchStatements({ cluster: { administer, logFile }, databaseUrl }: Site) {
  const database = new URL(databaseUrl).pathname.slice(1);
  await administer("ALTER SYSTEM SET log_statement = 'all'");
  await administer("ALTER SYSTEM SET log_line_prefix = '%p %d %a|'");
  await administer("SELECT pg_reload_conf()");
  await pause(500);
  return {
    during: async (work: () => Promise<unknown>): Promise<string[]> => {
      const { size } = await stat(logFile);
      await work();
      return transactionsIn((await readFile(logFile)).subarray(size).toString(), `${database} portal`);
    },
  };
}
