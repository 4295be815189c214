import "server-only";
import type { Command } from "commander";
import { writeOut } from "@/lib/cli/standard-output";
import { minuteOf, table } from "@/lib/cli/table";
import { withDatabase } from "@/lib/cli/with-database";
import { listMails, type MailView } from "@/lib/mail/list-mails";

const heading = ["email", "kind", "to", "since (UTC)", "tries", "state", "last error"];

const states: Record<MailView["state"], string> = {
  waiting: "waiting",
  "given-up": "given up",
  sent: "sent",
  "out-of-date": "out of date",
};

export function addEmailsList(emails: Command): void {
  emails
    .command("list")
    .description("list emails that wait or were given up, newest first")
    .option("--all", "also those that were sent or became out of date; kept for 30 days")
    .option("--json", "as JSON")
    .action(async ({ all = false, json }: { all?: boolean; json?: true }) => {
      const views = await withDatabase(() => listMails({ all }));
      await writeOut(json ? JSON.stringify(views, null, 2) + "\n" : table([heading, ...views.map(rowOf)]));
    });
}

const rowOf = ({ id, kind, to, since, tries, state, lastError }: MailView): string[] => [
  id,
  kind,
  to,
  minuteOf(since),
  String(tries),
  states[state],
  lastError ?? "",
];
