/** Alive: the process answers. Needs nothing else, so that a database outage does not get the process restarted. */
export function GET(): Response {
  return new Response("ok\n", { headers: { "Cache-Control": "no-store" } });
}
