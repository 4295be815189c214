import "server-only";
import { createHash } from "node:crypto";
import { and, eq, lt } from "drizzle-orm";
import { db, type Transaction } from "@/lib/db/client";
import { idempotentAnswer } from "@/lib/db/schema/partner";

/** What a program is answered. */
export type Answer = { status: number; body: object };

type Asked = {
  /** Who asks, for example a partner's id. */
  caller: string;
  /** The header `Idempotency-Key`, 1 to 255 characters. */
  key: string;
  /** Everything that the answer depends on: the method, the path and the body. */
  request: string;
};

/**
 * Does `work` once for a caller's key, in the caller's transaction, and gives its answer again when the request is
 * repeated. A request with the same key that arrives meanwhile waits until the transaction has ended. If `work` throws,
 * the key is free again.
 * @returns null when the key was used with another request
 */
export async function answerOnce(
  tx: Transaction,
  { caller, key, request }: Asked,
  { now, work }: { now: Date; work: () => Promise<Answer> },
): Promise<Answer | null> {
  const digest = createHash("sha256").update(request).digest();
  const mine = and(eq(idempotentAnswer.caller, caller), eq(idempotentAnswer.key, key));
  const { rowCount } = await tx
    .insert(idempotentAnswer)
    .values({ caller, key, request: digest, status: 0, body: {}, createdAt: now })
    .onConflictDoNothing();
  if (rowCount === 0) {
    const [before] = await tx.select().from(idempotentAnswer).where(mine);
    if (!before?.request.equals(digest)) return null;
    return { status: before.status, body: before.body as object };
  }
  const answer = await work();
  await tx.update(idempotentAnswer).set(answer).where(mine);
  return answer;
}

/** Milliseconds for which an answer is given again. */
const KEPT = 24 * 3_600_000;

/** Deletes answers that are older than a day. Runs hourly. */
export async function sweepAnswers({ now }: { now: Date }): Promise<void> {
  await db()
    .delete(idempotentAnswer)
    .where(lt(idempotentAnswer.createdAt, new Date(now.getTime() - KEPT)));
}
