import "server-only";
import { Command } from "commander";
import { addAccountsShow } from "@/lib/cli/accounts-show";
import { addBatchesRelease } from "@/lib/cli/batches-release";
import { addBackup, addRestore } from "@/lib/cli/backup";
import { addBatchesList } from "@/lib/cli/batches-list";
import { addCasesAnswer } from "@/lib/cli/cases-answer";
import { addCasesList } from "@/lib/cli/cases-list";
import { addCasesShow } from "@/lib/cli/cases-show";
import { addDevices } from "@/lib/cli/devices";
import { addDemoShow } from "@/lib/cli/demo-show";
import { reportFailure } from "@/lib/cli/failure";
import { addKeysRelease } from "@/lib/cli/keys-release";
import { addKeysIssue } from "@/lib/cli/keys-issue";
import { addKeysRestore } from "@/lib/cli/keys-restore";
import { addKeysVoid } from "@/lib/cli/keys-void";
import { addPartners } from "@/lib/cli/partners";
import { addPhone } from "@/lib/cli/phone";
import { addEmailsList } from "@/lib/cli/emails-list";
import { addEmailsRetry } from "@/lib/cli/emails-retry";
import { addSigningKeys } from "@/lib/cli/signing-keys";
import { endBySignal, stopSignal, stopWithinGrace } from "@/lib/cli/stop-signal";

const help = `
The commands need only DATA_DIR or DATABASE_URL in the environment, and work while the server runs. They use
LOOKUP_SECRET if it is set, as in production, or else the secret in DATA_DIR. \`signing-keys rotate\` needs
VAULT_SECRETS in the same way.

Exit status: 0 done; 1 not done, or a key, batch, account, case, device or email is unknown; 2 wrong usage, nothing was tried.`;

/** The operator's commands: `portal <noun> <verb>`. Results go to standard output, everything else to standard error. */
function portal(): Command {
  const program = new Command("portal")
    .description("Operator's commands of the portal")
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(withoutKeys(text)) })
    .addHelpText("afterAll", help);

  const keys = program.command("keys").description("product keys: issue, withdraw, restore, release");
  addKeysIssue(keys);
  addKeysVoid(keys);
  addKeysRestore(keys);
  addKeysRelease(keys);
  const batches = program.command("batches").description("batches of keys: list, release");
  addBatchesList(batches);
  addBatchesRelease(batches);
  addPartners(program);
  addAccountsShow(program.command("accounts").description("accounts: show"));
  const cases = program.command("cases").description("refused keys and disputes: list, show, answer");
  addCasesList(cases);
  addCasesShow(cases);
  addCasesAnswer(cases);
  const emails = program.command("emails").alias("mail").description("emails to people: list, retry");
  addEmailsList(emails);
  addEmailsRetry(emails);
  addDevices(program);
  addSigningKeys(
    program.command("signing-keys").description("keys that sign certificates and entitlements: list, rotate"),
  );
  addPhone(program);
  addDemoShow(program);
  addBackup(program);
  addRestore(program);
  return program;
}

/** Commander repeats a wrong argument, which may be a whole key or most of one. */
const withoutKeys = (text: string) =>
  text.replace(/[\p{L}\p{Nd}?](?:\p{Pd}?[\p{L}\p{Nd}?]){19,}|(?:[\p{L}\p{Nd}?]{5}\s){3,}[\p{L}\p{Nd}?]{1,5}/gu, "[…]");

stopWithinGrace();
await reportFailure(async () => {
  await portal().parseAsync();
});
if (stopSignal().aborted) endBySignal();
