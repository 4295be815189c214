import "server-only";
import { rememberDevice } from "@/lib/account/device-cookie";
import { carrySession, readReference } from "@/lib/account/next-auth";
import { revokeSession, type Client } from "@/lib/account/sessions";

/** Puts a new session into this browser; the one that was there before, if any, ends for good. */
export async function enterSession(reference: string, { device }: Client): Promise<void> {
  const previous = await readReference();
  await carrySession(reference);
  if (device) await rememberDevice(device);
  if (previous && previous !== reference) await revokeSession(previous);
}
