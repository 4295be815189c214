import "server-only";
import { Option, type Command } from "commander";
import { forEachKey } from "@/lib/cli/for-each-key";
import { keysByInput, refuseKeyArguments } from "@/lib/cli/read-keys";
import { restoreKey, type Restoring } from "@/lib/licence/void-key";

const words: Record<Restoring["status"], string> = {
  restored: "valid again; what it gave to its account runs again",
  notVoid: "was not withdrawn",
  unknown: "unknown",
};

const reasons = ["mistake", "refund-cancelled", "found"];

export function addKeysRestore(keys: Command): void {
  keys
    .command("restore")
    .description("take the withdrawal of keys back; they give all of their time again")
    .argument("[keys...]")
    .usage("[options] < keys.txt")
    .addOption(new Option("--reason <code>", "recorded with the event").choices(reasons).default("mistake"))
    .addHelpText("after", keysByInput)
    .action(async (given: string[], { reason }: { reason: string }) => {
      refuseKeyArguments(given);
      await forEachKey(async (key, { now, lookupSecret }) => {
        const { status } = await restoreKey({ key, reason }, { now, lookupSecret });
        return { known: status !== "unknown", result: words[status] };
      });
    });
}
