import { once } from "node:events";
import { createConnection, createServer, type AddressInfo, type Socket } from "node:net";
import { join } from "node:path";
import { readStatements } from "./read-statements";

export type DatabaseLine = {
  /** The URL of the database through this line. */
  url: string;
  /** The SQL of every statement executed through this line so far. */
  statements: string[];
  /** Rejects new connections and closes the open ones. */
  cut(): Promise<void>;
  /** Accepts connections again. */
  mend(): Promise<void>;
  /** Connects to another server from now on. */
  turnTo(databaseUrl: string): void;
  close(): Promise<void>;
};

/** Starts a TCP relay to a database. It can be cut without affecting other clients of the same database server. */
export async function layLine(databaseUrl: string): Promise<DatabaseLine> {
  let target = new URL(databaseUrl);
  const connect = () => {
    const host = target.searchParams.get("host") ?? target.hostname;
    const port = Number(target.searchParams.get("port") ?? (target.port || 5432));
    return host.startsWith("/") ? createConnection(join(host, `.s.PGSQL.${port}`)) : createConnection(port, host);
  };

  const sockets = new Set<Socket>();
  const statements: string[] = [];
  const line = createServer((near) => {
    const far = connect();
    near.on(
      "data",
      readStatements((sql) => statements.push(sql)),
    );
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket);
      socket.pipe(other);
      socket
        .on("error", () => {})
        .on("close", () => {
          sockets.delete(socket);
          other.destroy();
        });
    }
  });
  const listen = async (at: number) => {
    line.listen(at, "127.0.0.1");
    await once(line, "listening");
  };
  await listen(0);
  const here = (line.address() as AddressInfo).port;

  async function cut(): Promise<void> {
    if (!line.listening) return;
    const closed = once(line, "close");
    line.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  }

  const url = new URL(`postgresql://127.0.0.1:${here}${target.pathname}`);
  url.username = target.searchParams.get("user") ?? target.username;
  url.password = target.password;
  const turnTo = (databaseUrl: string) => void (target = new URL(databaseUrl));
  return { url: url.href, statements, cut, mend: () => listen(here), turnTo, close: cut };
}
