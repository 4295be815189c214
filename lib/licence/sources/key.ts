import type { SourceReader } from "@/lib/licence/sources/source";

/**
 * A product key. `hint` is its last group. A key that was undone may have moved to another account since. Its hint is still
 * known here, but not what happened to it there.
 */
export type KeySource = {
  kind: "key";
  hint: string;
  withdrawnAt: Date | null;
  /** Milliseconds for which the account's undone activations of the key lasted, each for an hour at least. */
  undoneFor: number;
};

export type KeyRow = { keyId: number | null; hint: string | null; voidedAt: Date | null; undoneFor: number | null };

/** Over the rows of one account, so that it takes no other statement. */
const undoneFor = `
  (sum(greatest(extract(epoch FROM g.undone_at - g.granted_at), 3600) * 1000) FILTER (WHERE g.undone_at IS NOT NULL)
     OVER (PARTITION BY g.key_id))::float8`;

export const keyReader: SourceReader<KeyRow, KeySource> = {
  columns: `g.key_id AS "keyId", k.hint, CASE WHEN k.account_id = s.account_id THEN k.voided_at END AS "voidedAt",
            ${undoneFor} AS "undoneFor"`,
  join: `LEFT JOIN product_key k ON k.id = g.key_id`,
  read: ({ keyId, hint, voidedAt, undoneFor }) =>
    keyId === null ? null : { kind: "key", hint: hint ?? "", withdrawnAt: voidedAt, undoneFor: undoneFor ?? 0 },
};
