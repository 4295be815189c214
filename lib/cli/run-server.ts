import "server-only";
import { once } from "node:events";
import { createServer, Server as HttpServer } from "node:http";
import { Failure } from "@/lib/cli/failure";
import { endSoon, stopSignal, stopWithinGrace } from "@/lib/cli/stop-signal";
import { setFrameworkEnvironment, type Env } from "@/lib/env";
import { frontDoor, mayUpgrade } from "@/lib/http/front-door";
import { limits } from "@/lib/http/limits";
import { startServer } from "@/lib/http/server";
import { started } from "@/lib/started";

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
 * Runs the portal, as a Next.js custom server, until this process is asked to stop (SIGTERM, Ctrl-C). Then it answers
 * the requests in flight, ends the email worker, closes the pool, stops using the embedded database, and returns 0.
 * @throws ConfigurationError when a setting or the database cannot be used
 */
export async function runServer(settings: Place, { dev = false, onDatabase, onListening }: Run = {}): Promise<number> {
  const { port } = settings;
  const host = hostOf(settings);
  const signal = stopSignal();
  const endWaiting = stopWithinGrace();

  setFrameworkEnvironment({ dev, port });
  const { default: next } = await import("next");
  // Next.js adds its upgrade listener to this server, which never listens. In production nothing is upgraded.
  const upgrades = new HttpServer();
  const framework = next({ dev, dir: process.cwd(), hostname: host ?? "localhost", port, httpServer: upgrades });
  await framework.prepare();
  // Next.js calls instrumentation.ts, which starts the database and the email worker.
  const portal = await started().promise;
  try {
    await onDatabase?.(portal.databaseUrl);
    const server = await startServer({
      port,
      host,
      limits,
      frontDoor,
      handle: framework.getRequestHandler(),
      ...(dev && {
        upgrade: (request, socket, head) =>
          mayUpgrade(request) ? upgrades.emit("upgrade", request, socket, head) : socket.destroy(),
      }),
    });
    endWaiting();
    onListening?.();
    if (!signal.aborted) await once(signal, "abort");
    await server.stop();
    await framework.close();
  } finally {
    endSoon();
    await portal.stop();
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
