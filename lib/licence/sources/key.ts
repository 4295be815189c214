/** A product key. `hint` is its last group. */
export type KeySource = { kind: "key"; hint: string; withdrawnAt: Date | null };

export type KeyRow = { keyId: number | null; hint: string | null; voidedAt: Date | null };

export const keySource = ({ keyId, hint, voidedAt }: KeyRow): KeySource | null =>
  keyId === null ? null : { kind: "key", hint: hint ?? "", withdrawnAt: voidedAt };
