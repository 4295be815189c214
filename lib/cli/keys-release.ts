import "server-only";
import type { Command } from "commander";
import { forEachKey } from "@/lib/cli/for-each-key";
import { keysByInput, refuseKeyArguments } from "@/lib/cli/read-keys";
import { releaseKey, type Release } from "@/lib/licence/release-keys";

const words: Record<Release["status"], string> = {
  released: "released",
  alreadyReleased: "was released already",
  unknown: "unknown",
};

export function addKeysRelease(keys: Command): void {
  keys
    .command("release")
    .alias("activate")
    .description("release single cards for redemption, as a till does when they are paid")
    .argument("[keys...]")
    .usage("[options] < keys.txt")
    .addHelpText("after", keysByInput)
    .action(async (given: string[]) => {
      refuseKeyArguments(given);
      await forEachKey(async (key, { now, lookupSecret }) => {
        const { status } = await releaseKey({ key }, { now, lookupSecret });
        return { known: status !== "unknown", result: words[status] };
      });
    });
}
