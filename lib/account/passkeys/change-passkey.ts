import "server-only";
import { and, eq } from "drizzle-orm";
import { transaction } from "@/lib/db/client";
import { recordEvent } from "@/lib/db/events";
import { passkey } from "@/lib/db/schema/account";
import { postMail } from "@/lib/jobs/outbox";
import { lockAccount } from "@/lib/account/lock-account";
import type { Client } from "@/lib/account/session/sessions";

/** A passkey and the account that claims it. Somebody else's passkey is handled like one that does not exist. */
type Owned = { id: string; accountId: string };

/**
 * Renames a passkey. Giving it the name it has changes nothing.
 * @param change.name 1 to 60 characters, trimmed
 * @returns whether the account has this passkey
 */
export const renamePasskey = (
  { id, accountId, name }: Owned & { name: string },
  { now }: { now: Date },
): Promise<boolean> =>
  transaction(async (tx) => {
    const own = and(eq(passkey.id, id), eq(passkey.accountId, accountId));
    const [found] = await tx.select({ name: passkey.name }).from(passkey).where(own).for("update");
    if (!found || found.name === name) return found !== undefined;
    await tx.update(passkey).set({ name }).where(own);
    await recordEvent(tx, { action: "passkey.renamed", accountId, subject: id, at: now });
    return true;
  });

/** Removes a passkey and tells its owner by email. Sessions that it opened stay open. */
export const removePasskey = (
  { id, accountId }: Owned,
  { now, client }: { now: Date; client: Client },
): Promise<void> =>
  transaction(async (tx) => {
    const owner = await lockAccount(tx, accountId);
    const { rowCount } = await tx.delete(passkey).where(and(eq(passkey.id, id), eq(passkey.accountId, accountId)));
    if (!owner || !rowCount) return;
    await recordEvent(tx, { action: "passkey.removed", accountId, subject: id, at: now, person: client });
    await postMail(tx, { kind: "passkey-removed", accountId, recipient: owner.email, at: now });
  });
