import "server-only";
import type { Command } from "commander";
import { forEachKey } from "@/lib/cli/for-each-key";
import { keysByInput, refuseKeyArguments } from "@/lib/cli/read-keys";
import { activateKey, type Activation } from "@/lib/licence/activate";

const words: Record<Activation["status"], string> = {
  activated: "activated",
  alreadyActive: "was active already",
  unknown: "unknown",
};

export function addKeysActivate(keys: Command): void {
  keys
    .command("activate")
    .description("activate single cards, as a till does when they are paid")
    .argument("[keys...]")
    .usage("[options] < keys.txt")
    .addHelpText("after", keysByInput)
    .action(async (given: string[]) => {
      refuseKeyArguments(given);
      await forEachKey(async (key, { now, lookupSecret }) => {
        const { status } = await activateKey({ key }, { now, lookupSecret });
        return { known: status !== "unknown", result: words[status] };
      });
    });
}
