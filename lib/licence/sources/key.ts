import type { SourceReader } from "@/lib/licence/sources/source";

/**
 * A product key. `hint` is its last group. A key that was undone may have moved to another account since. Its hint is still
 * known here, but not what happened to it there.
 */
export type KeySource = { kind: "key"; hint: string; withdrawnAt: Date | null };

export type KeyRow = { keyId: number | null; hint: string | null; voidedAt: Date | null };

export const keyReader: SourceReader<KeyRow, KeySource> = {
  columns: `g.key_id AS "keyId", k.hint, CASE WHEN k.account_id = s.account_id THEN k.voided_at END AS "voidedAt"`,
  join: `LEFT JOIN product_key k ON k.id = g.key_id`,
  read: ({ keyId, hint, voidedAt }) =>
    keyId === null ? null : { kind: "key", hint: hint ?? "", withdrawnAt: voidedAt },
};
