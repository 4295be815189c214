import "server-only";
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";
import { env } from "@/lib/env";
import { isWellFormedKey } from "@/lib/licence/product-key";

/** Seconds for which a typed key is kept between the field and *Activate*. */
export const PREVIEW_LIFETIME = 30 * 60;

/** Names one preview: it stands in the address and in the form, so that two tabs cannot exchange their keys. */
export const newPreviewId = (): string => randomBytes(9).toString("base64url");

/** Seals a typed key for the browser that typed it: AES-256-GCM, bound to the preview's id; text for a cookie. */
export function sealTypedKey(key: string, { previewId, now }: { previewId: string; now: Date }): string {
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", cookieKey(), nonce).setAAD(Buffer.from(previewId));
  const plain = `${key}${now.getTime()}`;
  const sealed = Buffer.concat([cipher.update(plain, "ascii"), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString("base64url");
}

/** Opens what {@link sealTypedKey} sealed; null when it is not that, of another preview, or too old. */
export function openTypedKey(sealed: string, { previewId, now }: { previewId: string; now: Date }): string | null {
  const bytes = Buffer.from(sealed, "base64url");
  if (bytes.length < 28 + 25) return null;
  try {
    const decipher = createDecipheriv("aes-256-gcm", cookieKey(), bytes.subarray(0, 12), { authTagLength: 16 });
    decipher.setAAD(Buffer.from(previewId)).setAuthTag(bytes.subarray(12, 28));
    const plain = Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString("ascii");
    const age = now.getTime() - Number(plain.slice(25));
    return age <= PREVIEW_LIFETIME * 1000 && isWellFormedKey(plain.slice(0, 25)) ? plain.slice(0, 25) : null;
  } catch {
    return null;
  }
}

const cookieKey = () => Buffer.from(hkdfSync("sha256", env().secrets.auth, "", "typed-key", 32));
