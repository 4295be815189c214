import "server-only";
import { Option, type Command } from "commander";
import { z } from "zod";
import { Failure } from "@/lib/cli/failure";
import { getPartner } from "@/lib/cli/get-partner";
import { writeOut } from "@/lib/cli/standard-output";
import { minuteOf, table } from "@/lib/cli/table";
import { withDatabase } from "@/lib/cli/with-database";
import { transaction } from "@/lib/db/client";
import { changeLease, type Changed } from "@/lib/licence/leases/change-lease";
import { leaseChanges, type LeaseChange } from "@/lib/licence/leases/change-lease";
import { listLeases, type LeaseView } from "@/lib/licence/leases/list-leases";
import type { Partner } from "@/lib/licence/partners/partners";

type Options = Partial<Record<LeaseChange, string>> & { json?: true };

const AT_ONCE = 200;

const heading = ["lease", "reference of its code", "product", "state", "started (UTC)", "in this state since"];

export function addPartnersLeases(partners: Command): void {
  partners
    .command("leases")
    .description("list a partner's leases, the oldest first, or change one")
    .argument("<slug>")
    .option("--json", "as JSON")
    .addOption(new Option("--suspend <lease>", "pause it until it is resumed").conflicts(["resume", "end"]))
    .addOption(new Option("--resume <lease>", "let a suspended one run again").conflicts(["end"]))
    .addOption(new Option("--end <lease>", "end it for good"))
    .action(async (slug: string, options: Options) => {
      const change = leaseChanges.find((one) => options[one] !== undefined);
      await withDatabase(async () => {
        const partner = await getPartner(slug);
        if (change) await changeOne(partner, change, options[change]!);
        else await list(partner, options.json ?? false);
      });
    });
}

async function list({ id: partnerId }: Partner, asJson: boolean): Promise<void> {
  const all: LeaseView[] = [];
  for (let after: string | undefined; ;) {
    const { leases, next } = (await listLeases({ partnerId, after, limit: AT_ONCE }))!;
    all.push(...leases);
    if (next === null) break;
    after = next;
  }
  await writeOut(asJson ? JSON.stringify(all, null, 2) + "\n" : table([heading, ...all.map(rowOf)]));
}

const rowOf = ({ id, reference, product, state, startedAt, changedAt }: LeaseView) => [
  ...[id, reference, product, state, minuteOf(startedAt), minuteOf(changedAt)],
];

const words: Record<Changed["status"], string> = {
  changed: "done",
  unchanged: "it was in that state already",
  unknown: "This partner has no such lease.",
  ended: "The lease has ended, and an end is final.",
};

async function changeOne({ id: partnerId }: Partner, change: LeaseChange, leaseId: string): Promise<void> {
  const asked = { partnerId, leaseId, change };
  const { status } = z.uuid().safeParse(leaseId).success
    ? await transaction((tx) => changeLease(tx, asked, { now: new Date(), actor: "operator" }))
    : ({ status: "unknown" } as const);
  if (status === "unknown" || status === "ended") throw new Failure(words[status]);
  await writeOut(`${leaseId}: ${words[status]}.\n`);
}
