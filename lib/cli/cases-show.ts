import "server-only";
import type { Command } from "commander";
import { caseCodeFrom } from "@/lib/cli/case-code";
import { Failure } from "@/lib/cli/failure";
import { writeOut } from "@/lib/cli/standard-output";
import { minuteOf } from "@/lib/cli/table";
import { withDatabase } from "@/lib/cli/with-database";
import { findCases, type Case } from "@/lib/licence/disputes/find-cases";
import type { RefusalReason } from "@/lib/licence/refusal";

/** Why the key was refused, for somebody who explains it. */
const reasons: Record<RefusalReason, string> = {
  unknown: "The key is well-formed, but it was never issued here.",
  withdrawn: "The key was withdrawn.",
  usedByAnother: "Another account uses the key.",
  notReleased: "The till had not released the card.",
  expired: "The last day to redeem the key was over.",
  region: "The key was sold for other countries than the account's.",
  ceiling: "With the key, the subscription would have ended more than five years later.",
};

const states: Record<NonNullable<Case["key"]>["state"], string> = {
  unused: "unused",
  usedByThisAccount: "used by this account",
  usedByAnother: "used by another account",
  withdrawn: "withdrawn",
};

export function addCasesShow(cases: Command): void {
  cases
    .command("show")
    .description("explain a refused key by the case code on its page, and show what its person disputes")
    .argument("<code>", "in any spelling")
    .option("--json", "as JSON")
    .addHelpText("after", "\nIt never shows the key, or the account that uses it.")
    .action(async (typed: string, { json }: { json?: true }) => {
      const caseCode = caseCodeFrom(typed);
      const found = await withDatabase(() => findCases({ caseCode }));
      if (found.length === 0) throw new Failure(`There is no case ${caseCode}.`);
      await writeOut(json ? JSON.stringify(found, null, 2) + "\n" : found.map(textOf).join("\n"));
    });
}

function textOf({ caseCode, of, reason, at, account, batch, key, dispute }: Case): string {
  return [
    `Case ${caseCode}: ${reasons[reason].replace("key", of === "key" ? "key" : "partner code")}`,
    ...lines([
      ["refused", `${minuteOf(at)} UTC`],
      ["asked by", `${account.email}, ${account.locale} (account ${account.id})`],
    ]),
    ...(batch
      ? linesOfKey(batch, key)
      : reason === "unknown" || of === "code"
        ? []
        : ["", "Its batch was not recorded."]),
    ...(dispute ? linesOfDispute(dispute) : ["", "Nobody disputes it."]),
    "",
  ].join("\n");
}

function linesOfKey(batch: NonNullable<Case["batch"]>, key: Case["key"]): string[] {
  const { product, months, id, channel, note, regions, redeemBy } = batch;
  return [
    "",
    "The key",
    ...lines([
      ["gives", `${product}, ${months} ${months === 1 ? "month" : "months"}`],
      ["batch", [id, channel, note].filter(Boolean).join(", ")],
      ["regions", regions?.join(", ") ?? "all"],
      ["redeem by", redeemBy ?? "-"],
      ...(key
        ? ([
            ["released", minuteOr(key.releasedAt, "not yet")],
            ["now", key.withdrawnAt ? `withdrawn since ${minuteOr(key.withdrawnAt)}` : states[key.state]],
            ...(key.usedSince ? [["used since", minuteOr(key.usedSince)]] : []),
          ] as [string, string][])
        : []),
    ]),
  ];
}

function linesOfDispute(dispute: NonNullable<Case["dispute"]>): string[] {
  const { state, openedAt, shop, boughtOn, lastGroup, lastGroupIsRight, receipt, answer, answeredAt } = dispute;
  return [
    "",
    `The dispute is ${state}`,
    ...lines([
      ["opened", minuteOr(openedAt)],
      ["shop", shop],
      ["bought on", boughtOn],
      ["last group", `${lastGroup}, ${lastGroupIsRight ? "as on the key" : "not as on the key"}`],
    ]),
    ...quoted("receipt", receipt),
    ...quoted(`answer${answeredAt ? ` of ${minuteOr(answeredAt)}` : ""}`, answer ?? ""),
  ];
}

const minuteOr = (at: Date | null, otherwise = "-") => (at ? `${minuteOf(at)} UTC` : otherwise);

const lines = (facts: readonly (readonly [name: string, value: string])[]) =>
  facts.map(([name, value]) => `  ${name.padEnd(11)} ${value}`);

/** A text of several lines, each marked, so that none looks like a line of the command's own. */
const quoted = (name: string, text: string) =>
  text ? [`  ${name}`, ...text.split("\n").map((line) => `    | ${line}`)] : [];
