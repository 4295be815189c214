import type { Instrumentation } from "next";

// The bundler also compiles this file for a runtime without Node's modules and follows every import it cannot rule out:
// it replaces this expression by a constant, so the imports behind it are dropped there.
/* eslint-disable no-restricted-syntax */

/** Logs every unexpected error once, with the id the person sees. What the portal needs is started by lib/cli/serve.ts. */
export const onRequestError: Instrumentation.onRequestError = async (error, request, context) => {
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  const [{ log }, { noteFault }] = await Promise.all([import("@/lib/log"), import("@/lib/http/answer")]);
  if (noteFault(request.headers, error)) return;
  const requestId = String(request.headers["x-request-id"]);
  log().error({ err: error, requestId, path: request.path.split("?")[0], route: context.routePath }, "request failed");
};
