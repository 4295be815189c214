import "server-only";
import { once } from "node:events";
import { createServer, STATUS_CODES, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import {
  createServer as createListener,
  type AddressInfo,
  type ListenOptions,
  type Server as Listener,
} from "node:net";
import type { Duplex } from "node:stream";
import { setTimeout as pause } from "node:timers/promises";
import { isEventStream } from "@/lib/http/event-stream";
import type { Limits } from "@/lib/http/limits";
import { log } from "@/lib/log";

type Served = {
  port: number;
  /** Undefined means every address of this machine. */
  host?: string | undefined;
  /** @returns whether `handle` should answer */
  frontDoor: (...args: Parameters<RequestListener>) => boolean;
  handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  /** Without it, an upgrade request is answered like any other. */
  upgrade?: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
  limits: Limits;
  /** Headers of the answers that Node gives itself, to a request that it cannot read. */
  errorHeaders: Record<string, string>;
};

export type Server = {
  port: number;
  /**
   * Accepts no more connections and answers the requests in flight. Those not answered within `limits.stop` are cut
   * off, and streams of events at once: their clients connect again, to another server.
   */
  stop(): Promise<void>;
};

/**
 * Serves HTTP until it is stopped. A client that sends its request more slowly than `limits` allow gets a 408.
 * @throws the system's error when it cannot listen on the port
 */
export async function startServer({
  port,
  host,
  frontDoor,
  handle,
  upgrade,
  limits,
  errorHeaders,
}: Served): Promise<Server> {
  const unanswered = new Set<ServerResponse>();
  const upgraded = new Set<Duplex>();
  let stopping = false;

  const server = createServer(
    {
      headersTimeout: limits.headers,
      requestTimeout: limits.request,
      keepAliveTimeout: limits.keepAlive,
      connectionsCheckingInterval: limits.check,
      // Next.js listens for upgrades and leaves those it does not know without an answer. HTTP allows to ignore them.
      shouldUpgradeCallback: () => upgrade !== undefined,
    },
    (request, response) => {
      unanswered.add(response);
      response.once("close", () => {
        unanswered.delete(response);
        if (stopping && !isDelivering()) server.closeIdleConnections();
      });
      if (stopping) response.setHeader("Connection", "close");
      if (frontDoor(request, response)) handle(request, response).catch((error: unknown) => fail(response, error));
    },
  );
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
    const isAnswering = [...unanswered].some((response) => response.socket === socket && response.headersSent);
    if (socket.writable && !isAnswering) socket.end(plainAnswer(statusFor(error.code), errorHeaders));
    else socket.destroy();
  });
  if (upgrade) {
    server.on("upgrade", (request, socket, head) => {
      upgraded.add(socket);
      socket.once("close", () => upgraded.delete(socket));
      upgrade(request, socket, head);
    });
  }

  /**
   * Node (24.21) counts a connection as idle while the end of its last response is still being sent, and would cut it
   * off.
   */
  const isDelivering = () => [...unanswered].some(({ writableEnded }) => writableEnded);

  function cutStreams(): void {
    for (const response of unanswered) if (isEventStream(response)) response.destroy();
  }

  async function stop(): Promise<void> {
    stopping = true;
    const late = Date.now() + limits.stop;
    for (const response of unanswered) if (!response.headersSent) response.setHeader("Connection", "close");
    // Some begin only now.
    const cutting = setInterval(cutStreams, 50);
    cutStreams();
    while (isDelivering() && Date.now() < late) await pause(10);
    const closed = Promise.all([server, ...others].map((listener) => once(listener, "close")));
    for (const listener of [server, ...others]) listener.close();
    for (const socket of upgraded) socket.destroy();
    const cutOff = setTimeout(() => server.closeAllConnections(), late - Date.now());
    await closed;
    clearTimeout(cutOff);
    clearInterval(cutting);
  }

  const others: Listener[] = [];
  const taken = await listen(server, { port, host });
  if (process.platform === "linux") {
    // Only a listener that does not share its port learns that the port is in use.
    await new Promise((resolve) => server.close(resolve));
    const shared = { port: taken, host, reusePort: true };
    await listen(server, shared);
    for (let count = 1; count < LISTENERS; count++) {
      const accept = (socket: Duplex) => server.emit("connection", socket);
      others.push(createListener({ allowHalfOpen: true, noDelay: true }, accept));
      await listen(others.at(-1)!, shared);
    }
  }
  return { port: taken, stop };
}

/**
 * Node (libuv 1.52) accepts one connection of a listener in each round of its event loop, which renders pages meanwhile:
 * about sixty a second on a busy server. A crowd would wait for seconds before the server knows of it and can refuse it.
 */
const LISTENERS = 16;

async function listen(listener: Listener, where: ListenOptions): Promise<number> {
  listener.listen(where);
  await once(listener, "listening");
  return (listener.address() as AddressInfo).port;
}

/** As Node answers without a listener (24.21). */
function statusFor(code: string | undefined): number {
  if (code === "HPE_HEADER_OVERFLOW") return 431;
  if (code === "HPE_CHUNK_EXTENSIONS_OVERFLOW") return 413;
  return code === "ERR_HTTP_REQUEST_TIMEOUT" ? 408 : 400;
}

function plainAnswer(status: number, headers: Record<string, string>): string {
  const lines = Object.entries({ ...headers, "Content-Length": "0", Connection: "close" });
  return [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    ...lines.map(([name, value]) => `${name}: ${value}`),
    "",
    "",
  ].join("\r\n");
}

function fail(response: ServerResponse, error: unknown): void {
  log().error({ err: error }, "Next.js failed to answer a request");
  if (response.headersSent) return void response.destroy();
  response.statusCode = 500;
  response.setHeader("Content-Type", "text/plain; charset=utf-8");
  response.end("Internal Server Error\n");
}
