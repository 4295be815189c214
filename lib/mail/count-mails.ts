import "server-only";
import { eq, isNull } from "drizzle-orm";
import { db } from "@/lib/db/client";
import { mail } from "@/lib/db/schema/mail";

/** Counts the emails that wait to be sent, or that were given up within the last 30 days. */
export const countMails = (state: "waiting" | "given-up"): Promise<number> =>
  db().$count(mail, state === "waiting" ? isNull(mail.outcome) : eq(mail.outcome, "given-up"));
