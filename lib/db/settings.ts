import "server-only";
import { createHmac, timingSafeEqual } from "node:crypto";
import { eq } from "drizzle-orm";
import { db } from "@/lib/db/client";
import { setting } from "@/lib/db/schema/setting";
import { ConfigurationError } from "@/lib/configuration-error";

/**
 * Binds the database to the look-up secret it is first used with. With another secret, no issued key could be found.
 * @throws ConfigurationError when the database is bound to another secret
 */
export async function bindLookupSecret(lookupSecret: string): Promise<void> {
  const fingerprint = createHmac("sha256", lookupSecret).update("fingerprint").digest("base64url");
  await db().insert(setting).values({ name: "lookup-fingerprint", value: fingerprint }).onConflictDoNothing();
  const stored = (await readSetting("lookup-fingerprint")) ?? "";
  const same = stored.length === fingerprint.length && timingSafeEqual(Buffer.from(stored), Buffer.from(fingerprint));
  if (!same) throw new ConfigurationError(["LOOKUP_SECRET is not the one this database was made with"]);
}

export const holdsDemoData = async (): Promise<boolean> => (await readSetting("demo")) !== undefined;

export async function markDemoData(): Promise<void> {
  await db().insert(setting).values({ name: "demo", value: "yes" }).onConflictDoNothing();
}

async function readSetting(name: string): Promise<string | undefined> {
  const [row] = await db().select({ value: setting.value }).from(setting).where(eq(setting.name, name));
  return row?.value;
}
