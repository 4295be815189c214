import "server-only";
import { setTimeout as pause } from "node:timers/promises";
import { buildIfChanged } from "@/lib/cli/build-pages";
import { ensureDemo } from "@/lib/cli/demo-data";
import type { Demo } from "@/lib/cli/demo-file";
import { demoTable } from "@/lib/cli/demo-table";
import { reportFailure } from "@/lib/cli/failure";
import { requireFreePort, runServer, SERVER_GOES } from "@/lib/cli/run-server";
import { stopSignal, stopWithinGrace } from "@/lib/cli/stop-signal";
import { startDatabase } from "@/lib/db/start";
import { enterMode, type Env } from "@/lib/env";

const say = (line: string) => process.stdout.write(`${line}\n`);

/** `npm run demo`: everything it takes to try the portal, from nothing; and again, with what is there already. */
async function demo(): Promise<number> {
  const settings = enterMode("demo");
  const endWaiting = stopWithinGrace();
  await requireFreePort(settings);
  await buildIfChanged(say);

  const { dataDir, databaseUrl, secrets } = settings;
  const database = await startDatabase({ dataDir, databaseUrl, lookupSecret: secrets.lookup, mayHoldDemoData: true });
  try {
    const made = await ensureDemo({ url: database.url, dataDir, lookupSecret: secrets.lookup }, { now: new Date() });
    endWaiting();
    if (stopSignal().aborted) return 0;
    const ended = runServer("start", settings);
    void sayWhenReady(made, settings, ended);
    return await ended;
  } finally {
    await database.stop(SERVER_GOES);
  }
}

async function sayWhenReady(made: Demo, { authUrl, port, dataDir }: Env, ended: Promise<number>): Promise<void> {
  let isOver = false;
  const over = () => void (isOver = true);
  ended.then(over, over);
  const isReady = () =>
    fetch(`http://127.0.0.1:${port}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    );
  while (!(await isReady())) {
    if (isOver) return;
    await pause(100);
  }
  say(`
  ${authUrl}/home/setup
  ${authUrl}/dev/mail     every mail of this demo; none leaves this machine

${demoTable(made)}
  A key that was tried stays used. More keys, while this runs:
  DATA_DIR=${dataDir} npm run -s portal -- keys issue --product norton-360-deluxe --months 12 --count 5 --channel demo

  Ctrl-C stops the demo; what was done in it is kept in ${dataDir}.
`);
}

await reportFailure(demo);
