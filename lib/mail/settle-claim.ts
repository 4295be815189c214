import "server-only";
import { and, eq, sql } from "drizzle-orm";
import { db } from "@/lib/db/client";
import { mail } from "@/lib/db/schema/mail";
import { log } from "@/lib/log";
import { count } from "@/lib/metrics";
import type { ClaimedMail } from "@/lib/mail/claim-mails";

/**
 * The outcome of a claimed email. `lastError` is a line for the operator; without it, the previous line stays. `retry`
 * waits for the next attempt. `released` was interrupted and may be claimed immediately.
 */
export type Settlement =
  | { status: "sent" | "out-of-date" | "released" }
  | { status: "given-up"; lastError?: string }
  | { status: "retry"; lastError: string; seconds: number };

/**
 * Records the outcome of a claimed email and releases the claim. If the claim has expired and another worker holds the
 * email, it writes nothing, because that worker records the outcome.
 */
export async function settleClaim({ id, claimId }: ClaimedMail, settlement: Settlement): Promise<void> {
  const { rowCount } = await db()
    .update(mail)
    .set({ claimId: null, ...changesFor(settlement) })
    .where(and(eq(mail.id, id), eq(mail.claimId, claimId)));
  if (rowCount === 1 && ["sent", "given-up", "out-of-date"].includes(settlement.status))
    count("emails", { outcome: settlement.status });
  if (rowCount === 0)
    log().warn(
      { mailId: id, status: settlement.status },
      "an email's claim had lapsed before its outcome could be noted",
    );
}

function changesFor(settlement: Settlement) {
  switch (settlement.status) {
    case "released":
      return { nextTryAt: sql`now()` };
    case "retry":
      return {
        lastError: settlement.lastError,
        nextTryAt: sql`now() + make_interval(secs => ${settlement.seconds})`,
      };
    case "given-up":
      return { ...ended(settlement.status), lastError: settlement.lastError };
    case "sent":
    case "out-of-date":
      return { ...ended(settlement.status), lastError: null };
  }
}

const ended = (outcome: "sent" | "given-up" | "out-of-date") => ({ outcome, endedAt: sql`now()`, nextTryAt: null });
