import "server-only";
import { randomUUID } from "node:crypto";
import { retrying, runPrepared } from "@/lib/db/client";
import type { NewEvent } from "@/lib/db/events";
import type { NewMail } from "@/lib/jobs/outbox";
import { sealKey } from "@/lib/licence/key-vault";
import { lookUpKey, type Attempt, type LookedUp } from "@/lib/licence/look-up";
import { keyHint } from "@/lib/licence/product-key";

export type Keeping = { status: "kept"; keptId: string } | Exclude<LookedUp, { status: "usable" }>;

/**
 * Keeps a key for later: the account owns it, and nothing starts. The terms of sale are judged now and never again.
 * Repeating a request gives the first result again, and changes only whether the key starts by itself.
 * @param startsItself it starts when the account's running subscription to the product ends
 */
export async function keepKey(
  { startsItself, ...attempt }: Attempt & { startsItself: boolean },
  { now }: { now: Date },
): Promise<Keeping> {
  const { key, accountId } = attempt;
  const looked = await lookUpKey(attempt, { now });
  if (looked.status !== "usable") return looked;
  const { key: found, holder } = looked;
  const { product, term } = found;
  const values = [
    accountId,
    holder.country,
    found.id,
    found.version,
    found.batchVersion,
    now.toISOString(),
    sealKey(key, { keyId: found.id, accountId }),
    keyHint(key),
    startsItself,
    randomUUID(),
    JSON.stringify({ product, ...term }),
    report.action,
    report.kind,
  ];
  const [kept] = await retrying(() => runPrepared<{ keptId: string }>("keep", keep, values));
  // Something changed since it was looked up, perhaps by the same request: judge again.
  return kept ? { status: "kept", ...kept } : keepKey({ startsItself, ...attempt }, { now });
}

const report: Pick<NewEvent, "action"> & Pick<NewMail, "kind"> = { action: "key.kept", kind: "key-kept" };

/**
 * Locks the account first and the key second, as everywhere. A key that is kept already is told of only once. One that
 * starts by itself from now on counts as kept from now on: it must not start in the past.
 */
const keep = `
  WITH a AS MATERIALIZED (
    SELECT id, email, email_verified_at FROM account WHERE id = $1 AND country = $2 AND erased_at IS NULL
       FOR NO KEY UPDATE),
  before AS (SELECT kept_id IS NOT NULL AND state = 'kept' AS was_kept FROM product_key WHERE id = $3),
  k AS (
    UPDATE product_key
       SET state = 'kept', account_id = a.id, 
           kept_at = CASE WHEN $9 AND NOT starts_itself THEN $6 ELSE coalesce(kept_at, $6) END, sealed = coalesce(sealed, $7::bytea),
           hint = coalesce(hint, $8::text), starts_itself = $9, kept_id = coalesce(kept_id, $10::uuid)
      FROM a, key_batch b
     WHERE product_key.id = $3 AND product_key.version = $4 AND product_key.state <> 'redeemed'
       AND b.id = product_key.batch_id AND b.version = $5
    RETURNING product_key.kept_id),
  held AS (DELETE FROM held_key USING k WHERE account_id = $1),
  told AS (
    INSERT INTO event (account_id, actor, action, subject, at, details)
    SELECT $1, 'account', $12, k.kept_id::text, $6, $11 FROM k, before WHERE NOT was_kept),
  -- Only to a confirmed address: an unconfirmed one may belong to a stranger.
  email AS (
    INSERT INTO mail (account_id, kind, recipient, details, created_at)
    SELECT $1, $13, a.email, $11, $6 FROM k, a, before WHERE a.email_verified_at IS NOT NULL AND NOT was_kept)
  SELECT kept_id AS "keptId" FROM k`;
