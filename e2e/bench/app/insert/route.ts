import { db } from "@/lib/db/client";
import { recordEvent } from "@/lib/db/events";

/** Copied to app/bench/insert of the measured build: the least that a request which writes something can cost. */
export async function POST(): Promise<Response> {
  await recordEvent(db(), { action: "batch.released", actor: "system", at: new Date() });
  return new Response(null, { status: 204 });
}
