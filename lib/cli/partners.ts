import "server-only";
import { randomBytes } from "node:crypto";
import { InvalidArgumentError, type Command } from "commander";
import { Failure } from "@/lib/cli/failure";
import { addPartnersCodes } from "@/lib/cli/partners-codes";
import { addPartnersLeases } from "@/lib/cli/partners-leases";
import { requireOutput, writeOut } from "@/lib/cli/standard-output";
import { dayOf, table } from "@/lib/cli/table";
import { withDatabase } from "@/lib/cli/with-database";
import { listPartnerBatches, type PartnerBatchView } from "@/lib/licence/partners/list-batches";
import { createPartner } from "@/lib/licence/partners/partners";
import { issuePartnerToken, revokePartnerTokens } from "@/lib/licence/partners/partner-tokens";
import { getPartner } from "@/lib/cli/get-partner";

export function addPartners(program: Command): void {
  const partners = program.command("partners").description("partners: list, create, token, codes, leases");
  addPartnersList(partners);
  addPartnersCreate(partners);
  addPartnersToken(partners);
  addPartnersCodes(partners);
  addPartnersLeases(partners);
}

const heading = ["partner", "name", "batch", "issued on", "product", "codes", "redeemed", "redeem by"];

function addPartnersList(partners: Command): void {
  partners
    .command("list")
    .description("list all partners with the batches of their codes")
    .option("--json", "as JSON")
    .action(async ({ json }: { json?: true }) => {
      const views = await withDatabase(listPartnerBatches);
      await writeOut(json ? JSON.stringify(views, null, 2) + "\n" : table([heading, ...views.map(rowOf)]));
    });
}

const rowOf = ({ partner, name, batch, createdAt, product, issued, redeemed, redeemBy }: PartnerBatchView) => [
  ...[partner, name, batch ?? "-", createdAt ? dayOf(createdAt) : "-", product ?? "-"],
  ...[String(issued ?? 0), String(redeemed), redeemBy ?? "-"],
];

function addPartnersCreate(partners: Command): void {
  partners
    .command("create")
    .description("create a partner, who provides subscriptions to their own customers")
    .argument("<slug>", "its name in commands, for example example-telecom", readSlug)
    .requiredOption("--name <name>", 'its name on customers\' pages, for example "Example Telecom"', readName)
    .action(async (slug: string, { name }: { name: string }) => {
      const made = await withDatabase(() => createPartner({ slug, name }, { now: new Date() }));
      if (!made) throw new Failure(`There is a partner ${slug} already.`);
      await writeOut(`Partner ${slug} is created.\n`);
    });
}

const tokenHelp = `
The token is written to standard output once. The database stores only its digest, so it cannot be printed again. Earlier
tokens keep working until --revoke-all, so that the partner can change from one to the next.`;

function addPartnersToken(partners: Command): void {
  partners
    .command("token")
    .description("issue a bearer token for a partner's programs")
    .argument("<slug>")
    .option("--revoke-all", "revoke all tokens of the partner instead")
    .addHelpText("after", tokenHelp)
    .action(async (slug: string, { revokeAll }: { revokeAll?: true }) => {
      requireOutput();
      await withDatabase(async () => {
        const partner = await getPartner(slug);
        const now = new Date();
        if (revokeAll) return writeOut(`${await revokePartnerTokens(partner, { now })} revoked.\n`);
        return writeOut(`${await issuePartnerToken(partner, { now, randomBytes })}\n`);
      });
    });
}

function readSlug(text: string): string {
  if (!/^[a-z0-9][a-z0-9-]{0,39}$/.test(text))
    throw new InvalidArgumentError("It must be a short name of a-z, 0-9 and hyphens.");
  return text;
}

function readName(text: string): string {
  const name = text.trim();
  if (name === "" || name.length > 100 || /\p{C}/u.test(name))
    throw new InvalidArgumentError("It must be one line of at most 100 characters.");
  return name;
}
