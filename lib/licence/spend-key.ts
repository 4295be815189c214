import "server-only";
import { retrying, runPrepared } from "@/lib/db/client";
import type { NewEvent } from "@/lib/db/events";
import type { NewMail } from "@/lib/jobs/outbox";
import type { Giving, GivingKind } from "@/lib/licence/choices";
import type { AskingAccount, FoundKey } from "@/lib/licence/find-key";

type Spending = {
  accountId: string;
  key: FoundKey;
  holder: AskingAccount;
  choice: Giving;
  /** Of a typed key. A kept key has them already. */
  typed: { sealed: Buffer; hint: string } | null;
};

export type Spent = { grantId: string; subscriptionId: string };

/**
 * Decides which account gets a key and what it gives; nothing else does. One statement spends the key and writes the
 * grant, the projected end, the event and the email, and only if the account's ledger, its country and the key are
 * unchanged. It locks the account first and the key second, as everywhere. After waiting for a lock, PostgreSQL compares
 * the versions again.
 * @param context.from the instant at which the choice was worked out, and the grant is given: `now`, or earlier for a
 * key that should have started by itself by then
 * @param context.actor who starts the key: its owner, or the portal
 * @returns null when one of them has changed
 */
export async function spendKey(
  { accountId, key, holder, choice, typed }: Spending,
  { now, from = now, actor = "account" }: { now: Date; from?: Date; actor?: "account" | "system" },
): Promise<Spent | null> {
  const { product, term } = key;
  const endsAt = choice.endsAt.toISOString();
  const values = [
    accountId,
    holder.ledgerVersion,
    holder.country,
    key.id,
    key.version,
    key.batchVersion,
    from.toISOString(),
    typed?.sealed ?? null,
    typed?.hint ?? null,
    choice.kind === "extend" ? choice.subscriptionId : product,
    endsAt,
    term.months,
    term.days,
    JSON.stringify({ product, ...term, choice: choice.kind }),
    JSON.stringify({ product, ...term, endsAt }),
    report.action,
    report.kind,
    actor,
    now.toISOString(),
  ];
  const spend = () => runPrepared<Spent>(`redeem-${choice.kind}`, statements[choice.kind], values);
  const [spent] = await retrying(spend);
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
       SET state = 'redeemed', account_id = a.id, redeemed_at = $7, starts_itself = false,
           sealed = coalesce($8::bytea, sealed), hint = coalesce($9::text, hint)
      FROM a, key_batch b
     WHERE product_key.id = $4 AND product_key.version = $5 AND b.id = product_key.batch_id AND b.version = $6
    RETURNING product_key.id),
  -- Held for a newcomer who may have gone on in another browser.
  held AS (DELETE FROM held_key USING k WHERE account_id = $1),
  moved AS (
    UPDATE account SET ledger_version = ledger_version + 1 FROM k WHERE account.id = $1),
  s AS (${subscription}),
  g AS (
    INSERT INTO grant_entry (subscription_id, key_id, months, days, granted_at)
    SELECT s.id, k.id, $12, $13, $7 FROM k, s
    RETURNING id, subscription_id),
  told AS (
    INSERT INTO event (account_id, actor, action, subject, at, details)
    SELECT $1, $18, $16, g.id::text, $7, $14 FROM g),
  -- Only to a confirmed address: an unconfirmed one may belong to a stranger.
  email AS (
    INSERT INTO mail (account_id, kind, recipient, details, created_at)
    SELECT $1, $17, a.email, $15, $19 FROM g, a WHERE a.email_verified_at IS NOT NULL)
  SELECT id AS "grantId", subscription_id AS "subscriptionId" FROM g`;

const intoNew = redeemInto(
  "INSERT INTO subscription (account_id, product_code, ends_at) SELECT $1, $10, $11 FROM k RETURNING id",
);

const statements: Record<GivingKind, string> = {
  start: intoNew,
  add: intoNew,
  extend: redeemInto(
    "UPDATE subscription SET ends_at = $11 FROM k WHERE subscription.id = $10 AND subscription.account_id = $1 RETURNING subscription.id",
  ),
};
