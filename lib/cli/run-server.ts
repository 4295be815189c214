import "server-only";
import { once } from "node:events";
import { createServer, Server as HttpServer } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { Failure } from "@/lib/cli/failure";
import { endSoon, stopSignal, stopWithinGrace } from "@/lib/cli/stop-signal";
import { env, setFrameworkEnvironment, type Env } from "@/lib/env";
import { frontDoor, mayUpgrade } from "@/lib/http/front-door";
import { limits } from "@/lib/http/limits";
import { underLoad } from "@/lib/http/overload";
import { securityHeaders } from "@/lib/http/security-headers";
import { startServer } from "@/lib/http/server";
import { log } from "@/lib/log";
import { serveMetrics } from "@/lib/cli/serve-metrics";
import { startTraces } from "@/lib/cli/start-traces";
import { announceStop, started } from "@/lib/started";

type Place = Pick<Env, "mode" | "port" | "host">;

/** Outside production there may be no https, so only this machine may connect. Undefined: all interfaces. */
const hostOf = ({ mode, host }: Place) => (mode === "production" ? host : "127.0.0.1");

type Run = {
  /** Compiles pages on request instead of serving the build. */
  dev?: boolean;
  /** Work on the database before the first request is answered. */
  onDatabase?: (databaseUrl: string) => Promise<void>;
  onListening?: () => void;
};

/**
 * Runs the portal, as a Next.js custom server, until this process is asked to stop (SIGTERM, Ctrl-C). Then it is not
 * ready any more, in production for a while before it stops accepting, so that a load balancer sends it nothing that it
 * would refuse. It answers the requests in flight, ends the email worker, closes the pool, stops using the embedded database, and returns 0.
 * @throws ConfigurationError when a setting or the database cannot be used
 */
export async function runServer(settings: Place, { dev = false, onDatabase, onListening }: Run = {}): Promise<number> {
  const { port } = settings;
  const host = hostOf(settings);
  const signal = stopSignal();
  const endWaiting = stopWithinGrace();

  setFrameworkEnvironment({ dev, port });
  const stopTraces = env().traces ? await startTraces() : undefined;
  const { default: next } = await import("next");
  // Next.js adds its upgrade listener to this server, which never listens. In production nothing is upgraded.
  const upgrades = new HttpServer();
  const framework = next({ dev, dir: process.cwd(), hostname: host ?? "localhost", port, httpServer: upgrades });
  await framework.prepare();
  // Next.js calls instrumentation.ts, which starts the database and the email worker.
  const portal = await started().promise;
  const { metrics } = env();
  const stopMetrics = metrics && (await serveMetrics(metrics));
  try {
    await onDatabase?.(portal.databaseUrl);
    const server = await startServer({
      port,
      host,
      limits,
      frontDoor,
      handle: underLoad(framework.getRequestHandler()),
      errorHeaders: securityHeaders(env().secure),
      ...(dev && {
        upgrade: (request, socket, head) =>
          mayUpgrade(request) ? upgrades.emit("upgrade", request, socket, head) : socket.destroy(),
      }),
    });
    endWaiting();
    log().info({ port }, "listening");
    onListening?.();
    if (!signal.aborted) await once(signal, "abort");
    log().info("stopping");
    announceStop();
    if (settings.mode === "production") await pause(limits.farewell);
    await server.stop();
    await framework.close();
  } finally {
    endSoon();
    stopMetrics?.();
    await portal.stop();
    await stopTraces?.();
  }
  return 0;
}

/** @throws Failure when another program listens on the portal's port */
export async function requireFreePort(place: Place): Promise<void> {
  // Browsers may resolve `localhost` to either address.
  for (const host of hostOf(place) ? ["127.0.0.1", "::1"] : [undefined]) {
    const probe = createServer();
    try {
      probe.listen({ port: place.port, host });
      await once(probe, "listening");
      probe.close();
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "EADDRINUSE")
        throw new Failure(
          `Port ${place.port} is in use by another program. Choose another one, for example PORT=3210.`,
        );
      if (code === "EACCES") throw new Failure(`Port ${place.port} is not allowed for this user. Choose another PORT.`);
      if (host !== "::1") throw error;
    }
  }
}
