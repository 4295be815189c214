/** Liveness: the process answers. It checks nothing else, so that a database outage does not restart the process. */
export function GET(): Response {
  return new Response("ok\n", { headers: { "Cache-Control": "no-store" } });
}
