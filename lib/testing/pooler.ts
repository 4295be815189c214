import { randomInt } from "node:crypto";
import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

/**
 * A stand-in for PgBouncer 1.18 in transaction mode, for tests. It refuses the startup parameters that PgBouncer
 * refuses, and gives each transaction the connection that was idle longest, so never the same twice in a row. A real
 * PgBouncer often gives the same one again, which hides what would fail.
 */
export type Pooler = {
  /** The database's URL, through the pooler. */
  url: string;
  close(): Promise<void>;
};

/** Parameters that PgBouncer follows itself. It refuses all others (pgbouncer.org/config.html). */
const accepted = [
  "user",
  "database",
  "client_encoding",
  "datestyle",
  "timezone",
  "standard_conforming_strings",
  "application_name",
];

const SSL_REQUEST = 80_877_103;

/** @param databaseUrl of a server on a socket, or at a TCP address, that asks for no password */
export async function startPooler(databaseUrl: string, size = 3): Promise<Pooler> {
  const target = new URL(databaseUrl);
  const user = target.searchParams.get("user") ?? target.username;
  const sockets = new Set<Socket>();
  const idle: Socket[] = [];
  const waiting: ((server: Socket) => void)[] = [];
  let greeting = Buffer.alloc(0);

  const give = (server: Socket) => {
    const next = waiting.shift();
    if (next) next(server);
    else idle.push(server);
  };
  const take = async (): Promise<Socket> => idle.shift() ?? new Promise((resolve) => waiting.push(resolve));

  /** Opens a connection to the database, and again whenever it ends, as PgBouncer does. */
  async function open(): Promise<void> {
    const host = target.searchParams.get("host");
    const port = target.searchParams.get("port") ?? target.port;
    const server = host?.startsWith("/") ? connect(`${host}/.s.PGSQL.${port}`) : connect(Number(port), target.hostname);
    sockets.add(server);
    server.on("error", () => {});
    server.once("close", () => {
      sockets.delete(server);
      const at = idle.indexOf(server);
      if (at >= 0) idle.splice(at, 1);
      if (front.listening) void open();
    });
    await once(server, "connect");
    const parameters = ["user", user, "database", target.pathname.slice(1), "", ""].join("\0");
    server.write(Buffer.concat([int32(parameters.length + 8), int32(196_608), Buffer.from(parameters, "latin1")]));
    for await (const { type, whole } of messages(server)) {
      if (type === "S") greeting = Buffer.concat([greeting, whole]);
      if (type === "Z") break;
    }
    give(server);
  }

  async function serve(client: Socket): Promise<void> {
    let startup = await startupOf(client);
    if (startup.readInt32BE(4) === SSL_REQUEST) {
      client.write("N");
      startup = await startupOf(client);
    }
    const words = startup.subarray(8).toString().split("\0");
    const refused = words.filter(
      (word, index) => index % 2 === 0 && word !== "" && !accepted.includes(word.toLowerCase()),
    );
    if (refused.length > 0) {
      const fields = `SFATAL\0C08P01\0Munsupported startup parameter: ${refused[0]}\0\0`;
      client.end(Buffer.concat([Buffer.from("E"), int32(fields.length + 4), Buffer.from(fields)]));
      return;
    }
    const keys = Buffer.concat([
      Buffer.from("K"),
      int32(12),
      int32(randomInt(1, 2 ** 30)),
      int32(randomInt(1, 2 ** 30)),
    ]);
    client.write(Buffer.concat([message("R", int32(0)), greeting, keys, message("Z", Buffer.from("I"))]));

    let server: Socket | undefined;
    for await (const { type, whole } of messages(client)) {
      if (type === "X") break;
      if (!server) {
        const mine = await take();
        server = mine;
        void (async () => {
          for await (const answer of messages(mine)) {
            client.write(answer.whole);
            if (answer.type !== "Z" || answer.whole[5] !== 0x49) continue;
            server = undefined;
            return give(mine);
          }
          client.destroy();
        })();
      }
      server.write(whole);
    }
    // A transaction that its client has left open ends with its connection.
    server?.destroy();
    client.end();
  }

  const front = createServer((client) => {
    sockets.add(client);
    client.on("error", () => {}).once("close", () => sockets.delete(client));
    serve(client).catch(() => client.destroy());
  });
  front.listen(0, "127.0.0.1");
  await once(front, "listening");
  await Promise.all(Array.from({ length: size }, open));
  const { port } = front.address() as { port: number };
  return {
    url: `postgresql://${user}@127.0.0.1:${port}${target.pathname}?sslmode=disable`,
    close: async () => {
      const closed = once(front, "close");
      front.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

const int32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
};

const message = (type: string, body: Buffer): Buffer =>
  Buffer.concat([Buffer.from(type), int32(body.length + 4), body]);

/** Reads the first packet of a client, which has no type. */
async function startupOf(client: Socket): Promise<Buffer> {
  let bytes = Buffer.alloc(0);
  while (bytes.length < 4 || bytes.length < bytes.readInt32BE(0)) {
    const [chunk] = (await once(client, "data")) as [Buffer];
    bytes = Buffer.concat([bytes, chunk]);
  }
  return bytes;
}

/** Reads whole messages (PostgreSQL's protocol, version 3) until the loop ends; what follows stays for the next loop. */
async function* messages(socket: Socket): AsyncGenerator<{ type: string; whole: Buffer }> {
  let bytes = rests.get(socket) ?? Buffer.alloc(0);
  const arrived: Buffer[] = [];
  let wake = () => {};
  let isOver = socket.destroyed;
  const onData = (chunk: Buffer) => (arrived.push(chunk), wake());
  const onEnd = () => ((isOver = true), wake());
  socket.on("data", onData).once("close", onEnd).once("end", onEnd);
  try {
    for (;;) {
      while (bytes.length >= 5 && bytes.length >= bytes.readInt32BE(1) + 1) {
        const length = bytes.readInt32BE(1) + 1;
        const whole = bytes.subarray(0, length);
        bytes = bytes.subarray(length);
        rests.set(socket, bytes);
        yield { type: String.fromCharCode(whole[0]!), whole };
      }
      if (arrived.length === 0 && isOver) return;
      if (arrived.length === 0) await new Promise<void>((resolve) => (wake = resolve));
      bytes = Buffer.concat([bytes, ...arrived.splice(0)]);
    }
  } finally {
    rests.set(socket, Buffer.concat([bytes, ...arrived]));
    socket.off("data", onData).off("close", onEnd).off("end", onEnd);
  }
}

/** What has been read from a socket and not been handled yet. */
const rests = new WeakMap<Socket, Buffer>();
