import "server-only";
import type { Command } from "commander";
import { writeOut } from "@/lib/cli/standard-output";
import { dayOf, table } from "@/lib/cli/table";
import { withDatabase } from "@/lib/cli/with-database";
import { listBatches, type BatchView } from "@/lib/licence/batches";

const heading = [
  "batch",
  "issued on",
  "product",
  "months",
  "keys",
  "redeemed",
  "withdrawn",
  "channel",
  "regions",
  "redeem by",
  "released on",
  "note",
];

export function addBatchesList(batches: Command): void {
  batches
    .command("list")
    .description("list all batches, newest first")
    .option("--json", "as JSON")
    .action(async ({ json }: { json?: true }) => {
      const views = await withDatabase(listBatches);
      await writeOut(json ? JSON.stringify(views, null, 2) + "\n" : table([heading, ...views.map(rowOf)]));
    });
}

function rowOf(batch: BatchView): string[] {
  return [
    batch.id,
    dayOf(batch.createdAt),
    batch.product,
    String(batch.months),
    String(batch.issued),
    String(batch.redeemed),
    String(batch.voided),
    batch.channel,
    batch.regions?.join(",") ?? "all",
    batch.redeemBy ?? "-",
    batch.releasedAt ? dayOf(batch.releasedAt) : "not yet",
    batch.note ?? "",
  ];
}
