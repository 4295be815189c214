import "server-only";
import { sql } from "drizzle-orm";
import { db } from "@/lib/db/client";

/** Whether the database answers and takes writes now. */
export async function isReady(): Promise<boolean> {
  try {
    const { rows } = await db().execute(sql`SELECT current_setting('transaction_read_only') AS read_only`);
    return rows[0]?.["read_only"] === "off";
  } catch {
    return false;
  }
}
