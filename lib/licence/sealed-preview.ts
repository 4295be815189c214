import "server-only";
import { randomBytes } from "node:crypto";
import { env } from "@/lib/env";
import { isWellFormedKey, isWellFormedPartnerCode } from "@/lib/licence/product-key";
import { seal, unseal, type Sealing } from "@/lib/licence/seal";

/** Seconds for which a typed key or partner code is held between the key page and *Activate*. */
export const PREVIEW_LIFETIME = 30 * 60;

/** Makes the id of one preview. It is in the URL and in the form, so that two tabs cannot exchange their keys. */
export const newPreviewId = (): string => randomBytes(9).toString("base64url");

/** Digits of an instant in milliseconds, until the year 2286. */
const AGE_DIGITS = 13;

/**
 * Seals a typed key or partner code for the browser that typed it, bound to the preview's id (see seal.ts).
 * @returns a cookie's value
 */
export const sealTypedKey = (key: string, { previewId, now }: { previewId: string; now: Date }): string =>
  seal(`${key}${now.getTime()}`, sealingOf(previewId)).toString("base64url");

type Opening = { previewId: string; now: Date };

/** Opens a key that {@link sealTypedKey} sealed. Null for any other text, for another preview's, and after 30 minutes. */
export const openTypedKey = (sealed: string, opening: Opening): string | null => open(sealed, opening, isWellFormedKey);

/** As {@link openTypedKey}, for a partner code. */
export const openTypedCode = (sealed: string, opening: Opening): string | null =>
  open(sealed, opening, isWellFormedPartnerCode);

function open(
  sealed: string,
  { previewId, now }: Opening,
  isWellFormed: (canonical: string) => boolean,
): string | null {
  try {
    const plain = unseal(Buffer.from(sealed, "base64url"), sealingOf(previewId));
    const [typed, age] = [plain.slice(0, -AGE_DIGITS), now.getTime() - Number(plain.slice(-AGE_DIGITS))];
    return age <= PREVIEW_LIFETIME * 1000 && isWellFormed(typed) ? typed : null;
  } catch {
    return null;
  }
}

const sealingOf = (previewId: string): Sealing => ({
  secret: env().secrets.auth,
  use: "typed-key",
  boundTo: previewId,
});
