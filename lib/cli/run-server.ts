import "server-only";
import { once } from "node:events";
import { createServer } from "node:net";
import { Failure } from "@/lib/cli/failure";
import { runNext } from "@/lib/cli/run-child";
import type { Env } from "@/lib/env";

type Place = Pick<Env, "mode" | "port">;

/** Milliseconds after which the database has noticed at the latest that the server's process is gone. */
export const SERVER_GOES = 3_000;

/** Outside of production sessions travel without https, so nobody but this machine may connect. */
const isOpen = ({ mode }: Place) => mode === "production";

/** Serves the portal until the server ends or this process is asked to stop. @returns the exit code */
export function runServer(command: "start" | "dev", place: Place): Promise<number> {
  const loopback = isOpen(place) ? [] : ["-H", "127.0.0.1"];
  return runNext([command, "-p", String(place.port), ...loopback], { mode: place.mode });
}

/** @throws Failure when another program listens where the portal shall */
export async function requireFreePort(place: Place): Promise<void> {
  // Browsers may take `localhost` for either of the two.
  for (const host of isOpen(place) ? [undefined] : ["127.0.0.1", "::1"]) {
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
