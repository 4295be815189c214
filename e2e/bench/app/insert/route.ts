import { db } from "@/lib/db/client";
import { recordEvent } from "@/lib/db/events";

/** Copied to app/bench/insert of the measured build: the cheapest possible request with a database write. */
export async function POST(): Promise<Response> {
  await recordEvent(db(), { action: "batch.released", actor: "system", at: new Date() });
  return new Response(null, { status: 204 });
}
