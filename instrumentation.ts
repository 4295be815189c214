import type { Instrumentation } from "next";

// The bundler also compiles this file for a runtime without Node's modules and follows every import it cannot rule out:
// it replaces this expression by a constant, so the imports behind it are dropped there.
/* eslint-disable no-restricted-syntax */

/** Runs once, when the framework starts. Whether it succeeded is for lib/cli/run-server.ts to see. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  const [{ start }, { started }] = await Promise.all([import("@/lib/start"), import("@/lib/started")]);
  await start().then(started().resolve, started().reject);
}

/** Logs every unexpected error once, with the id the person sees. */
export const onRequestError: Instrumentation.onRequestError = async (error, request, context) => {
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  const [{ log }, { noteFault }] = await Promise.all([import("@/lib/log"), import("@/lib/http/answer")]);
  if (noteFault(request.headers, error)) return;
  const requestId = String(request.headers["x-request-id"]);
  log().error({ err: error, requestId, path: request.path.split("?")[0], route: context.routePath }, "request failed");
};
