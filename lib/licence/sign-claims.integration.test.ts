import { createPublicKey, randomBytes, verify } from "node:crypto";
import { sql } from "drizzle-orm";
import { beforeEach, describe, expect, it } from "vitest";
import { db, transaction } from "@/lib/db/client";
import { signingKey } from "@/lib/db/schema/signing";
import { bindVaultSecrets } from "@/lib/db/settings";
import { env } from "@/lib/env";
import { getPublicKeys, signClaims } from "@/lib/licence/sign-claims";
import { ensureSigningKey, listSigningKeys, rotateSigningKey } from "@/lib/licence/signing-keys";
import { untilSomeoneWaits, withTestDatabase } from "@/lib/testing/database";

withTestDatabase();

const now = new Date("2026-11-23T14:05:00Z");
const { vault } = env().secrets;
const means = { now, randomBytes, vault };
const claims = { iss: "https://my.example.com", jti: "4bb5", months: 12 };
const sign = () => signClaims(claims, { type: "test+jwt" });
const decoded = (part: string) => JSON.parse(Buffer.from(part, "base64url").toString()) as Record<string, unknown>;

beforeEach(() => db().delete(signingKey));

/** Verifies a token with Node's own implementation and the published keys, as a stranger would. */
async function isGenuine(token: string): Promise<boolean> {
  const [header = "", payload = "", signature = ""] = token.split(".");
  const { keys } = await getPublicKeys();
  const jwk = keys.find(({ kid }) => kid === decoded(header).kid);
  if (!jwk) return false;
  const key = createPublicKey({ key: { ...jwk }, format: "jwk" });
  return verify(null, Buffer.from(`${header}.${payload}`), key, Buffer.from(signature, "base64url"));
}

describe("a signature", () => {
  it("is verified by another implementation with the published keys, and names its key and kind", async () => {
    await ensureSigningKey(means);
    const { token, keyId } = await sign();
    expect(await isGenuine(token)).toBe(true);
    const [header = "", payload = ""] = token.split(".");
    expect(decoded(header)).toEqual({ alg: "EdDSA", typ: "test+jwt", kid: keyId });
    expect(decoded(payload)).toEqual(claims);
    const { keys } = await getPublicKeys();
    expect(keys).toEqual([
      { kty: "OKP", crv: "Ed25519", x: expect.stringMatching(/^[\w-]{43}$/), kid: keyId, alg: "EdDSA", use: "sig" },
    ]);
  });

  it("is refused after any one bit of the token was changed", async () => {
    await ensureSigningKey(means);
    const { token } = await sign();
    const parts = token.split(".").map((part) => Buffer.from(part, "base64url"));
    for (const index of [1, 2]) {
      for (let bit = 0; bit < parts[index]!.length * 8; bit += 7) {
        const changed = parts.map((part) => Buffer.from(part));
        changed[index]![bit >> 3]! ^= 1 << (bit & 7);
        expect(await isGenuine(changed.map((part) => part.toString("base64url")).join("."))).toBe(false);
      }
    }
  });

  it("is the same for the same claims", async () => {
    await ensureSigningKey(means);
    expect(await sign()).toEqual(await sign());
  });
});

describe("signing keys", () => {
  it("servers that start at once make one key, and a later start keeps it", async () => {
    const servers = 8;
    // All of them have looked for a key before one can write.
    const { starts } = await transaction(async (tx) => {
      await tx.execute(sql`LOCK TABLE ${signingKey} IN EXCLUSIVE MODE`);
      const all = Promise.all(Array.from({ length: servers }, () => ensureSigningKey(means)));
      await untilSomeoneWaits(servers);
      return { starts: all };
    });
    await starts;
    const made = await listSigningKeys();
    expect(made).toHaveLength(1);
    await ensureSigningKey(means);
    expect(await listSigningKeys()).toEqual(made);
  });

  it("a new key signs from now on, and what the former one signed stays valid", async () => {
    await ensureSigningKey(means);
    const before = await sign();
    // The clock of this machine is an hour behind.
    const id = await rotateSigningKey({ ...means, now: new Date(now.getTime() - 3_600_000) });
    const after = await sign();
    expect(after.keyId).toBe(id);
    expect(before.keyId).not.toBe(id);
    expect((await listSigningKeys()).map((key) => key.id)).toEqual([id, before.keyId]);
    expect(await isGenuine(before.token)).toBe(true);
    expect(await isGenuine(after.token)).toBe(true);
  });

  it("the private key is nowhere in the database, and opens only in its own row and with its secret", async () => {
    const seeds: Buffer[] = [];
    const kept = (count: number) => {
      const seed = randomBytes(count);
      seeds.push(seed);
      return seed;
    };
    await rotateSigningKey({ ...means, randomBytes: kept });
    const { rows } = await db().execute<{ row: string }>(sql`SELECT k::text AS row FROM ${signingKey} k`);
    for (const form of ["hex", "base64", "base64url"] as const)
      expect(rows[0]!.row).not.toContain(seeds[0]!.toString(form));

    await rotateSigningKey({ ...means, now: new Date(now.getTime() + 1) });
    await db().execute(
      sql`UPDATE ${signingKey} SET sealed = (SELECT sealed FROM ${signingKey} ORDER BY created_at LIMIT 1)`,
    );
    await expect(sign()).rejects.toThrow("unable to authenticate");
  });

  it("a server without the vault secret that sealed them is refused at start", async () => {
    await bindVaultSecrets(vault);
    await rotateSigningKey(means);
    const newest = Math.max(...vault.keys());
    const others = new Map([...vault].filter(([version]) => version !== newest));
    await expect(bindVaultSecrets(others)).rejects.toThrow(`VAULT_SECRETS lacks version ${newest}`);
  });
});
