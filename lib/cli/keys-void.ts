import "server-only";
import { Option, type Command } from "commander";
import { forEachKey } from "@/lib/cli/for-each-key";
import { keysByInput, refuseKeyArguments } from "@/lib/cli/read-keys";
import { voidKey, type Voiding } from "@/lib/licence/void-key";

const words: Record<Voiding["status"], string> = {
  voided: "withdrawn",
  voidedAndEnded: "withdrawn; what it still gave to its account has ended",
  alreadyVoid: "was withdrawn already",
  unknown: "unknown",
};

const reasons = ["withdrawn", "refunded", "chargeback", "lost", "stolen"];

export function addKeysVoid(keys: Command): void {
  keys
    .command("void")
    .description("withdraw keys; days they gave end now, days used stay used")
    .argument("[keys...]")
    .usage("[options] < keys.txt")
    .addOption(new Option("--reason <code>", "recorded with the event").choices(reasons).default("withdrawn"))
    .addHelpText("after", keysByInput)
    .action(async (given: string[], { reason }: { reason: string }) => {
      refuseKeyArguments(given);
      await forEachKey(async (key, { now, lookupSecret }) => {
        const { status } = await voidKey({ key, reason }, { now, lookupSecret });
        return { known: status !== "unknown", result: words[status] };
      });
    });
}
