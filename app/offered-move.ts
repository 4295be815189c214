import "server-only";
import { cookies } from "next/headers";
import { currentTime } from "@/lib/clock";
import { cookieOptions } from "@/lib/http/cookies";
import { MOVE_LIFETIME, openMove, sealMove, type OfferedMove } from "@/lib/licence/sealed-move";

const name = "move";

/** Remembers in this browser that the owner of a key confirmed to move it. It replaces an earlier one. */
export async function offerMove(offer: OfferedMove): Promise<void> {
  const sealed = sealMove(offer, { now: currentTime() });
  (await cookies()).set(name, sealed, { ...cookieOptions(), maxAge: MOVE_LIFETIME });
}

/** The move that was confirmed in this browser within the last 15 minutes. */
export async function readOfferedMove(): Promise<ReturnType<typeof openMove>> {
  const sealed = (await cookies()).get(name)?.value;
  return sealed ? openMove(sealed, { now: currentTime() }) : null;
}

/** Forgets the move, once the person leaves. A made one stays, so that sending the form again gives the same result. */
export async function dropOfferedMove(): Promise<void> {
  const jar = await cookies();
  if (jar.has(name)) jar.delete(name);
}
