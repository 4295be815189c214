import "server-only";
import { buffer } from "node:stream/consumers";
import type { Command } from "commander";
import { caseCodeFrom } from "@/lib/cli/case-code";
import { Failure } from "@/lib/cli/failure";
import { decode } from "@/lib/cli/read-keys";
import { writeOut } from "@/lib/cli/standard-output";
import { withDatabase } from "@/lib/cli/with-database";
import { answerDispute, answerFault, type AnswerFault } from "@/lib/licence/disputes/answer-dispute";

const faults: Record<AnswerFault, string> = {
  empty: "The answer is empty. Nothing was sent.",
  tooLong: "An answer has at most 4000 characters. Nothing was sent.",
  key: "The answer contains a product key or partner code, and those are never sent by email. Nothing was sent.",
  link: "The answer contains a link. Our emails promise to link to our own site only, so nothing was sent.",
};

export function addCasesAnswer(cases: Command): void {
  cases
    .command("answer")
    .description("answer a case; its person gets the text by email and reads it in My account")
    .argument("<code>", "in any spelling")
    .option("--text <text>", "the answer; without it, standard input is read")
    .addHelpText(
      "after",
      "\nAnother answer replaces the first and is sent too. Write it in the language that `cases show` names.",
    )
    .action(async (typed: string, { text }: { text?: string }) => {
      const caseCode = caseCodeFrom(typed);
      const answer = tidy(text ?? (await readText()));
      const fault = answerFault(answer);
      if (fault) throw new Failure(faults[fault], 2);
      const answering = await withDatabase(() => answerDispute({ caseCode, text: answer }, { now: new Date() }));
      if (answering.status === "unknown")
        throw new Failure(`Nobody disputes the case ${caseCode}; see \`cases list\`.`);
      if (answering.status === "ambiguous")
        throw new Failure(
          `Two accounts have a case ${caseCode}. Answer them by email; see \`cases show ${caseCode}\`.`,
        );
      if (answering.status === "answeredSo")
        return writeOut(`Case ${caseCode} has this answer already. Nothing was sent again.\n`);
      await writeOut(
        `Case ${caseCode} is answered. ` +
          (answering.emailed
            ? "The email is in the queue.\n"
            : "No email is sent, because the address is not confirmed. My account shows the answer.\n"),
      );
    });
}

async function readText(): Promise<string> {
  if (process.stdin.isTTY) process.stderr.write("Type the answer, then press Ctrl-D on a line of its own.\n");
  return decode(await buffer(process.stdin));
}

/** One kind of line break, and no other control characters. */
const tidy = (text: string) =>
  text
    .replace(/\r\n?/g, "\n")
    .replace(/[^\P{Cc}\n\t]/gu, "")
    .trim();
