import "server-only";
import { desc, sql } from "drizzle-orm";
import { db, transaction, type Transaction } from "@/lib/db/client";
import { signingKey } from "@/lib/db/schema/signing";
import { seal, unseal, type Sealing } from "@/lib/licence/seal";
import { keyPairOf, SEED_BYTES } from "@/lib/licence/signing-key-pair";

/** The vault secrets by version. The highest one seals, every one opens. */
type Vault = ReadonlyMap<number, string>;

const newestFirst = [desc(signingKey.createdAt), desc(signingKey.id)];

type Means = { now: Date; randomBytes: (count: number) => Buffer; vault: Vault };

/** Makes the first signing key. Of any number of servers that start at once, one makes it. */
export const ensureSigningKey = (means: Means): Promise<void> =>
  transaction(async (tx) => {
    if (!(await lockNewest(tx))) await makeSigningKey(tx, means, means.now);
  });

/** Makes a new key, which signs from now on. What earlier keys signed stays valid. @returns its id */
export const rotateSigningKey = (means: Means): Promise<string> =>
  transaction(async (tx) => {
    const newest = await lockNewest(tx);
    // It is the newest, also when this machine's clock is behind.
    const at = Math.max(means.now.getTime(), newest ? newest.createdAt.getTime() + 1 : 0);
    return makeSigningKey(tx, means, new Date(at));
  });

/** Locks the table against other writers, and finds the newest key. */
async function lockNewest(tx: Transaction): Promise<{ createdAt: Date } | undefined> {
  await tx.execute(sql`LOCK TABLE ${signingKey} IN SHARE ROW EXCLUSIVE MODE`);
  const [newest] = await tx
    .select({ createdAt: signingKey.createdAt })
    .from(signingKey)
    .orderBy(...newestFirst)
    .limit(1);
  return newest;
}

async function makeSigningKey(tx: Transaction, { randomBytes, vault }: Means, createdAt: Date): Promise<string> {
  const seed = randomBytes(SEED_BYTES);
  const { id, publicKey } = await keyPairOf(seed);
  const version = Math.max(...vault.keys());
  const sealed = Buffer.concat([
    Buffer.of(version),
    seal(seed.toString("base64url"), sealingOf(version, { id, vault })),
  ]);
  await tx.insert(signingKey).values({ id, publicKey, sealed, createdAt });
  return id;
}

export type SigningKeyView = { id: string; publicKey: Buffer; createdAt: Date };

/** Every signing key, the newest first. That one signs. */
export const listSigningKeys = (): Promise<SigningKeyView[]> =>
  db()
    .select({ id: signingKey.id, publicKey: signingKey.publicKey, createdAt: signingKey.createdAt })
    .from(signingKey)
    .orderBy(...newestFirst);

type NewestKey = typeof signingKey.$inferSelect;

/** The key that signs, still sealed. @throws when there is none */
export async function findNewest(): Promise<NewestKey> {
  const [newest] = await db()
    .select()
    .from(signingKey)
    .orderBy(...newestFirst)
    .limit(1);
  if (!newest) throw new Error("the database has no signing key: restart the portal, which makes one");
  return newest;
}

/**
 * Opens a key: the 32 bytes of its private half.
 * @throws when its row was changed, or when its vault secret is not configured
 */
export function openSeed({ id, sealed }: Pick<NewestKey, "id" | "sealed">, { vault }: { vault: Vault }): Buffer {
  const seed = unseal(sealed.subarray(1), sealingOf(sealed[0] ?? 0, { id, vault }));
  return Buffer.from(seed, "base64url");
}

/** Sealed with a use of its own and bound to its row. */
function sealingOf(version: number, { id, vault }: { id: string; vault: Vault }): Sealing {
  const secret = vault.get(version);
  if (!secret) throw new Error(`VAULT_SECRETS has no version ${version}, which sealed a signing key`);
  return { secret, use: "signing-key", boundTo: id };
}
