import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { stopSignal } from "@/lib/cli/stop-signal";
import { startDurableCluster } from "./cluster";
import { open, type Context } from "./context";
import { countActions } from "./counts";
import { loadHeading, measureLoad } from "./load";
import { bytesName, countsName, loadName, readOptions } from "./options";
import { speedHeading, speedRow, table } from "./report";
import { interleave, type Row } from "./rounds";
import { openSite, type Site } from "./site";
import { htmlOf, makeVisits, pages, type Visit } from "./site-rows";

/** Measures the build in this directory. bench.ts starts it. */
const options = readOptions(process.argv.slice(2));
const say = (line: string) => process.stderr.write(`${line}\n`);

const undo: (() => Promise<unknown>)[] = [];
async function undoTo(depth: number): Promise<void> {
  for (const step of undo.splice(depth).reverse()) await step();
}

const stopped = new Promise<"stopped">((resolve) =>
  stopSignal().addEventListener("abort", () => resolve("stopped"), { once: true }),
);
const end = await Promise.race([measure(), stopped]).finally(() => undoTo(0));
// Requests interrupted by the stop still wait for a database that is gone.
if (end === "stopped") process.exit(130);

async function measure(): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), "portal-bench-data-"));
  undo.push(() => rm(directory, { recursive: true, force: true }));
  const secret = () => randomBytes(32).toString("base64url");
  Object.assign(process.env, { APP_MODE: "test", LOG_LEVEL: "silent", DATA_DIR: directory });
  Object.assign(process.env, { AUTH_SECRET: secret(), LOOKUP_SECRET: secret(), VAULT_SECRETS: `1:${secret()}` });

  const cluster = await startDurableCluster(directory);
  undo.push(cluster.stop);
  const context: Context = { cluster, scale: options.scale, afterwards: (step) => undo.push(step) };

  const speeds: string[][] = [];
  if (options.core.length > 0) {
    const depth = undo.length;
    speeds.push(...(await measureAll(options.core, await open(context, "core"))));
    await undoTo(depth);
  }
  const site = options.needsSite && (await openSite(context, directory));
  const served = site && { ...site, visits: await makeVisits(site) };
  if (served) speeds.push(...(await measureAll(options.site, served)));
  if (speeds.length > 0) print(table(speedHeading, speeds));
  if (options.leftOut.length > 0) print(`Left out by --quick: ${options.leftOut.join(", ")}.`);
  if (served && options.bytes) print(await weigh(served));
  if (served && options.counts) print(await count(served));
  if (served && options.load) {
    say(`${loadName} …`);
    print(table(loadHeading, await measureLoad(served, options.load)));
  }
}

function print(text: string): void {
  process.stdout.write(`\n${text}\n`);
}

async function measureAll<C extends Context>(rows: Row<C>[], context: C): Promise<string[][]> {
  const measured: string[][] = [];
  for (const row of rows) {
    const began = performance.now();
    const depth = undo.length;
    const result = await interleave(await row.prepare(context), context.scale.rounds);
    await undoTo(depth);
    const line = speedRow({ ...row, result });
    say(`${line.join("  ")}  (${Math.round((performance.now() - began) / 1000)} s)`);
    measured.push(line);
  }
  return measured;
}

async function weigh({ visits }: { visits: Visit[] }): Promise<string> {
  say(`${bytesName} …`);
  const rows: string[][] = [];
  for (const page of pages) {
    const html = await htmlOf(page, visits[0]!);
    rows.push([page.name, bytes(Buffer.byteLength(html)), bytes(gzipSync(html).length)]);
  }
  return table(["page", "HTML, bytes", "gzip, bytes"], rows);
}

function bytes(count: number): string {
  return count.toLocaleString("en");
}

async function count(site: Site & { visits: Visit[] }): Promise<string> {
  say(`${countsName} …`);
  const counts = await countActions(site);
  return table(
    ["action", "statements", "commits"],
    counts.map(({ action, statements, commits }) => [action, String(statements), String(commits)]),
  );
}
