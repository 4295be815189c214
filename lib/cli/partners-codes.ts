import "server-only";
import { randomBytes } from "node:crypto";
import { Option, type Command } from "commander";
import { Client } from "pg";
import type { ProductCode } from "@/lib/brand";
import { getPartner } from "@/lib/cli/get-partner";
import { failureOfIssuing } from "@/lib/cli/issuing";
import { codeOutput, keyFormats, type KeyFormat } from "@/lib/cli/key-output";
import { readProduct, readRedeemBy, readWhole } from "@/lib/cli/order-options";
import { progressOf, wholeNumber } from "@/lib/cli/progress";
import { requireOutput } from "@/lib/cli/standard-output";
import { withDatabase } from "@/lib/cli/with-database";
import { connectionTo } from "@/lib/db/connection";
import { issueCodes } from "@/lib/licence/partners/issue-codes";

type Options = { product: ProductCode; count: number; redeemBy?: string; format: KeyFormat };

const help = `
The codes are written to standard output once, each with a reference. The database stores only their digests, so they
cannot be printed again. The API names a lease by the reference of its code, so the partner knows whose it is. If the
output is closed or full, or the command is stopped, no code is issued.`;

export function addPartnersCodes(partners: Command): void {
  const now = new Date();
  partners
    .command("codes")
    .description("issue a batch of codes to a partner")
    .argument("<slug>")
    .requiredOption("--product <code>", "what the codes are for", readProduct)
    .requiredOption("--count <n>", "how many codes, 1 to 1000000", readWhole(1, 1_000_000))
    .option("--redeem-by <date>", "last day to redeem, for example 2027-12-31 (default: none)", readRedeemBy(now))
    .addOption(new Option("--format <format>", "of the output").choices(keyFormats).default("csv"))
    .addHelpText("after", help)
    .action(async (slug: string, { product, count, redeemBy, format }: Options) => {
      requireOutput();
      await withDatabase(async ({ url, lookupSecret }) => {
        const partner = await getPartner(slug);
        const client = new Client({ ...connectionTo(url, { limits: false }), application_name: "portal issuing" });
        // Without a listener a lost connection would end the process; the query that it interrupts rejects.
        client.on("error", () => {});
        await client.connect();
        const progress = progressOf(count, "codes");
        const order = { partner, product, count, redeemBy: redeemBy ?? null };
        try {
          const sink = codeOutput(format, { product, lookupSecret }, progress.advance);
          const batchId = await issueCodes(order, sink, { client, now, randomBytes, lookupSecret });
          const codes = `${wholeNumber.format(count)} ${count === 1 ? "code" : "codes"}`;
          process.stderr.write(`Issued ${codes} of ${product} to ${slug}, in batch ${batchId}.\n`);
        } catch (error) {
          throw failureOfIssuing(error, { what: "code", list: "partners list" });
        } finally {
          await client.end();
        }
      });
    });
}
