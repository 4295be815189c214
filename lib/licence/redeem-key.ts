import "server-only";
import { retrying, runPrepared } from "@/lib/db/client";
import type { NewEvent } from "@/lib/db/events";
import { count } from "@/lib/metrics";
import type { NewMail } from "@/lib/jobs/outbox";
import type { Choice, ChoiceKind } from "@/lib/licence/choices";
import { sealKey } from "@/lib/licence/key-vault";
import type { Attempt, Limited } from "@/lib/licence/look-up";
import { judgeKey, type Judgement } from "@/lib/licence/preview-key";
import { keyHint } from "@/lib/licence/product-key";
import type { Refusal } from "@/lib/licence/refusal";

export type Redemption =
  | { status: "activated" | "alreadyYours"; grantId: string; subscriptionId: string }
  /** Something changed since the preview: nothing was spent, and the new preview must be shown first. */
  | { status: "previewChanged" }
  | Refusal
  | Limited;

type Request = Attempt & {
  choice: ChoiceKind;
  /** From the preview the person confirmed. */
  previewVersion: string;
};

/**
 * Redeems a key for an account: at most two statements read and judge it, one statement spends it. A key gives at most
 * one live grant, whatever arrives at the same time. Repeating a request gives the first result again.
 */
export async function redeemKey(request: Request, context: { now: Date }): Promise<Redemption> {
  const redemption = await redeem(request, context);
  count("redemptions", { outcome: redemption.status });
  return redemption;
}

async function redeem(request: Request, { now }: { now: Date }): Promise<Redemption> {
  const judged = await judgeKey(request, { now });
  if (judged.status !== "usable") return judged;
  const { preview } = judged;
  const choice = preview.choices.find(({ kind }) => kind === request.choice);
  const isAsShown = choice && preview.version === request.previewVersion;
  const spent = isAsShown && (await retrying(() => spend(request, judged, choice, now)));
  if (spent) return { status: "activated", ...spent };

  // Something changed, perhaps between the statements that judged. Judge again and report the change.
  const again = await judgeKey(request, { now });
  return again.status === "usable" ? { status: "previewChanged" } : again;
}

type Spent = { grantId: string; subscriptionId: string };
type Usable = Extract<Judgement, { status: "usable" }>;

/**
 * Decides which account gets the key; nothing else does. It writes only if the account's ledger, its country and the
 * key are unchanged. It locks the account first and the key second, as everywhere. After waiting for a lock, PostgreSQL
 * compares the versions again.
 * @returns null when one of them has changed
 */
async function spend({ key, accountId }: Request, judged: Usable, choice: Choice, now: Date): Promise<Spent | null> {
  const { key: found, holder } = judged;
  const { product, term } = found;
  const at = now.toISOString();
  const endsAt = choice.endsAt.toISOString();
  const [spent] = await runPrepared<Spent>(`redeem-${choice.kind}`, statements[choice.kind], [
    accountId,
    holder.ledgerVersion,
    holder.country,
    found.id,
    found.version,
    found.batchVersion,
    at,
    sealKey(key, { keyId: found.id, accountId }),
    keyHint(key),
    choice.kind === "extend" ? choice.subscriptionId : product,
    endsAt,
    term.months,
    term.days,
    JSON.stringify({ product, ...term, choice: choice.kind }),
    JSON.stringify({ product, ...term, endsAt }),
    report.action,
    report.kind,
  ]);
  return spent ?? null;
}

/** The event and the email of a redemption. The types check that these names exist. */
const report: Pick<NewEvent, "action"> & Pick<NewMail, "kind"> = { action: "key.redeemed", kind: "key-redeemed" };

const redeemInto = (subscription: string) => `
  WITH a AS MATERIALIZED (
    SELECT id, email, email_verified_at FROM account
     WHERE id = $1 AND ledger_version = $2 AND country = $3 AND erased_at IS NULL
       FOR NO KEY UPDATE),
  k AS (
    UPDATE product_key
       SET state = 'redeemed', account_id = a.id, redeemed_at = $7, sealed = $8, hint = $9
      FROM a, key_batch b
     WHERE product_key.id = $4 AND product_key.version = $5 AND b.id = product_key.batch_id AND b.version = $6
    RETURNING product_key.id),
  moved AS (
    UPDATE account SET ledger_version = ledger_version + 1 FROM k WHERE account.id = $1),
  s AS (${subscription}),
  g AS (
    INSERT INTO grant_entry (subscription_id, key_id, months, days, granted_at)
    SELECT s.id, k.id, $12, $13, $7 FROM k, s
    RETURNING id, subscription_id),
  told AS (
    INSERT INTO event (account_id, actor, action, subject, at, details)
    SELECT $1, 'account', $16, g.id::text, $7, $14 FROM g),
  -- Only to a confirmed address: an unconfirmed one may belong to a stranger.
  email AS (
    INSERT INTO mail (account_id, kind, recipient, details, created_at)
    SELECT $1, $17, a.email, $15, $7 FROM g, a WHERE a.email_verified_at IS NOT NULL)
  SELECT id AS "grantId", subscription_id AS "subscriptionId" FROM g`;

const statements: Record<ChoiceKind, string> = {
  start: redeemInto(
    "INSERT INTO subscription (account_id, product_code, ends_at) SELECT $1, $10, $11 FROM k RETURNING id",
  ),
  extend: redeemInto(
    "UPDATE subscription SET ends_at = $11 FROM k WHERE subscription.id = $10 AND subscription.account_id = $1 RETURNING subscription.id",
  ),
};
