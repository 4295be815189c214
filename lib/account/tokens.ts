import "server-only";
import { createHmac, randomUUID } from "node:crypto";
import { and, eq, gt, inArray, isNull, sql } from "drizzle-orm";
import { db, type Database, type Transaction } from "@/lib/db/client";
import { account, oneTimeToken } from "@/lib/db/schema/account";
import { digestOf } from "@/lib/account/digest";
import { env } from "@/lib/env";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** What a token can be used for, and for how long, in milliseconds. */
const lifetimes = {
  "verify-email": 24 * HOUR_MS,
  "change-email": 24 * HOUR_MS,
  "restore-email": 7 * 24 * HOUR_MS,
  "reset-password": 30 * MINUTE_MS,
  "delete-account": 24 * HOUR_MS,
} as const;

export type TokenPurpose = keyof typeof lifetimes;

/**
 * Every purpose except restoring a former address. That link is for an owner whose account somebody else has taken over, so
 * nothing done with the account may void it.
 */
export const allButRestoring = (Object.keys(lifetimes) as TokenPurpose[]).filter((one) => one !== "restore-email");

/** An email that confirms an address carries a six-digit code besides the link. */
const CODE_LIFETIME = 15 * MINUTE_MS;
const CODE_TRIES = 5;

export type TokenView = { id: string; purpose: TokenPurpose; accountId: string; email: string; usedAt: Date | null };

const view = {
  id: oneTimeToken.id,
  purpose: sql<TokenPurpose>`${oneTimeToken.purpose}`,
  accountId: oneTimeToken.accountId,
  email: oneTimeToken.email,
  usedAt: oneTimeToken.usedAt,
};

const keyed = (text: string) => createHmac("sha256", env().secrets.auth).update(text).digest();
/** If `?token=` occurs twice, Next.js passes a list despite the type. As text, the list matches no token. */

/**
 * The secret of a link, derived from the row's id. So a repeated email carries the same link, and no table stores it.
 */
export const tokenOf = ({ id, purpose }: { id: string; purpose: TokenPurpose }): string =>
  keyed(`token:${purpose}:${id}`).toString("base64url");

/** Whether the derived secret is still the one the token was issued with. A new AUTH_SECRET derives another one. */
export const isAsIssued = ({ hash, ...token }: { id: string; purpose: TokenPurpose; hash: Buffer }): boolean =>
  digestOf(tokenOf(token)).equals(hash);

/** The six-digit code of a token, also derived from its id. */
export const codeOf = ({ id }: { id: string }): string =>
  String(Number(keyed(`code:${id}`).readBigUInt64BE() % 1_000_000n)).padStart(6, "0");

/** When a token's six-digit code expires. */
export const codeEndsAt = ({ createdAt }: { createdAt: Date }): Date => new Date(createdAt.getTime() + CODE_LIFETIME);

/**
 * Issues a token for an address and voids an older one of the same purpose. The caller must hold the account's lock
 * (lock-account.ts), so that only one of several simultaneous tokens stays valid. For an account that does not exist,
 * the same statements run and issue nothing.
 * @param wanted.id for a caller that must know the id beforehand
 */
export async function issueToken(
  tx: Transaction,
  wanted: { id?: string; purpose: TokenPurpose; accountId: string; email: string },
  { now }: { now: Date },
): Promise<{ id: string; token: string }> {
  const { id = randomUUID(), purpose, accountId, email } = wanted;
  if (purpose !== "restore-email") await voidTokens(tx, accountId, [purpose], { now });
  const token = tokenOf({ id, purpose });
  const expiresAt = new Date(now.getTime() + lifetimes[purpose]);
  await tx.execute(sql`
    INSERT INTO one_time_token (id, purpose, account_id, email, hash, created_at, expires_at)
    SELECT ${id}, ${purpose}, account.id, ${email}, ${digestOf(token)}, ${now.toISOString()}, ${expiresAt.toISOString()}
      FROM account WHERE account.id = ${accountId}`);
  return { id, token };
}

/** A token, whether it can still be used, and its account as it is now. */
type FoundToken = TokenView & {
  live: boolean;
  owner: {
    /** Whether the token's address is the account's. */
    hasAddress: boolean;
    emailVerifiedAt: Date | null;
    leavesAt: Date | null;
  };
};

