import "server-only";
import { hasBuild } from "@/lib/cli/build-pages";
import { Failure, reportFailure } from "@/lib/cli/failure";
import { requireFreePort, runServer, SERVER_GOES } from "@/lib/cli/run-server";
import { stopWithinGrace } from "@/lib/cli/stop-signal";
import { attachDatabase } from "@/lib/db/embedded/embedded";
import { enterMode, env, type Env } from "@/lib/env";

/** `npm start` and `npm run dev`: the server, and the embedded database for as long as it runs. */
async function serve(command: string | undefined): Promise<number> {
  const endWaiting = stopWithinGrace();
  const settings = command === "dev" ? enterMode("development") : env();
  if (command !== "dev" && !(await hasBuild())) throw new Failure("There is no build yet: run `npm run build` first.");
  await requireFreePort(settings);
  const release = await holdDatabase(settings);
  endWaiting();
  try {
    return await runServer(command === "dev" ? "dev" : "start", settings);
  } finally {
    await release(SERVER_GOES);
  }
}

/** The server holds it by itself; this process does too, because only who ends in good order can stop it. */
async function holdDatabase({ databaseUrl, dataDir }: Env): Promise<(patience: number) => Promise<void>> {
  return databaseUrl ? async () => {} : (await attachDatabase({ dataDir })).release;
}

await reportFailure(() => serve(process.argv[2]));
