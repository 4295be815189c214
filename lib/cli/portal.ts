import "server-only";
import { Command } from "commander";
import { addAccountsShow } from "@/lib/cli/accounts-show";
import { addBatchesActivate } from "@/lib/cli/batches-activate";
import { addBatchesList } from "@/lib/cli/batches-list";
import { addDemoShow } from "@/lib/cli/demo-show";
import { reportFailure } from "@/lib/cli/failure";
import { addKeysActivate } from "@/lib/cli/keys-activate";
import { addKeysIssue } from "@/lib/cli/keys-issue";
import { addKeysVoid } from "@/lib/cli/keys-void";
import { addMailList } from "@/lib/cli/mail-list";
import { addMailRetry } from "@/lib/cli/mail-retry";
import { endBySignal, stopSignal, stopWithinGrace } from "@/lib/cli/stop-signal";

const help = `
The commands need nothing but DATA_DIR or DATABASE_URL in the environment, and work while the server runs. With
LOOKUP_SECRET they use that one, as production does; without, the one in DATA_DIR.

Exit status: 0 done; 1 not done, or a key, batch, account or mail is unknown; 2 written wrongly, nothing was tried.`;

/** The operator's commands: `portal <noun> <verb>`. Results go to standard output, everything else to standard error. */
function portal(): Command {
  const program = new Command("portal")
    .description("Operator's commands of the portal")
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(withoutKeys(text)) })
    .addHelpText("after", help);

  const keys = program.command("keys").description("product keys: issue, withdraw, activate");
  addKeysIssue(keys);
  addKeysVoid(keys);
  addKeysActivate(keys);
  const batches = program.command("batches").description("batches of keys: list, activate");
  addBatchesList(batches);
  addBatchesActivate(batches);
  addAccountsShow(program.command("accounts").description("accounts: show"));
  const mail = program.command("mail").description("mails to people: list, retry");
  addMailList(mail);
  addMailRetry(mail);
  addDemoShow(program);
  return program;
}

/** Commander repeats what was written wrongly, and that may be a key, whole or nearly. */
const withoutKeys = (text: string) =>
  text.replace(/[\p{L}\p{Nd}?](?:\p{Pd}?[\p{L}\p{Nd}?]){19,}|(?:[\p{L}\p{Nd}?]{5}\s){3,}[\p{L}\p{Nd}?]{1,5}/gu, "[…]");

stopWithinGrace();
await reportFailure(async () => {
  await portal().parseAsync();
});
if (stopSignal().aborted) endBySignal();
