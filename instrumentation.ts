import type { Instrumentation } from "next";

/** Runs once before the server answers. Whatever is wrong ends the process: a half-started server would answer 500 to everyone. */
export async function register(): Promise<void> {
  const { start } = await import("@/lib/start");
  await start();
}

/** Every unexpected fault, logged once with the id the person sees. */
export const onRequestError: Instrumentation.onRequestError = async (error, request, context) => {
  const { log } = await import("@/lib/log");
  const requestId = request.headers["x-request-id"];
  log().error({ err: error, requestId, path: request.path.split("?")[0], route: context.routePath }, "request failed");
};
