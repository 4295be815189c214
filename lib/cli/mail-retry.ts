import "server-only";
import type { Command } from "commander";
import { z } from "zod";
import { Failure } from "@/lib/cli/failure";
import { withDatabase } from "@/lib/cli/with-database";
import { retryGivenUpMails, retryMail, type Retrying } from "@/lib/mail/retry-mail";

const refusals: Record<Exclude<Retrying, "queued">, string> = {
  unknown: "There is no mail with this id; see `mail list --all`.",
  sent: "This mail was sent already.",
  outOfDate: "What this mail was for is over: its link no longer works. The person can ask for a new one on the site.",
  busy: "This mail is being sent just now. Should it still wait in a few minutes, try again.",
};

export function addMailRetry(mail: Command): void {
  mail
    .command("retry")
    .description("have a mail sent as soon as possible, and tried for two days more")
    .argument("[id]", "the mail, as `mail list` shows it")
    .option("--given-up", "every mail that was given up")
    .addHelpText("after", "\nThe server sends it; while no server runs, it waits.")
    .action(async (id: string | undefined, { givenUp = false }: { givenUp?: boolean }) => {
      if ((id === undefined) !== givenUp) throw new Failure("Give a mail's id, or --given-up.", 2);
      if (id === undefined) {
        const count = await withDatabase(retryGivenUpMails);
        process.stderr.write(`${count === 1 ? "1 mail is" : `${count} mails are`} in the queue again.\n`);
        return;
      }
      if (!z.guid().safeParse(id).success) throw new Failure("That is not a mail's id; see `mail list`.", 2);
      const status = await withDatabase(() => retryMail(id));
      if (status !== "queued") throw new Failure(refusals[status]);
      process.stderr.write("The mail is in the queue again.\n");
    });
}
