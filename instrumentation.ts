import type { Instrumentation } from "next";

// The bundler also compiles this file for a runtime without Node's modules and follows every import it cannot rule out:
// it replaces this expression by a constant, so the import behind it is dropped there.
/* eslint-disable no-restricted-syntax */

/** Runs once before the server answers. Whatever is wrong ends the process: a half-started server would answer 500 to everyone. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME === "nodejs") await (await import("@/lib/start")).start();
}

/** Every unexpected fault, logged once with the id the person sees. */
export const onRequestError: Instrumentation.onRequestError = async (error, request, context) => {
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  const [{ log }, { noteUnreadable }] = await Promise.all([import("@/lib/log"), import("@/lib/http/front-door")]);
  const requestId = String(request.headers["x-request-id"]);
  if (noteUnreadable(requestId, error)) return;
  log().error({ err: error, requestId, path: request.path.split("?")[0], route: context.routePath }, "request failed");
};
