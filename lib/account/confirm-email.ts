import "server-only";
import type { Transaction } from "@/lib/db/client";
import { postMail } from "@/lib/jobs/outbox";
import { issueToken } from "@/lib/account/tokens";

/** Asks an account's own address, by mail, whether it is theirs; a mail that asked before no longer counts. */
export async function askToConfirm(
  tx: Transaction,
  { accountId, email }: { accountId: string; email: string },
  { now }: { now: Date },
): Promise<void> {
  const { id: tokenId } = await issueToken(tx, { purpose: "verify-email", accountId, email }, { now });
  await postMail(tx, { kind: "confirm-address", accountId, recipient: email, tokenId, at: now });
}
