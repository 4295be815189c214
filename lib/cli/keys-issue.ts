import "server-only";
import { randomBytes } from "node:crypto";
import { Option, type Command } from "commander";
import { Client } from "pg";
import type { ProductCode } from "@/lib/brand";
import { failureOfIssuing } from "@/lib/cli/issuing";
import { keyFormats, keyOutput, type KeyFormat } from "@/lib/cli/key-output";
import { readChannel, readNote, readProduct, readRedeemBy, readRegions, readWhole } from "@/lib/cli/order-options";
import { progressOf, wholeNumber } from "@/lib/cli/progress";
import { requireOutput } from "@/lib/cli/standard-output";
import { withDatabase } from "@/lib/cli/with-database";
import { issueKeys, type KeyOrder } from "@/lib/licence/issue-keys";
import { connectionTo } from "@/lib/db/connection";

type Options = {
  product: ProductCode;
  months: number;
  count: number;
  channel: string;
  regions?: string[];
  redeemBy?: string;
  unreleased?: true;
  inactive?: true;
  note?: string;
  format: KeyFormat;
  dryRun?: true;
};

const help = `
The keys are written to standard output once. The database stores only their digests, so they cannot be printed again.
The batch is saved after all keys are written and flushed. If the output is closed or full, or the command is stopped,
no key is issued.

Example:
  portal keys issue --product norton-360-deluxe --months 12 --count 1000 --channel retail > keys.csv`;

export function addKeysIssue(keys: Command): void {
  const now = new Date();
  keys
    .command("issue")
    .description("issue a batch of product keys")
    .requiredOption("--product <code>", "what the keys are for", readProduct)
    .requiredOption("--months <n>", "calendar months one key gives, 1 to 60", readWhole(1, 60))
    .requiredOption("--count <n>", "how many keys, 1 to 5000000", readWhole(1, 5_000_000))
    .requiredOption("--channel <code>", "where they are sold, for example retail", readChannel)
    .option("--regions <codes>", "only for accounts of these countries, for example FR,BE (default: all)", readRegions)
    .option("--redeem-by <date>", "last day to redeem, for example 2027-12-31 (default: none)", readRedeemBy(now))
    .option("--unreleased", "a till releases each card before it can be redeemed: keys release, batches release")
    .addOption(new Option("--inactive", "the former name of --unreleased").hideHelp())
    .option("--note <text>", "kept with the batch", readNote)
    .addOption(new Option("--format <format>", "of the output").choices(keyFormats).default("csv"))
    .option("--dry-run", "check the order and say what it would do; needs no database and writes nothing")
    .addHelpText("after", help)
    .action(async ({ format, dryRun, ...options }: Options) => {
      const order = orderOf(options);
      if (dryRun) process.stderr.write(`Would issue ${describe(order)}, as ${format}. Nothing was written.\n`);
      else await issue(order, format, now);
    });
}

async function issue(order: KeyOrder, format: KeyFormat, now: Date): Promise<void> {
  requireOutput();
  await withDatabase(async ({ url, lookupSecret }) => {
    const client = new Client({
      ...connectionTo(url, { limits: false }),
      application_name: "portal issuing",
    });
    // Without a listener a lost connection would end the process; the query that it interrupts rejects.
    client.on("error", () => {});
    await client.connect();
    const progress = progressOf(order.count, "keys");
    try {
      const sink = keyOutput(format, order, progress.advance);
      const batchId = await issueKeys(order, sink, { client, now, randomBytes, lookupSecret });
      process.stderr.write(`Issued ${describe(order)}, in batch ${batchId}: ${progress.perSecond()}.\n`);
    } catch (error) {
      throw failureOfIssuing(error, { what: "key", list: "batches list" });
    } finally {
      await client.end();
    }
  });
}

function orderOf({
  regions,
  redeemBy,
  unreleased,
  inactive,
  note,
  ...rest
}: Omit<Options, "format" | "dryRun">): KeyOrder {
  return {
    ...rest,
    regions: regions ?? null,
    redeemBy: redeemBy ?? null,
    released: !unreleased && !inactive,
    note: note ?? null,
  };
}

function describe({ product, months, count, channel, regions, redeemBy, released }: KeyOrder): string {
  return [
    `${wholeNumber.format(count)} ${count === 1 ? "key" : "keys"} of ${product} for ${months} ${months === 1 ? "month" : "months"}`,
    `channel ${channel}`,
    regions ? `for ${regions.join(", ")}` : "for all countries",
    redeemBy ? `to be redeemed by ${redeemBy}` : "without a last day",
    ...(released ? [] : ["not released"]),
  ].join(", ");
}
