import "server-only";
import { randomBytes } from "node:crypto";
import { env } from "@/lib/env";
import { isWellFormedKey } from "@/lib/licence/product-key";
import { seal, unseal, type Sealing } from "@/lib/licence/seal";

/** Seconds for which a typed key is held between the key page and *Activate*. */
export const PREVIEW_LIFETIME = 30 * 60;

/** Makes the id of one preview. It is in the URL and in the form, so that two tabs cannot exchange their keys. */
export const newPreviewId = (): string => randomBytes(9).toString("base64url");

/** Seals a typed key for the browser that typed it, bound to the preview's id (see seal.ts). @returns a cookie's value */
export const sealTypedKey = (key: string, { previewId, now }: { previewId: string; now: Date }): string =>
  seal(`${key}${now.getTime()}`, sealingOf(previewId)).toString("base64url");

/** Opens what {@link sealTypedKey} sealed. Null for any other text, for another preview's, and after 30 minutes. */
export function openTypedKey(sealed: string, { previewId, now }: { previewId: string; now: Date }): string | null {
  try {
    const plain = unseal(Buffer.from(sealed, "base64url"), sealingOf(previewId));
    const [key, age] = [plain.slice(0, 25), now.getTime() - Number(plain.slice(25))];
    return age <= PREVIEW_LIFETIME * 1000 && isWellFormedKey(key) ? key : null;
  } catch {
    return null;
  }
}

const sealingOf = (previewId: string): Sealing => ({
  secret: env().secrets.auth,
  use: "typed-key",
  boundTo: previewId,
});
