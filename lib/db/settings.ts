import "server-only";
import { createHmac, timingSafeEqual } from "node:crypto";
import { eq, like } from "drizzle-orm";
import { db } from "@/lib/db/client";
import { setting } from "@/lib/db/schema/setting";
import { ConfigurationError } from "@/lib/configuration-error";

/**
 * Binds the database to the look-up secret it is first used with. With another secret, no issued key could be found.
 * @param file the file that the secret is from, when LOOKUP_SECRET is not set
 * @returns whether it is bound from now on, and was not before
 * @throws ConfigurationError when the database is bound to another secret
 */
export async function bindLookupSecret(lookupSecret: string, file?: string): Promise<boolean> {
  const isNew = (await readSetting("lookup-fingerprint")) === undefined;
  if (await isBound("lookup-fingerprint", lookupSecret)) return isNew;
  throw new ConfigurationError([
    file
      ? `LOOKUP_SECRET is not set, and the secret in ${file} is not the one this database was made with`
      : "LOOKUP_SECRET is not the one this database was made with. If a command made it without LOOKUP_SECRET, the secret " +
        "is in secrets.json in that command's DATA_DIR",
  ]);
}

/** Followed by a version. */
const VAULT = "vault-fingerprint-";

/**
 * Binds the database to each vault secret it is first used with. With another secret of the same version, or without
 * it, no key sealed before could be shown. Keys sealed meanwhile would be lost once the mistake is mended.
 * @throws ConfigurationError when a version has another secret than before, or is missing
 */
export async function bindVaultSecrets(secrets: ReadonlyMap<number, string>): Promise<void> {
  const problems: string[] = [];
  for (const [version, secret] of secrets) {
    if (await isBound(VAULT + version, secret)) continue;
    problems.push(`VAULT_SECRETS has another version ${version} than the one this database was used with`);
  }
  const bound = await db()
    .select({ name: setting.name })
    .from(setting)
    .where(like(setting.name, `${VAULT}%`));
  for (const version of bound.map(({ name }) => Number(name.slice(VAULT.length)))) {
    if (!secrets.has(version)) problems.push(`VAULT_SECRETS lacks version ${version}, which seals stored keys`);
  }
  if (problems.length > 0) throw new ConfigurationError(problems);
}

/** Stores the fingerprint of a secret unless there is one. @returns whether the stored one is this secret's */
async function isBound(name: string, secret: string): Promise<boolean> {
  const fingerprint = createHmac("sha256", secret).update("fingerprint").digest("base64url");
  await db().insert(setting).values({ name, value: fingerprint }).onConflictDoNothing();
  const stored = (await readSetting(name)) ?? "";
  return stored.length === fingerprint.length && timingSafeEqual(Buffer.from(stored), Buffer.from(fingerprint));
}

export const holdsDemoData = async (): Promise<boolean> => (await readSetting("demo")) !== undefined;

export async function markDemoData(): Promise<void> {
  await db().insert(setting).values({ name: "demo", value: "yes" }).onConflictDoNothing();
}

async function readSetting(name: string): Promise<string | undefined> {
  const [row] = await db().select({ value: setting.value }).from(setting).where(eq(setting.name, name));
  return row?.value;
}
