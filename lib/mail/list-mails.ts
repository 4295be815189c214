import "server-only";
import { desc, sql } from "drizzle-orm";
import { db } from "@/lib/db/client";
import { mail } from "@/lib/db/schema/mail";

export type MailView = {
  id: string;
  kind: string;
  to: string;
  /** When the change it reports happened. */
  since: Date;
  tries: number;
  state: "waiting" | "given-up" | "sent" | "out-of-date";
  lastError: string | null;
};

const state = sql<MailView["state"]>`coalesce(${mail.outcome}, 'waiting')`;

/** Lists emails that wait or were given up, newest first. @param all also those sent or out of date */
export function listMails({ all }: { all: boolean }): Promise<MailView[]> {
  return db()
    .select({
      id: mail.id,
      kind: mail.kind,
      to: mail.recipient,
      since: mail.createdAt,
      tries: mail.tries,
      state,
      lastError: mail.lastError,
    })
    .from(mail)
    .where(all ? undefined : sql`${state} IN ('waiting', 'given-up')`)
    .orderBy(desc(mail.createdAt), mail.id);
}
