import "server-only";
import { sql } from "drizzle-orm";
import { db } from "@/lib/db/client";

/** Whether the database answers now. */
export async function isReady(): Promise<boolean> {
  try {
    await db().execute(sql`SELECT 1`);
    return true;
  } catch {
    return false;
  }
}
