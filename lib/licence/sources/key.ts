import type { SourceReader } from "@/lib/licence/sources/source";

/** A product key. `hint` is its last group. */
export type KeySource = { kind: "key"; hint: string; withdrawnAt: Date | null };

export type KeyRow = { keyId: number | null; hint: string | null; voidedAt: Date | null };

export const keyReader: SourceReader<KeyRow, KeySource> = {
  columns: `g.key_id AS "keyId", k.hint, k.voided_at AS "voidedAt"`,
  join: `LEFT JOIN product_key k ON k.id = g.key_id AND k.account_id = s.account_id`,
  read: ({ keyId, hint, voidedAt }) =>
    keyId === null ? null : { kind: "key", hint: hint ?? "", withdrawnAt: voidedAt },
};
