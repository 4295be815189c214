import "server-only";
import type { Transaction, Database } from "@/lib/db/client";
import { event, eventPerson } from "@/lib/db/schema/event";

/** Every action. My account has words for those that concern an account. */
export const eventActions = [
  "account.created",
  "account.name-changed",
  "account.locale-changed",
  "account.country-changed",
  "account.time-zone-changed",
  "account.reminders-changed",
  "account.email-confirmed",
  "account.email-corrected",
  "account.email-change-asked",
  "account.email-change-refused",
  "account.email-change-cancelled",
  "account.email-changed",
  "account.email-restored",
  "account.code-refused",
  "account.exported",
  "account.deletion-asked",
  "account.leaving",
  "account.kept",
  "account.erased",
  "password.reset-asked",
  "password.reset-limited",
  "password.reset",
  "password.changed",
  "password.limited",
  "passkey.added",
  "passkey.renamed",
  "passkey.removed",
  "passkey.refused",
  "session.started",
  "session.refused",
  "session.locked",
  "session.confirmed",
  "session.ended",
  "session.ended-elsewhere",
  "session.others-ended",
  "app.signed-in",
  "app.signed-out",
  "app.replayed",
  "handoff.claimed",
  "handoff.confirmed",
  "handoff.refused",
  "key.redeemed",
  "key.kept",
  "key.undone",
  "key.moved-away",
  "key.moved-here",
  "key.refused",
  "key.shown",
  "key.limited",
  "key.voided",
  "key.voided-again",
  "key.restored",
  "key.released",
  "device.activated",
  "device.moved",
  "device.replaced",
  "device.released",
  "dispute.opened",
  "dispute.answered",
  "batch.issued",
  "batch.released",
  "lease.started",
  "lease.suspended",
  "lease.resumed",
  "lease.ended",
  "partner.created",
  "partner.token-issued",
  "partner.tokens-revoked",
  "partner.codes-issued",
] as const;

export type EventAction = (typeof eventActions)[number];

export type NewEvent = {
  action: EventAction;
  accountId?: string | null;
  actor?: "account" | "operator" | "system" | "partner";
  /** An id or code, never a key, an address or a name. */
  subject?: string;
  at: Date;
  details?: Record<string, string | number>;
  /** The personal part, kept apart so that it can be erased. */
  person?: { addressPrefix: string | null; userAgent: string | null };
};

/**
 * Records an event, in the transaction of the change it reports. A refusal that was recorded before stays unchanged.
 */
export async function recordEvent(tx: Transaction | Database, { person, ...entry }: NewEvent): Promise<void> {
  const [written] = await tx
    .insert(event)
    .values({ ...entry, actor: entry.actor ?? "account" })
    .onConflictDoNothing()
    .returning({ id: event.id });
  if (!written || !person) return;
  const { addressPrefix, userAgent } = person;
  await tx.insert(eventPerson).values({ eventId: written.id, addressPrefix, userAgent });
}
