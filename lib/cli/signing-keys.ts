import "server-only";
import { randomBytes } from "node:crypto";
import type { Command } from "commander";
import { writeOut } from "@/lib/cli/standard-output";
import { minuteOf, table } from "@/lib/cli/table";
import { withDatabase, withVault } from "@/lib/cli/with-database";
import { listSigningKeys, rotateSigningKey } from "@/lib/licence/signing-keys";

export function addSigningKeys(signingKeys: Command): void {
  signingKeys
    .command("list")
    .description("list the keys, the newest first; it signs, and all of them verify")
    .action(async () => {
      const all = await withDatabase(listSigningKeys);
      const rows = all.map(({ id, createdAt }, index) => [id, minuteOf(createdAt), index === 0 ? "signs" : "verifies"]);
      await writeOut(table([["signing key", "made (UTC)", "use"], ...rows]));
    });
  signingKeys
    .command("rotate")
    .description("make a new key, which signs from now on")
    .addHelpText(
      "after",
      "\nWhat earlier keys signed stays valid. The command needs VAULT_SECRETS, which seal the key.",
    )
    .action(async () => {
      const id = await withVault((vault) => rotateSigningKey({ now: new Date(), randomBytes, vault }));
      await writeOut(`${id} signs from now on.\n`);
    });
}
