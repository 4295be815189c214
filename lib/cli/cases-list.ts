import "server-only";
import { Option, type Command } from "commander";
import { writeOut } from "@/lib/cli/standard-output";
import { minuteOf, table } from "@/lib/cli/table";
import { withDatabase } from "@/lib/cli/with-database";
import {
  disputeStates,
  listAllDisputes,
  type DisputeState,
  type ListedDispute,
} from "@/lib/licence/disputes/list-disputes";

const heading = ["case", "state", "opened (UTC)", "answered (UTC)", "account", "product", "shop"];

export function addCasesList(cases: Command): void {
  cases
    .command("list")
    .description("list the cases that people opened, the longest waiting first")
    .addOption(new Option("--state <state>", "only these").choices(disputeStates))
    .option("--json", "as JSON")
    .action(async ({ state, json }: { state?: DisputeState; json?: true }) => {
      const listed = await withDatabase(() => listAllDisputes({ state }));
      await writeOut(json ? JSON.stringify(listed, null, 2) + "\n" : table([heading, ...listed.map(rowOf)]));
    });
}

const rowOf = ({ caseCode, state, openedAt, answeredAt, email, product, shop }: ListedDispute): string[] => [
  caseCode,
  state,
  minuteOf(openedAt),
  answeredAt ? minuteOf(answeredAt) : "-",
  email,
  product,
  shop,
];
