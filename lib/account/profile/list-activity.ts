import "server-only";
import { and, desc, eq, inArray, sql } from "drizzle-orm";
import { db } from "@/lib/db/client";
import { eventActions, type EventAction } from "@/lib/db/events";
import { event, eventPerson } from "@/lib/db/schema/event";
import { browserName } from "@/lib/account/session/browser-name";

/** Events without an account, or of an erased one. Only the operator's commands show them. */
const operatorOnly = [
  "account.erased",
  "password.reset-limited",
  "key.released",
  "batch.issued",
  "batch.released",
  "partner.created",
  "partner.token-issued",
  "partner.tokens-revoked",
  "partner.codes-issued",
] as const satisfies EventAction[];

export type ShownAction = Exclude<EventAction, (typeof operatorOnly)[number]>;

/** Actions shown to an account's owner. Each has its own sentence in `activity.events`. */
export const shownActions = eventActions.filter(
  (action): action is ShownAction => !operatorOnly.some((one) => one === action),
);

export type ActivityEntry = {
  id: number;
  at: Date;
  action: ShownAction;
  actor: "account" | "operator" | "system" | "partner";
  details: Record<string, string | number>;
  /** The browser that did it, where known. */
  browser: { browser: string | null; system: string | null } | null;
};

const PAGE = 30;

/**
 * Lists an account's events, newest first, 30 at a time.
 * @param asked.before the last page's `next`; any other value starts from the newest
 * @returns `next`: the cursor of the older events; null when there are none
 */
export async function listActivity({
  accountId,
  before,
}: {
  accountId: string;
  before?: string | undefined;
}): Promise<{ entries: ActivityEntry[]; next: string | null }> {
  const [, at, id] = /^(\d{1,13})\.(\d{1,15})$/.exec(before ?? "") ?? [];
  const older =
    at && id
      ? sql`(${event.at}, ${event.id}) < (${new Date(Number(at)).toISOString()}::timestamptz, ${Number(id)})`
      : undefined;
  const found = await db()
    .select({
      id: event.id,
      at: event.at,
      action: sql<ShownAction>`${event.action}`,
      actor: sql<ActivityEntry["actor"]>`${event.actor}`,
      details: event.details,
      userAgent: eventPerson.userAgent,
    })
    .from(event)
    .leftJoin(eventPerson, eq(eventPerson.eventId, event.id))
    .where(and(eq(event.accountId, accountId), inArray(event.action, shownActions), older))
    .orderBy(desc(event.at), desc(event.id))
    .limit(PAGE + 1);
  const shown = found.slice(0, PAGE);
  const last = shown.at(-1);
  return {
    entries: shown.map(({ userAgent, ...entry }) => ({ ...entry, browser: userAgent ? browserName(userAgent) : null })),
    next: last && found.length > PAGE ? `${last.at.getTime()}.${last.id}` : null,
  };
}
