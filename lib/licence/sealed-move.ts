import "server-only";
import { z } from "zod";
import { env } from "@/lib/env";
import { seal, unseal, type Sealing } from "@/lib/licence/seal";

/** Seconds in which the person must have signed in to the other account and confirmed the move there. */
export const MOVE_LIFETIME = 15 * 60;

const shape = z.object({
  id: z.uuid(),
  from: z.uuid(),
  shownEnd: z.string(),
  at: z.number(),
});

/** A move that the giving account's owner has confirmed. For the fields see `moveKey`. */
export type OfferedMove = Pick<z.infer<typeof shape>, "id" | "from" | "shownEnd">;

/** Seals a confirmed move for the browser in which it was confirmed. @returns a cookie's value */
export const sealMove = (offer: OfferedMove, { now }: { now: Date }): string =>
  seal(JSON.stringify({ ...offer, at: now.getTime() }), sealing()).toString("base64url");

/** Opens what {@link sealMove} sealed. Null for any other text, and after 15 minutes. */
export function openMove(sealed: string, { now }: { now: Date }): (OfferedMove & { offeredAt: Date }) | null {
  try {
    const { at, ...offer } = shape.parse(JSON.parse(unseal(Buffer.from(sealed, "base64url"), sealing())));
    return now.getTime() - at <= MOVE_LIFETIME * 1000 ? { ...offer, offeredAt: new Date(at) } : null;
  } catch {
    return null;
  }
}

const sealing = (): Sealing => ({ secret: env().secrets.auth, use: "key-move", boundTo: "" });
