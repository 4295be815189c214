import type { Instrumentation } from "next";

// Next.js also compiles this file for the edge runtime, which lacks Node's modules. There the bundler replaces
// `process.env.NEXT_RUNTIME` by a constant, and drops the imports after the check.
/* eslint-disable no-restricted-syntax */

/** Runs once, when Next.js starts. It passes its result or error to lib/cli/run-server.ts. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  const [{ start }, { started }] = await Promise.all([import("@/lib/start"), import("@/lib/started")]);
  await start().then(started().resolve, started().reject);
}

/** Logs every unexpected error once, with the id the person sees. */
export const onRequestError: Instrumentation.onRequestError = async (error, request, context) => {
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  const [{ log }, { noteFault }, { loggedPath }] = await Promise.all([
    import("@/lib/log"),
    import("@/lib/http/answer"),
    import("@/lib/http/logged-path"),
  ]);
  if (noteFault(request, error)) return;
  const requestId = String(request.headers["x-request-id"]);
  log().error({ err: error, requestId, path: loggedPath(request.path), route: context.routePath }, "request failed");
};
