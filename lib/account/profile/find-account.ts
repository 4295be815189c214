import "server-only";
import { and, asc, eq, isNull } from "drizzle-orm";
import { db } from "@/lib/db/client";
import { account } from "@/lib/db/schema/account";
import { event } from "@/lib/db/schema/event";
import { normaliseEmail } from "@/lib/account/canonical-email";

export type AccountRecord = {
  id: string;
  email: string;
  name: string;
  country: string;
  locale: string;
  timeZone: string;
  createdAt: Date;
  emailVerifiedAt: Date | null;
};

export type EventView = {
  at: Date;
  action: string;
  actor: string;
  subject: string | null;
  details: Record<string, string | number>;
};

/** Finds an account's data and its events, oldest first, for an operator. Null when no account has the address. */
export async function findAccount({
  email,
}: {
  email: string;
}): Promise<{ account: AccountRecord; events: EventView[] } | null> {
  const [found] = await db()
    .select({
      id: account.id,
      email: account.email,
      name: account.name,
      country: account.country,
      locale: account.locale,
      timeZone: account.timeZone,
      createdAt: account.createdAt,
      emailVerifiedAt: account.emailVerifiedAt,
    })
    .from(account)
    .where(eq(account.email, normaliseEmail(email)));
  if (!found) return null;
  const events = await db()
    .select({
      at: event.at,
      action: event.action,
      actor: event.actor,
      subject: event.subject,
      details: event.details,
    })
    .from(event)
    .where(eq(event.accountId, found.id))
    .orderBy(asc(event.at), asc(event.id));
  return { account: found, events };
}

/** Finds the address of an account. Null for an unknown id and for an erased account. */
export async function findAddress({ accountId }: { accountId: string }): Promise<string | null> {
  const [found] = await db()
    .select({ email: account.email })
    .from(account)
    .where(and(eq(account.id, accountId), isNull(account.erasedAt)));
  return found?.email ?? null;
}
