import "server-only";
import { sql } from "drizzle-orm";
import { db } from "@/lib/db/client";
import { mail } from "@/lib/db/schema/mail";

/** Deletes emails that were finished 30 days ago. Waiting emails stay. Runs hourly. */
export async function sweepMails(): Promise<void> {
  await db()
    .delete(mail)
    .where(sql`${mail.endedAt} < now() - interval '30 days'`);
}
