import "server-only";
import { and, eq, sql } from "drizzle-orm";
import { transaction } from "@/lib/db/client";
import { recordEvent } from "@/lib/db/events";
import { dispute } from "@/lib/db/schema/dispute";
import { postMail } from "@/lib/jobs/outbox";
import { lockPerson } from "@/lib/licence/disputes/lock-person";
import { maskKeys } from "@/lib/licence/mask-keys";

export type AnswerFault = "empty" | "tooLong" | "key" | "link";

/** Why a text cannot be an answer: our emails contain no key and link only to our own site. Null: it can. */
export function answerFault(text: string): AnswerFault | null {
  if (text === "") return "empty";
  if ([...text].length > 4000) return "tooLong";
  if (maskKeys(text) !== text) return "key";
  return /:\/\/|www\./i.test(text) ? "link" : null;
}

/**
 * `ambiguous`: two accounts have disputes with this code. `answeredSo`: the case has this very answer already. `emailed`:
 * false when the person's address is not confirmed.
 */
export type Answering =
  { status: "answered"; emailed: boolean } | { status: "answeredSo" } | { status: "unknown" } | { status: "ambiguous" };

/**
 * Answers a case and emails the person. Another answer replaces the first and is emailed too. The same answer again
 * changes nothing and is not sent again.
 * @param text without an {@link answerFault}
 */
export async function answerDispute(
  { caseCode, text }: { caseCode: string; text: string },
  { now }: { now: Date },
): Promise<Answering> {
  return transaction(async (tx) => {
    const [found, another] = await tx
      .select({ id: dispute.id, accountId: dispute.accountId })
      .from(dispute)
      .where(eq(dispute.caseCode, caseCode))
      .limit(2);
    if (another) return { status: "ambiguous" };
    const person = found && (await lockPerson(tx, found.accountId));
    if (!person) return { status: "unknown" };
    const { id, accountId } = found;
    const { rowCount } = await tx
      .update(dispute)
      .set({ state: "answered", answer: text, answeredAt: now })
      .where(and(eq(dispute.id, id), sql`${dispute.answer} is distinct from ${text}`));
    if (rowCount === 0) return { status: "answeredSo" };
    await recordEvent(tx, { action: "dispute.answered", actor: "operator", accountId, subject: caseCode, at: now });
    const letter = { kind: "dispute-answered", accountId, recipient: person.email } as const;
    const mailId = await postMail(tx, { ...letter, details: { caseCode, answer: text }, at: now });
    return { status: "answered", emailed: mailId !== null };
  });
}
