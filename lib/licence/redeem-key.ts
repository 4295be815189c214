import "server-only";
import { and, eq, isNotNull, sql } from "drizzle-orm";
import type { ProductCode } from "@/lib/brand";
import { transaction, type Transaction } from "@/lib/db/client";
import { recordEvent } from "@/lib/db/events";
import { account } from "@/lib/db/schema/account";
import { grantEntry, subscription } from "@/lib/db/schema/licence";
import { postMail } from "@/lib/jobs/outbox";
import { findKey } from "@/lib/licence/find-key";
import { lookupDigest, sealKey } from "@/lib/licence/key-vault";
import { lockLedger, projectEnd, readLedger } from "@/lib/licence/ledger";
import { outcomeOf, previewVersion } from "@/lib/licence/outcome";
import { previewKey } from "@/lib/licence/preview-key";
import { keyHint } from "@/lib/licence/product-key";
import type { Refusal } from "@/lib/licence/refusal";
import type { Term } from "@/lib/licence/term";

export type Redemption =
  | { status: "activated" | "alreadyYours"; grantId: string; subscriptionId: string }
  /** Something changed since the preview: nothing was spent, the new preview must be shown first. */
  | { status: "previewChanged" }
  | Refusal;

type Request = { key: string; accountId: string; previewVersion: string };

/** Thrown inside the transaction to take the spent key back. */
class TakenBack extends Error {}

/**
 * Redeems a key for an account in one transaction: spends the key, writes the grant, moves the subscription's end.
 * A key gives at most one grant, whatever arrives at the same time; repeating gives the first result again.
 * @param request.key canonical, 25 symbols, well-formed
 * @param request.previewVersion from the preview the person confirmed
 */
export async function redeemKey(request: Request, { now }: { now: Date }): Promise<Redemption> {
  const activated = await transaction(async (tx) => {
    const spent = await spend(tx, request, now);
    return spent && grant(tx, spent, request, now);
  }).catch((error: unknown) => {
    if (error instanceof TakenBack) return null;
    throw error;
  });
  if (activated) return activated;

  const preview = await previewKey(request, { now });
  return preview.status === "ready" ? { status: "previewChanged" } : preview;
}

type SpentKey = { keyId: number; product: ProductCode; term: Term };

/** The one point where it is decided who gets the key. Null: something speaks against it, or it is gone. */
async function spend(tx: Transaction, { key, accountId }: Request, now: Date): Promise<SpentKey | null> {
  const lookup = lookupDigest(key);
  const found = await findKey(tx, lookup);
  if (!found) return null;
  const { rowCount } = await tx.execute(sql`
    UPDATE product_key k
       SET state = 'redeemed', account_id = ${accountId}, redeemed_at = ${now},
           sealed = ${sealKey(key, { keyId: found.id, accountId })}, hint = ${keyHint(key)}
      FROM key_batch b, account a
     WHERE k.lookup = ${lookup} AND b.id = k.batch_id AND a.id = ${accountId}
       AND k.state = 'issued'
       AND k.voided_at IS NULL
       AND coalesce(k.activated_at, b.activated_at) IS NOT NULL
       AND (b.redeem_by IS NULL OR ${now}::timestamptz < b.redeem_by::timestamp AT TIME ZONE 'UTC' + interval '36 hours')
       AND (b.regions IS NULL OR a.country = ANY (b.regions))`);
  return rowCount === 1 ? { keyId: found.id, product: found.product, term: found.term } : null;
}

async function grant(tx: Transaction, { keyId, product, term }: SpentKey, request: Request, now: Date) {
  const { accountId } = request;
  const { timeZone } = await lockLedger(tx, accountId);
  const ledgers = await readLedger(tx, { accountId, productCode: product });
  const outcome = outcomeOf(term, ledgers, now);
  if (outcome.overCeiling || previewVersion(product, ledgers, outcome, timeZone) !== request.previewVersion) {
    throw new TakenBack();
  }

  const subscriptionId = outcome.subscriptionId ?? (await openSubscription(tx, accountId, product, outcome.endsAt));
  if (outcome.choice === "extend") await projectEnd(tx, subscriptionId, outcome.endsAt);
  const [written] = await tx
    .insert(grantEntry)
    .values({ subscriptionId, source: "key", sourceId: keyId, ...term, grantedAt: now })
    .returning({ grantId: grantEntry.id });
  if (!written) throw new Error("an insert returns its row");
  await recordEvent(tx, {
    action: "key.redeemed",
    accountId,
    subject: written.grantId,
    at: now,
    details: { product, ...term, choice: outcome.choice },
  });
  await tellByMail(tx, accountId, { product, ...term, endsAt: outcome.endsAt.toISOString(), at: now });
  return { status: "activated" as const, grantId: written.grantId, subscriptionId };
}

/** To a confirmed address only: another one may be a stranger's. */
async function tellByMail(
  tx: Transaction,
  accountId: string,
  { at, ...details }: Term & { product: ProductCode; endsAt: string; at: Date },
): Promise<void> {
  const [owner] = await tx
    .select({ recipient: account.email })
    .from(account)
    .where(and(eq(account.id, accountId), isNotNull(account.emailVerifiedAt)));
  if (owner) await postMail(tx, { kind: "key-redeemed", accountId, ...owner, details, at });
}

async function openSubscription(
  tx: Transaction,
  accountId: string,
  product: ProductCode,
  endsAt: Date,
): Promise<string> {
  const [opened] = await tx
    .insert(subscription)
    .values({ accountId, productCode: product, endsAt })
    .returning({ id: subscription.id });
  if (!opened) throw new Error("an insert returns its row");
  return opened.id;
}
