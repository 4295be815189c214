import "server-only";
import { transaction } from "@/lib/db/client";
import { postMail } from "@/lib/jobs/outbox";
import { reserve } from "@/lib/limits/limits";
import { findHandoff } from "@/lib/account/handoff/handoffs";

type Owner = { id: string; email: string; emailVerifiedAt: Date | null };

/** Emails the link of the code that a session shows to the account's confirmed address. */
export async function emailHandoff(
  { owner, sessionId }: { owner: Owner; sessionId: string },
  { now }: { now: Date },
): Promise<{ status: "sent" | "unconfirmed" | "over" } | { status: "limited"; until: Date }> {
  if (!owner.emailVerifiedAt) return { status: "unconfirmed" };
  const shown = await findHandoff({ sessionId }, { now });
  if (shown?.state !== "open") return { status: "over" };
  const reservation = await reserve("handoffMailPerAccount", owner.id);
  if (!reservation.allowed) return { status: "limited", until: reservation.until };
  const details = { handoff: shown.id, until: shown.expiresAt.toISOString() };
  const letter = { accountId: owner.id, recipient: owner.email, details, at: now };
  await transaction((tx) => postMail(tx, { kind: "handoff-link", ...letter }));
  return { status: "sent" };
}
