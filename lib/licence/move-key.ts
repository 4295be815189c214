import "server-only";
import { and, eq, gt, inArray, isNull, or } from "drizzle-orm";
import { knownProduct, type ProductCode } from "@/lib/brand";
import { db, transaction, type Database, type Transaction } from "@/lib/db/client";
import { recordEvent, type EventAction } from "@/lib/db/events";
import { account } from "@/lib/db/schema/account";
import { event } from "@/lib/db/schema/event";
import { grantEntry } from "@/lib/db/schema/ledger";
import { keyBatch, productKey } from "@/lib/db/schema/licence";
import { postMail, type MailKind } from "@/lib/jobs/outbox";
import { readKeptKeys, startsNext } from "@/lib/licence/kept-keys";
import { openKey, sealKey } from "@/lib/licence/key-vault";
import { lockLedger, readLedger } from "@/lib/licence/ledger";
import { takeBack, takingBackOf } from "@/lib/licence/take-back";
import type { Term } from "@/lib/licence/term";

/** A key, by its name while it is kept or by its grant, and the account that has it. */
type Owned = { id: string; accountId: string };

/** What moving a key would change for the account that gives it away. */
export type Move = {
  product: ProductCode;
  hint: string;
  term: Term;
  /** Of an activated key: the end of its subscription, now and afterwards. Null for a kept key, which gives no days. */
  ends: { now: Date; after: Date | null; isLast: boolean } | null;
};

/** `startsNext`: the last group of the giving account's kept key that starts by itself as soon as this key has left. */
export type MoveOffer = Move & { startsNext: string | null };

/**
 * Finds out what moving a key would change. A kept key can be moved, and an activated one that is unused: it can still be
 * undone, or its days have not begun. Null: unknown, somebody else's, withdrawn, or used.
 * @param context.offeredAt when its owner confirmed to move it. Null too if that counts no more: see {@link isOver}.
 */
export async function findMove(
  owned: Owned,
  { now, offeredAt }: { now: Date; offeredAt?: Date },
): Promise<MoveOffer | null> {
  const found = await findOwned(db(), owned);
  if (found && offeredAt && (await isOver(db(), found, owned.accountId, offeredAt))) return null;
  const move = await moveOf(found, owned, now);
  if (!move) return null;
  const { product, ends } = move;
  const next = ends?.isLast ? startsNext({ isLast: true, product }, await readKeptKeys(owned.accountId)) : null;
  return { ...move, startsNext: next };
}

export type Moving =
  | { status: "moved" }
  /** `changed`: the giving account's dates are no longer those that were shown. */
  | { status: "changed" | "notPossible" }
  /** One of the two has not confirmed its address. */
  | { status: "unconfirmed"; accountId: string }
  /** The key is not sold in the receiving account's region. */
  | { status: "region" };

/**
 * Gives a key to another account, where it is kept for later with its whole term. An activated one is taken back first.
 * Both accounts are told. Repeating a request gives the first result again. The caller has made sure that one person
 * proved to own both accounts.
 * @param offeredAt when the giving account's owner confirmed it: see {@link isOver}
 * @param shownEnd the end of the giving account's subscription afterwards, as it was shown: ISO, or "" when nothing
 * remains or the key gives no days
 */
export async function moveKey(
  { id, from, to, offeredAt, shownEnd }: { id: string; from: string; to: string; offeredAt: Date; shownEnd: string },
  { now }: { now: Date },
): Promise<Moving> {
  return transaction(async (tx): Promise<Moving> => {
    // In one order, so that two moves between the same accounts do not wait for each other.
    for (const accountId of [from, to].toSorted()) await lockLedger(tx, accountId);

    const owners = await tx
      .select({ id: account.id, email: account.email, country: account.country, verifiedAt: account.emailVerifiedAt })
      .from(account)
      .where(and(inArray(account.id, [from, to]), isNull(account.erasedAt)));
    const [giver, receiver] = [from, to].map((accountId) => owners.find((owner) => owner.id === accountId));
    if (!giver || !receiver || from === to) return { status: "notPossible" };

    const owned = { id, accountId: from };
    const found = await findOwned(tx, owned);
    if (!found && (await findOwned(tx, { id, accountId: to }))) return { status: "moved" };
    const move = await moveOf(found, owned, now, tx);
    if (!found || !move || (await isOver(tx, found, from, offeredAt))) return { status: "notPossible" };
    const unconfirmed = [giver, receiver].find(({ verifiedAt }) => !verifiedAt);
    if (unconfirmed) return { status: "unconfirmed", accountId: unconfirmed.id };
    if (found.regions && !found.regions.includes(receiver.country)) return { status: "region" };
    if ((move.ends?.after?.toISOString() ?? "") !== shownEnd) return { status: "changed" };

    if (found.state === "redeemed") await takeBack(tx, { grantId: found.grantId!, accountId: from }, now);
    const key = openKey(found.sealed!, { keyId: found.keyId, accountId: from });
    await tx
      .update(productKey)
      .set({
        accountId: to,
        sealed: sealKey(key, { keyId: found.keyId, accountId: to }),
        keptAt: now,
        startsItself: false,
      })
      .where(eq(productKey.id, found.keyId));
    const { product, months, days } = found;
    const details = { product, months, days };
    for (const { owner, action, kind } of [
      { owner: giver, ...reports.away },
      { owner: receiver, ...reports.here },
    ]) {
      await recordEvent(tx, { action, accountId: owner.id, subject: id, at: now, details });
      await postMail(tx, { kind, accountId: owner.id, recipient: owner.email, details, at: now });
    }
    return { status: "moved" };
  });
}

