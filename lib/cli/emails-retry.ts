import "server-only";
import type { Command } from "commander";
import { z } from "zod";
import { Failure } from "@/lib/cli/failure";
import { writeOut } from "@/lib/cli/standard-output";
import { withDatabase } from "@/lib/cli/with-database";
import { retryGivenUpMails, retryMail, type Retrying } from "@/lib/mail/retry-mail";

const refusals: Record<Exclude<Retrying, "queued">, string> = {
  unknown: "There is no email with this id; see `emails list --all`.",
  sent: "This email was sent already.",
  outOfDate: "This email is out of date: its link no longer works. The person can request a new one on the site.",
  busy: "This email is being sent just now. If it still waits in a few minutes, try again.",
};

export function addEmailsRetry(emails: Command): void {
  emails
    .command("retry")
    .description("send an email as soon as possible, with tries for two more days")
    .argument("[id]", "the email, as `emails list` shows it")
    .option("--given-up", "every email that was given up")
    .addHelpText("after", "\nThe server sends it. While no server runs, it waits.")
    .action(async (id: string | undefined, { givenUp = false }: { givenUp?: boolean }) => {
      if ((id === undefined) !== givenUp) throw new Failure("Give an email's id, or --given-up.", 2);
      if (id === undefined) {
        const count = await withDatabase(retryGivenUpMails);
        await writeOut(`${count === 1 ? "1 email is" : `${count} emails are`} in the queue again.\n`);
        return;
      }
      if (!z.guid().safeParse(id).success) throw new Failure("That is not an email's id; see `emails list`.", 2);
      const status = await withDatabase(() => retryMail(id));
      if (status !== "queued") throw new Failure(refusals[status]);
      await writeOut("The email is in the queue again.\n");
    });
}
