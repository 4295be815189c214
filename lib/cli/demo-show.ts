import "server-only";
import type { Command } from "commander";
import { readDemo } from "@/lib/cli/demo-file";
import { demoTable } from "@/lib/cli/demo-table";
import { Failure } from "@/lib/cli/failure";
import { writeOut } from "@/lib/cli/standard-output";
import { commandEnv } from "@/lib/env";

export function addDemoShow(program: Command): void {
  program
    .command("demo")
    .description("show the demo account and its keys, as `npm run demo` made them in DATA_DIR")
    .option("--json", "as JSON")
    .action(async ({ json }: { json?: true }) => {
      const { dataDir } = commandEnv();
      const demo = await readDemo(dataDir);
      if (!demo) throw new Failure(`There is no demo in ${dataDir}: start it with \`npm run demo\`.`);
      await writeOut(json ? JSON.stringify(demo, null, 2) + "\n" : demoTable(demo));
    });
}
