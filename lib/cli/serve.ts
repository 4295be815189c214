import "server-only";
import { hasBuild } from "@/lib/cli/build-pages";
import { Failure, reportFailure } from "@/lib/cli/failure";
import { requireFreePort, runServer } from "@/lib/cli/run-server";
import { enterMode, env } from "@/lib/env";

/** `npm start` and `npm run dev`. */
async function serve(command: string | undefined): Promise<number> {
  const dev = command === "dev";
  const settings = dev ? enterMode("development") : env();
  if (!dev && !(await hasBuild())) throw new Failure("There is no build yet: run `npm run build` first.");
  await requireFreePort(settings);
  return runServer(settings, {
    dev,
    onListening: () => process.stdout.write(`\n  ${settings.authUrl}/home/setup\n\n`),
  });
}

await reportFailure(() => serve(process.argv[2]));
process.exit();