const reports = {
  away: { action: "key.moved-away", kind: "key-moved-away" },
  here: { action: "key.moved-here", kind: "key-moved-here" },
} as const satisfies Record<string, { action: EventAction; kind: MailKind }>;

type Found = NonNullable<Awaited<ReturnType<typeof findOwned>>>;

async function findOwned(on: Database | Transaction, { id, accountId }: Owned) {
  const ofGrant = on.select({ keyId: grantEntry.keyId }).from(grantEntry).where(eq(grantEntry.id, id));
  const [found] = await on
    .select({
      ...{ keyId: productKey.id, state: productKey.state, sealed: productKey.sealed, hint: productKey.hint },
      ...{ voidedAt: productKey.voidedAt, grantId: grantEntry.id, regions: keyBatch.regions },
      ...{ keptAt: productKey.keptAt, grantedAt: grantEntry.grantedAt },
      ...{ product: keyBatch.productCode, months: keyBatch.months, days: keyBatch.days },
    })
    .from(productKey)
    .innerJoin(keyBatch, eq(keyBatch.id, productKey.batchId))
    .leftJoin(grantEntry, and(eq(grantEntry.keyId, productKey.id), isNull(grantEntry.undoneAt)))
    .where(and(eq(productKey.accountId, accountId), or(eq(productKey.keptId, id), inArray(productKey.id, ofGrant))));
  return found ?? null;
}

/** By these an owner throws somebody out of their account, and what that one had confirmed with it. */
const throwingOut = [
  ...(["password.changed", "password.reset", "account.email-changed", "account.email-restored"] as const),
  ...(["session.ended-elsewhere", "session.others-ended", "account.leaving"] as const),
] satisfies EventAction[];

/**
 * Whether a confirmation to move a key counts no more: its owner has since thrown somebody out of the account, or has got the
 * key after it, perhaps back from the account that it was moved to.
 */
async function isOver(
  on: Database | Transaction,
  { keptAt, grantedAt }: Found,
  accountId: string,
  offeredAt: Date,
): Promise<boolean> {
  if ((grantedAt ?? keptAt ?? offeredAt) > offeredAt) return true;
  const since = and(eq(event.accountId, accountId), gt(event.at, offeredAt), inArray(event.action, throwingOut));
  return (await on.select({ id: event.id }).from(event).where(since).limit(1)).length > 0;
}

async function moveOf(found: Found | null, { accountId }: Owned, now: Date, tx?: Transaction): Promise<Move | null> {
  if (!found || found.voidedAt) return null;
  const { product, months, days, hint, grantId } = found;
  const key = { product: knownProduct(product), hint: hint!, term: { months, days } };
  if (grantId === null) return { ...key, ends: null };
  const taking = takingBackOf(await readLedger(accountId, tx), grantId, now);
  if (!taking || !isUnused(taking, now)) return null;
  return { ...key, ends: { now: taking.endsAt, after: taking.endsAfter, isLast: taking.isLast } };
}

/** Whether a grant can still be given away: it can be undone and no device used it, or its days have not begun. */
export const isUnused = (
  { until, startsAt, isUsed }: { until: Date | null; startsAt: Date | null; isUsed: boolean },
  now: Date,
): boolean => (until !== null && until > now && !isUsed) || (startsAt !== null && startsAt > now);
