import { randomInt } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";

/**
 * A free port of the loopback interface, below those that systems give to outgoing connections (from 32768) and those
 * of embedded databases. So nothing else takes it before a server listens on it.
 */
export async function freePort(): Promise<number> {
  const port = randomInt(10_000, 20_000);
  const probe = createServer().listen(port, "127.0.0.1");
  const isFree = await once(probe, "listening").then(
    () => true,
    () => false,
  );
  if (!isFree) return freePort();
  probe.close();
  await once(probe, "close");
  return port;
}
