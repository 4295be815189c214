import "server-only";
import { referencePhoneIsOn } from "@/lib/account/oauth/clients";
import { buildIfChanged } from "@/lib/cli/build-pages";
import type { Demo } from "@/lib/cli/demo-file";
import { demoTable } from "@/lib/cli/demo-table";
import { reportFailure } from "@/lib/cli/failure";
import { requireFreePort, runServer } from "@/lib/cli/run-server";
import { stopWithinGrace } from "@/lib/cli/stop-signal";
import { enterMode, type Env } from "@/lib/env";

const say = (line: string) => process.stdout.write(`${line}\n`);

/** `npm run demo`: builds the portal if its sources have changed, adds demo data if there is none, and serves it. */
async function demo(): Promise<number> {
  const settings = enterMode("demo");
  stopWithinGrace();
  await requireFreePort(settings);
  await buildIfChanged(say);

  let made: Demo;
  return runServer(settings, {
    onDatabase: async (url) => {
      // It imports parts of Next.js (16.4.6), which fail with "AsyncLocalStorage accessed in runtime" until it is
      // prepared.
      const { ensureDemo } = await import("@/lib/cli/demo-data");
      const { dataDir, secrets } = settings;
      made = await ensureDemo({ url, dataDir, lookupSecret: secrets.lookup }, { now: new Date() });
    },
    onListening: () => showDemo(made, settings),
  });
}

function showDemo(made: Demo, { authUrl, dataDir }: Env): void {
  const phone = referencePhoneIsOn() ? `\n  ${authUrl}/phone        plays a phone with the app` : "";
  say(`
  ${authUrl}/home/setup
  ${authUrl}/dev/mail     every email of this demo; none leaves this machine${phone}

${demoTable(made)}
  A key you have activated stays used. To issue more keys while this runs:
  DATA_DIR=${dataDir} npm run -s portal -- keys issue --product norton-360-deluxe --months 12 --count 5 --channel demo

  Ctrl-C stops the demo; what you did in it is kept in ${dataDir}.
`);
}

await reportFailure(demo);
process.exit();
