import "server-only";
import { and, eq, lt } from "drizzle-orm";
import { db } from "@/lib/db/client";
import { device } from "@/lib/db/schema/device";

/** Milliseconds in which a device that is seen again is not written again. */
const SEEN_FOR = 5 * 60_000;

/** Remembers that a device was seen, to five minutes. */
export async function sawDevice({ deviceId }: { deviceId: string }, { now }: { now: Date }): Promise<void> {
  await db()
    .update(device)
    .set({ lastSeenAt: now })
    .where(and(eq(device.id, deviceId), lt(device.lastSeenAt, new Date(now.getTime() - SEEN_FOR))));
}
