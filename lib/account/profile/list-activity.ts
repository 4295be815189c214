import "server-only";
import { and, desc, eq, inArray, sql } from "drizzle-orm";
import { db } from "@/lib/db/client";
import { eventActions, type EventAction } from "@/lib/db/events";
import { event, eventPerson } from "@/lib/db/schema/event";
import { browserName } from "@/lib/account/session/browser-name";

/** What concerns no account, or one that nobody can look at any more: for the operator's commands alone. */
const operatorOnly = [
  "account.erased",
  "password.reset-limited",
  "key.released",
  "batch.issued",
  "batch.released",
] as const satisfies EventAction[];

export type ToldAction = Exclude<EventAction, (typeof operatorOnly)[number]>;

/** What an account's owner is told of, each with a sentence of its own in `activity.events`. */
export const toldActions = eventActions.filter(
  (action): action is ToldAction => !operatorOnly.some((one) => one === action),
);

export type ActivityEntry = {
  id: number;
  at: Date;
  action: ToldAction;
  actor: "account" | "operator" | "system";
  details: Record<string, string | number>;
  /** The browser it was done with, where that is known. */
  device: { browser: string | null; system: string | null } | null;
};

const PAGE = 30;

/**
 * What happened to an account, newest first, 30 at a time.
 * @param asked.before the last page's `next`; anything else begins at the beginning
 * @returns `next`: the cursor of what is older; null when there is nothing older
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
      action: sql<ToldAction>`${event.action}`,
      actor: sql<ActivityEntry["actor"]>`${event.actor}`,
      details: event.details,
      userAgent: eventPerson.userAgent,
    })
    .from(event)
    .leftJoin(eventPerson, eq(eventPerson.eventId, event.id))
    .where(and(eq(event.accountId, accountId), inArray(event.action, toldActions), older))
    .orderBy(desc(event.at), desc(event.id))
    .limit(PAGE + 1);
  const shown = found.slice(0, PAGE);
  const last = shown.at(-1);
  return {
    entries: shown.map(({ userAgent, ...entry }) => ({ ...entry, device: userAgent ? browserName(userAgent) : null })),
    next: last && found.length > PAGE ? `${last.at.getTime()}.${last.id}` : null,
  };
}
