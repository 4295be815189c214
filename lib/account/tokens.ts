import "server-only";
import { createHash, createHmac, randomUUID } from "node:crypto";
import { and, eq, gt, inArray, isNull, sql } from "drizzle-orm";
import { db, type Database, type Transaction } from "@/lib/db/client";
import { oneTimeToken } from "@/lib/db/schema/account";
import { env } from "@/lib/env";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** What a token may be used for, and for how long, in milliseconds. */
const lifetimes = {
  "verify-email": 24 * HOUR_MS,
  "change-email": 24 * HOUR_MS,
  "restore-email": 7 * 24 * HOUR_MS,
  "reset-password": 30 * MINUTE_MS,
  "delete-account": 24 * HOUR_MS,
} as const;

export type TokenPurpose = keyof typeof lifetimes;

/**
 * Everything but the way back to an address the account had before: it is there for when somebody else has taken the
 * account, so who has it now must not be able to close it.
 */
export const allButRestoring = (Object.keys(lifetimes) as TokenPurpose[]).filter((one) => one !== "restore-email");

/** A six-digit code stands beside the link that confirms an address. */
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
/** An address can name a token twice; then it is a list, whatever its type says, and of no token. */
const digestOf = (token: string) => createHash("sha256").update(String(token)).digest();

/** The secret of a link, computed from the row's id: a repeated mail carries the same one, and no job or table holds it. */
export const tokenOf = ({ id, purpose }: { id: string; purpose: TokenPurpose }): string =>
  keyed(`token:${purpose}:${id}`).toString("base64url");

/** Whether a token's secret is still the one it was issued with: it is another one once AUTH_SECRET has changed. */
export const isAsIssued = ({ hash, ...token }: { id: string; purpose: TokenPurpose; hash: Buffer }): boolean =>
  digestOf(tokenOf(token)).equals(hash);

/** The six digits of a token, computed from its id likewise. */
export const codeOf = ({ id }: { id: string }): string =>
  String(Number(keyed(`code:${id}`).readBigUInt64BE() % 1_000_000n)).padStart(6, "0");

/** Until when the six digits of a token may be typed. */
export const codeEndsAt = ({ createdAt }: { createdAt: Date }): Date => new Date(createdAt.getTime() + CODE_LIFETIME);

/**
 * Issues a token for an address, which makes an older one of its purpose void. Only one of several at once comes through
 * while the account's row is locked: the caller holds that lock, see {@link lockAccount}. For an account that does not
 * exist the same statements issue nothing.
 * @param wanted.id when the caller has to know it before
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

/** What a token's link leads to, also when it was used already or is too old; null when there never was one. Uses nothing. */
export async function findToken(
  token: string,
  purposes: readonly TokenPurpose[],
  { now }: { now: Date },
): Promise<(TokenView & { live: boolean }) | null> {
  const [found] = await db()
    .select({ ...view, expiresAt: oneTimeToken.expiresAt })
    .from(oneTimeToken)
    .where(and(eq(oneTimeToken.hash, digestOf(token)), inArray(oneTimeToken.purpose, [...purposes])));
  if (!found) return null;
  const { expiresAt, ...rest } = found;
  return { ...rest, live: !rest.usedAt && expiresAt > now };
}

/** Spends a token: of any number at once, one gets it. Null: unknown, of another purpose, used, void or too old. */
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
 * The live token of an account by its six digits, within 15 minutes and five tries; a try is counted before the digits are
 * compared, so that a burst has no more of them. It is not spent yet.
 */
export async function matchCode(
  { accountId, purposes, code }: { accountId: string; purposes: readonly TokenPurpose[]; code: string },
  { now }: { now: Date },
): Promise<{ status: "matched"; token: string } | { status: "wrong"; triesLeft: number } | { status: "over" }> {
  const tried = await db()
    .update(oneTimeToken)
    .set({ codeTries: sql`${oneTimeToken.codeTries} + 1` })
    .where(and(ofPurposes(accountId, purposes), codeCounts(now)))
    .returning({ ...view, codeTries: oneTimeToken.codeTries });
  if (tried.length === 0) return { status: "over" };
  const fitting = tried.find((one) => codeOf(one) === code);
  if (fitting) return { status: "matched", token: tokenOf(fitting) };
  return { status: "wrong", triesLeft: CODE_TRIES - Math.min(...tried.map(({ codeTries }) => codeTries)) };
}

/** An account's live token of a purpose, and whether its six digits still count; null when it has none. */
export async function findPending(
  tx: Transaction | Database,
  accountId: string,
  purpose: TokenPurpose,
  { now }: { now: Date },
): Promise<(TokenView & { codeCounts: boolean }) | null> {
  const [found] = await tx
    .select({ ...view, codeCounts: sql<boolean>`${codeCounts(now)}` })
    .from(oneTimeToken)
    .where(and(ofPurposes(accountId, [purpose]), gt(oneTimeToken.expiresAt, now)));
  return found ?? null;
}

const ofPurposes = (accountId: string, purposes: readonly TokenPurpose[]) =>
  and(eq(oneTimeToken.accountId, accountId), inArray(oneTimeToken.purpose, [...purposes]), isNull(oneTimeToken.usedAt));

const codeCounts = (now: Date) =>
  and(
    gt(oneTimeToken.createdAt, new Date(now.getTime() - CODE_LIFETIME)),
    sql`${oneTimeToken.codeTries} < ${CODE_TRIES}`,
  );

/** Makes an account's unused tokens void. */
export async function voidTokens(
  tx: Transaction,
  accountId: string,
  purposes: readonly TokenPurpose[],
  { now }: { now: Date },
): Promise<void> {
  await tx
    .update(oneTimeToken)
    .set({ usedAt: now })
    .where(
      and(
        eq(oneTimeToken.accountId, accountId),
        isNull(oneTimeToken.usedAt),
        inArray(oneTimeToken.purpose, [...purposes]),
      ),
    );
}

/** Forgets tokens that have been of no use for a month, and the mails that carried them; run now and then. */
export async function sweepTokens(): Promise<void> {
  await db()
    .delete(oneTimeToken)
    .where(sql`${oneTimeToken.expiresAt} < now() - interval '30 days'`);
}
