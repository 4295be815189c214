import "server-only";
import type { Command } from "commander";
import { z } from "zod";
import { Failure } from "@/lib/cli/failure";
import { writeOut } from "@/lib/cli/standard-output";
import { withDatabase } from "@/lib/cli/with-database";
import { releaseBatch } from "@/lib/licence/release-keys";

export function addBatchesRelease(batches: Command): void {
  batches
    .command("release")
    .alias("activate")
    .description("release every key of a batch at once")
    .argument("<id>", "as `batches list` shows it")
    .action(async (batchId: string) => {
      if (!z.guid().safeParse(batchId).success) throw new Failure("That is not a batch's id; see `batches list`.", 2);
      const { status } = await withDatabase(() => releaseBatch({ batchId }, { now: new Date() }));
      if (status === "unknown") throw new Failure(`There is no batch ${batchId}; see \`batches list\`.`);
      const result = status === "released" ? "is released" : "was released already";
      await writeOut(`Batch ${batchId} ${result}.\n`);
    });
}
