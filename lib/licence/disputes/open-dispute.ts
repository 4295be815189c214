import "server-only";
import { and, eq } from "drizzle-orm";
import { transaction } from "@/lib/db/client";
import { recordEvent } from "@/lib/db/events";
import { dispute } from "@/lib/db/schema/dispute";
import { productKey } from "@/lib/db/schema/licence";
import { lockPerson } from "@/lib/licence/disputes/lock-person";
import { lookupDigest } from "@/lib/licence/key-vault";
import { lookUpKey, type Attempt, type Limited } from "@/lib/licence/look-up";
import { maskKeys } from "@/lib/licence/mask-keys";
import { reserve } from "@/lib/limits/limits";

/** What a person's receipt says. The lengths are the form's. */
export type Claim = {
  shop: string;
  /** As the receipt writes the date. */
  boughtOn: string;
  /** Five capitals or digits: the end of the key as the receipt or the card has it, right or wrong. */
  lastGroup: string;
  /** May be empty. */
  receipt: string;
};

/**
 * `notDisputable`: the key is not used by another account. `limited`: too many unknown keys. `tooMany`: too many
 * disputes.
 */
export type Opening =
  { status: "opened"; disputeId: string } | { status: "notDisputable" } | Limited | { status: "tooMany"; until: Date };

/** Thrown inside the transaction, so that a dispute beyond the limit is not stored. */
class TooMany extends Error {
  constructor(readonly until: Date) {
    super("too many disputes");
  }
}

/**
 * Opens a case for a key that another account uses. It judges the key again, and stores the claim without any whole key
 * or code that its text may contain. Repeating it gives the first case again, unchanged.
 */
export async function openDispute(
  { claim, ...attempt }: Attempt & { claim: Claim },
  { now }: { now: Date },
): Promise<Opening> {
  const { key, accountId } = attempt;
  const looked = await lookUpKey(attempt, { now });
  if (looked.status === "limited") return looked;
  if (looked.status !== "refused" || looked.reason !== "usedByAnother") return { status: "notDisputable" };
  const { caseCode } = looked;
  try {
    return await transaction(async (tx) => {
      if (!(await lockPerson(tx, accountId))) throw new Error("the account of a live session does not exist");
      const ofRefusal = and(eq(dispute.accountId, accountId), eq(dispute.caseCode, caseCode));
      const [before] = await tx.select({ id: dispute.id }).from(dispute).where(ofRefusal);
      if (before) return { status: "opened", disputeId: before.id };

      const reservation = await reserve("disputePerAccount", accountId, tx);
      if (!reservation.allowed) throw new TooMany(reservation.until);
      const [disputed] = await tx
        .select({ id: productKey.id })
        .from(productKey)
        .where(eq(productKey.lookup, lookupDigest(key)));
      const { shop, boughtOn, lastGroup, receipt } = claim;
      const [made] = await tx
        .insert(dispute)
        .values({
          ...{ accountId, caseCode, keyId: disputed!.id, lastGroup, openedAt: now },
          ...{ shop: maskKeys(shop), boughtOn: maskKeys(boughtOn), receipt: maskKeys(receipt) },
        })
        .returning({ id: dispute.id });
      await recordEvent(tx, { action: "dispute.opened", accountId, subject: caseCode, at: now });
      return { status: "opened", disputeId: made!.id };
    });
  } catch (error) {
    if (error instanceof TooMany) return { status: "tooMany", until: error.until };
    throw error;
  }
}
