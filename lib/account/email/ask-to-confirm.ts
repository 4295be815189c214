import "server-only";
import { and, eq, sql } from "drizzle-orm";
import { db, transaction, type Database, type Transaction } from "@/lib/db/client";
import { account, oneTimeToken } from "@/lib/db/schema/account";
import { postMail } from "@/lib/jobs/outbox";
import { giveBack, reserve, type Reservation } from "@/lib/limits/limits";
import { normaliseEmail } from "@/lib/account/canonical-email";
import { lockAccount } from "@/lib/account/lock-account";
import { codeCounts, isPending, issueToken, type TokenPurpose } from "@/lib/account/tokens";

/** Emails with a link and a six-digit code: they confirm the account's own address, or its new one. */
export const confirmations = ["verify-email", "change-email"] as const satisfies TokenPurpose[];

/**
 * Sends an email that asks the account's own address to confirm. It replaces an earlier one, whose link and code become
 * void.
 */
export async function askToConfirm(
  tx: Transaction,
  { accountId, email }: { accountId: string; email: string },
  { now }: { now: Date },
): Promise<void> {
  await post(tx, { purpose: "verify-email", accountId, email }, now);
}

/** Counts a confirmation email per address, whoever asked for it, so that nobody can flood a mailbox from here. */
export async function reserveConfirmMail(email: string, on: Database | Transaction = db()): Promise<Reservation> {
  const counted = normaliseEmail(email);
  const minute = await reserve("confirmMailPerMinute", counted, on);
  if (!minute.allowed) return minute;
  const hour = await reserve("confirmMailPerHour", counted, on);
  if (!hour.allowed) await giveBack("confirmMailPerMinute", counted, on);
  return hour;
}

/**
 * Runs `work` that sends a confirmation email, counting the email first. If `work` fails or sends nothing, the count is
 * given back: a retry must not be limited by an email that was never sent.
 * @param sent the status that means an email was queued
 */
export async function underConfirmMailLimit<T extends { status: string }>(
  email: string,
  sent: T["status"],
  work: () => Promise<T>,
): Promise<T | { status: "limited"; until: Date }> {
  const reservation = await reserveConfirmMail(email);
  if (!reservation.allowed) return { status: "limited", until: reservation.until };
  let answer: T | undefined;
  try {
    answer = await work();
    return answer;
  } finally {
    if (answer?.status !== sent) await giveBackConfirmMail(email);
  }
}

/** Gives back the count of an email that was not sent. */
async function giveBackConfirmMail(email: string): Promise<void> {
  await giveBack("confirmMailPerMinute", normaliseEmail(email));
  await giveBack("confirmMailPerHour", normaliseEmail(email));
}

/** An address that an account's owner still has to confirm. */
export type Confirmation = {
  purpose: (typeof confirmations)[number];
  email: string;
  /** Whether the six-digit code of the newest email still works. Its link works for a day. */
  codeCounts: boolean;
};

/** Finds the new address while a change is pending, else the account's own unconfirmed address, else null. */
export const findConfirmation = (
  { accountId }: { accountId: string },
  { now }: { now: Date },
): Promise<Confirmation | null> => seek(db(), accountId, now);

type Asked = { status: "sent"; email: string } | { status: "nothingToAsk" };

/**
 * Sends another email for the address that {@link findConfirmation} finds. The earlier link and code become void.
 * @returns the address; `nothingToAsk`: it is confirmed
 */
export async function askAgain(
  { accountId }: { accountId: string },
  { now }: { now: Date },
): Promise<Asked | { status: "limited"; until: Date }> {
  const wanted = await findConfirmation({ accountId }, { now });
  if (!wanted) return { status: "nothingToAsk" };
  return underConfirmMailLimit<Asked>(wanted.email, "sent", () =>
    transaction(async (tx) => {
      await lockAccount(tx, accountId);
      const still = await seek(tx, accountId, now);
      if (still?.email !== wanted.email) return { status: "nothingToAsk" };
      await post(tx, { purpose: still.purpose, accountId, email: still.email }, now);
      return { status: "sent", email: still.email };
    }),
  );
}

async function seek(tx: Transaction | Database, accountId: string, now: Date): Promise<Confirmation | null> {
  const rows = await tx
    .select({
      own: account.email,
      confirmedAt: account.emailVerifiedAt,
      purpose: oneTimeToken.purpose,
      email: oneTimeToken.email,
      codeCounts: sql<boolean>`coalesce(${codeCounts(now)}, false)`,
    })
    .from(account)
    .leftJoin(oneTimeToken, and(eq(oneTimeToken.accountId, account.id), isPending(confirmations, now)))
    .where(eq(account.id, accountId));
  const change = rows.find(({ purpose }) => purpose === "change-email");
  if (change?.email) return { purpose: "change-email", email: change.email, codeCounts: change.codeCounts };
  const [owner] = rows;
  if (!owner || owner.confirmedAt) return null;
  const codeStillCounts = rows.some((row) => row.purpose === "verify-email" && row.codeCounts);
  return { purpose: "verify-email", email: owner.own, codeCounts: codeStillCounts };
}

type Question = { purpose: Confirmation["purpose"]; accountId: string; email: string };

async function post(tx: Transaction, { purpose, accountId, email }: Question, now: Date): Promise<void> {
  const { id: tokenId } = await issueToken(tx, { purpose, accountId, email }, { now });
  await postMail(tx, { kind: "confirm-address", accountId, recipient: email, tokenId, at: now });
}
