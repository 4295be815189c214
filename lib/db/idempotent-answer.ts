import "server-only";
import { createHmac } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { and, eq, lt, sql } from "drizzle-orm";
import { db } from "@/lib/db/client";
import { idempotentAnswer } from "@/lib/db/schema/partner";
import { env } from "@/lib/env";

/** What a program is answered. */
export type Answer = {
  status: number;
  body: object | null;
  /** It may name a product key. It is not stored, and a repeated request is answered anew. */
  isSecret?: boolean | undefined;
};

type Asked = {
  /** Who asks: the id of a partner or an account. */
  caller: string;
  /** The header `Idempotency-Key`, 1 to 255 characters. */
  key: string;
  /** Everything that the answer depends on: the operation, its parameters and its body. It may contain a product key. */
  request: string;
};

type Means = {
  now: Date;
  /** Must be safe to repeat: a server that dies before its answer is stored leaves the request to a later one. */
  work: () => Promise<Answer>;
};

type Once =
  | ({ status: "answered" } & { answer: Answer })
  /** The key was used with another request. */
  | { status: "otherRequest" }
  /** The same request is being answered now, and takes long. */
  | { status: "inProgress" };

/** Milliseconds after which a request without an answer was abandoned, because its server died. */
const ABANDONED = 30_000;

/** Milliseconds for which a repeated request waits for the first. */
const PATIENCE = 10_000;

/**
 * Answers a request once for its caller's key. Repetitions get the first answer again for a day. They wait while the
 * first request is being answered, and hold no connection meanwhile. A failure, a 429, a 503 and an answer that names a
 * product key leave the key free.
 */
export async function answerOnce({ caller, key, request }: Asked, { now, work }: Means): Promise<Once> {
  const digest = createHmac("sha256", env().secrets.auth).update(`request:${request}`).digest();
  const mine = and(eq(idempotentAnswer.caller, caller), eq(idempotentAnswer.key, key));
  const giveUp = Date.now() + PATIENCE;
  while (!(await claim({ caller, key, digest }, now))) {
    const [before] = await db().select().from(idempotentAnswer).where(mine);
    // It has just become free.
    if (!before) continue;
    if (!before.request.equals(digest)) return { status: "otherRequest" };
    if (before.status !== NONE) return { status: "answered", answer: read(before) };
    if (Date.now() > giveUp) return { status: "inProgress" };
    await pause(25 + Math.random() * 50);
  }
  const claimed = and(mine, eq(idempotentAnswer.status, NONE), eq(idempotentAnswer.createdAt, now));
  let answer: Answer | undefined;
  try {
    answer = await work();
    return { status: "answered", answer };
  } finally {
    if (!answer || answer.isSecret || [429, 503].includes(answer.status))
      await db().delete(idempotentAnswer).where(claimed);
    else
      await db()
        .update(idempotentAnswer)
        .set({ status: answer.status, body: answer.body ?? {} })
        .where(claimed);
  }
}

/** The status of a request that has no answer yet. */
const NONE = 0;

const NO_CONTENT = 204;

const read = ({ status, body }: { status: number; body: unknown }): Answer => ({
  status,
  body: status === NO_CONTENT ? null : (body as object),
});

type Claim = { caller: string; key: string; digest: Buffer };

/** @returns whether this request is the one to answer: the first with its key, or the next after an abandoned one */
async function claim({ caller, key, digest }: Claim, now: Date): Promise<boolean> {
  const { rowCount } = await db()
    .insert(idempotentAnswer)
    .values({ caller, key, request: digest, status: NONE, body: {}, createdAt: now })
    .onConflictDoUpdate({
      target: [idempotentAnswer.caller, idempotentAnswer.key],
      set: { createdAt: now },
      setWhere: and(
        eq(idempotentAnswer.status, NONE),
        sql`${idempotentAnswer.request} = excluded.request`,
        lt(idempotentAnswer.createdAt, new Date(now.getTime() - ABANDONED)),
      ),
    });
  return rowCount === 1;
}

/** Milliseconds for which an answer is given again. */
const KEPT = 24 * 3_600_000;

/** Deletes answers that are older than a day. Runs hourly. */
export async function sweepAnswers({ now }: { now: Date }): Promise<void> {
  await db()
    .delete(idempotentAnswer)
    .where(lt(idempotentAnswer.createdAt, new Date(now.getTime() - KEPT)));
}
