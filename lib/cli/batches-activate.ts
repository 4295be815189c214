import "server-only";
import type { Command } from "commander";
import { z } from "zod";
import { Failure } from "@/lib/cli/failure";
import { withDatabase } from "@/lib/cli/with-database";
import { activateBatch } from "@/lib/licence/activate";

export function addBatchesActivate(batches: Command): void {
  batches
    .command("activate")
    .description("activate every key of a batch at once")
    .argument("<id>", "as `batches list` shows it")
    .action(async (batchId: string) => {
      if (!z.guid().safeParse(batchId).success) throw new Failure("That is not a batch's id; see `batches list`.", 2);
      const { status } = await withDatabase(() => activateBatch({ batchId }, { now: new Date() }));
      if (status === "unknown") throw new Failure(`There is no batch ${batchId}; see \`batches list\`.`);
      const result = status === "activated" ? "is activated" : "was active already";
      process.stderr.write(`Batch ${batchId} ${result}.\n`);
    });
}
