import "server-only";
import { randomBytes } from "node:crypto";
import { and, eq, gt, lte } from "drizzle-orm";
import { db } from "@/lib/db/client";
import { heldKey } from "@/lib/db/schema/licence";
import { env } from "@/lib/env";
import { seal, unseal, type Sealing } from "@/lib/licence/seal";

/** Milliseconds for which a newcomer's key is held: as long as the link that confirms their address works. */
const HELD_FOR = 24 * 3_600_000;
const SALT_BYTES = 16;

/** Derives a key from the owner's password, slowly. @param salt 16 bytes */
type Stretch = (salt: Buffer) => Promise<Buffer>;

/**
 * Holds the key that a person typed before they created their account, so that they can go on in another browser. It is
 * sealed with their password as well as with a secret of the server: a stolen database, even with all secrets of the
 * server, yields it only to somebody who guesses the password.
 */
export async function holdKey(
  { accountId, key }: { accountId: string; key: string },
  stretch: Stretch,
  { now }: { now: Date },
): Promise<void> {
  const salt = randomBytes(SALT_BYTES);
  const sealed = Buffer.concat([salt, seal(key, await sealingOf(accountId, salt, stretch))]);
  const held = { sealed, expiresAt: new Date(now.getTime() + HELD_FOR) };
  await db()
    .insert(heldKey)
    .values({ accountId, ...held })
    .onConflictDoUpdate({ target: heldKey.accountId, set: held });
}

/**
 * Takes a held key out of the database, once.
 * @returns the canonical key; null when none is held, and when the password was changed since
 */
export async function takeHeldKey(
  { accountId }: { accountId: string },
  stretch: Stretch,
  { now }: { now: Date },
): Promise<string | null> {
  const [held] = await db()
    .select({ sealed: heldKey.sealed })
    .from(heldKey)
    .where(and(eq(heldKey.accountId, accountId), gt(heldKey.expiresAt, now)));
  if (!held) return null;
  const salt = held.sealed.subarray(0, SALT_BYTES);
  const sealing = await sealingOf(accountId, salt, stretch);
  await db().delete(heldKey).where(eq(heldKey.accountId, accountId));
  try {
    return unseal(held.sealed.subarray(SALT_BYTES), sealing);
  } catch {
    return null;
  }
}

/** Deletes the keys whose day is over. Runs hourly. */
export async function sweepHeldKeys({ now }: { now: Date }): Promise<void> {
  await db().delete(heldKey).where(lte(heldKey.expiresAt, now));
}

const sealingOf = async (accountId: string, salt: Buffer, stretch: Stretch): Promise<Sealing> => ({
  secret: env().secrets.auth + (await stretch(salt)).toString("base64"),
  use: "held-key",
  boundTo: accountId,
});