/** Finds the token of a link without using it, also when it is used or expired. Null when it never existed. */
export async function findToken(
  token: string,
  purposes: readonly TokenPurpose[],
  { now }: { now: Date },
): Promise<FoundToken | null> {
  const [found] = await db()
    .select({
      ...view,
      expiresAt: oneTimeToken.expiresAt,
      owner: {
        hasAddress: sql<boolean>`${account.email} = ${oneTimeToken.email}`,
        emailVerifiedAt: account.emailVerifiedAt,
        leavesAt: account.leavesAt,
      },
    })
    .from(oneTimeToken)
    .innerJoin(account, eq(account.id, oneTimeToken.accountId))
    .where(and(eq(oneTimeToken.hash, digestOf(token)), inArray(oneTimeToken.purpose, [...purposes])));
  if (!found) return null;
  const { expiresAt, ...rest } = found;
  return { ...rest, live: !rest.usedAt && expiresAt > now };
}

/**
 * Uses a token. Of several simultaneous calls, one succeeds. Null: unknown, of another purpose, used, void or expired.
 */
export async function spendToken(
  tx: Transaction | Database,
  token: string,
  purposes: readonly TokenPurpose[],
  { now }: { now: Date },
): Promise<TokenView | null> {
  const [used] = await tx
    .update(oneTimeToken)
    .set({ usedAt: now })
    .where(
      and(
        eq(oneTimeToken.hash, digestOf(token)),
        inArray(oneTimeToken.purpose, [...purposes]),
        isNull(oneTimeToken.usedAt),
        gt(oneTimeToken.expiresAt, now),
      ),
    )
    .returning(view);
  return used ?? null;
}

/**
 * Finds an account's live token by its six-digit code, within 15 minutes and five attempts, without using it. An
 * attempt is counted before the code is compared, so that a parallel burst gets no more attempts.
 */
export async function matchCode(
  { accountId, purposes, code }: { accountId: string; purposes: readonly TokenPurpose[]; code: string },
  { now }: { now: Date },
): Promise<{ status: "matched"; token: string } | { status: "wrong"; triesLeft: number } | { status: "over" }> {
  const tried = await db()
    .update(oneTimeToken)
    .set({ codeTries: sql`${oneTimeToken.codeTries} + 1` })
    .where(
      and(
        eq(oneTimeToken.accountId, accountId),
        inArray(oneTimeToken.purpose, [...purposes]),
        isNull(oneTimeToken.usedAt),
        codeCounts(now),
      ),
    )
    .returning({ ...view, codeTries: oneTimeToken.codeTries });
  if (tried.length === 0) return { status: "over" };
  const fitting = tried.find((one) => codeOf(one) === code);
  if (fitting) return { status: "matched", token: tokenOf(fitting) };
  return { status: "wrong", triesLeft: CODE_TRIES - Math.min(...tried.map(({ codeTries }) => codeTries)) };
}

/**
 * SQL condition: a token of one of these purposes that can still be used. An account has at most one per purpose,
 * except for restore-email.
 */
export const isPending = (purposes: readonly TokenPurpose[], now: Date) =>
  and(inArray(oneTimeToken.purpose, [...purposes]), isNull(oneTimeToken.usedAt), gt(oneTimeToken.expiresAt, now));

/** SQL condition: the token's six-digit code still works. */
export const codeCounts = (now: Date) =>
  and(
    gt(oneTimeToken.createdAt, new Date(now.getTime() - CODE_LIFETIME)),
    sql`${oneTimeToken.codeTries} < ${CODE_TRIES}`,
  );

/** Voids an account's unused tokens. @returns how many of them had not expired */
export async function voidTokens(
  tx: Transaction,
  accountId: string,
  purposes: readonly TokenPurpose[],
  { now }: { now: Date },
): Promise<number> {
  const voided = await tx
    .update(oneTimeToken)
    .set({ usedAt: now })
    .where(
      and(
        eq(oneTimeToken.accountId, accountId),
        isNull(oneTimeToken.usedAt),
        inArray(oneTimeToken.purpose, [...purposes]),
      ),
    )
    .returning({ expiresAt: oneTimeToken.expiresAt });
  return voided.filter(({ expiresAt }) => expiresAt > now).length;
}

/** Deletes tokens that ended a month ago or longer, with the emails that carried them. Runs hourly. */
export async function sweepTokens(): Promise<void> {
  await db()
    .delete(oneTimeToken)
    .where(sql`${oneTimeToken.expiresAt} < now() - interval '30 days'`);
}
