import { statuses } from "@/app/statuses";
import { isReady } from "@/lib/ready";

/** Readiness: the server will go on, and the database answers and takes writes. */
export async function GET(): Promise<Response> {
  const ready = await isReady();
  return new Response(ready ? "ready\n" : "not ready\n", {
    status: ready ? 200 : statuses.request.unavailable,
    headers: { "Cache-Control": "no-store", ...(ready ? {} : { "Retry-After": "5" }) },
  });
}
