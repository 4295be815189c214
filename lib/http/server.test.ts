import { once, type EventEmitter } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { connect, type Socket } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import { frontDoor } from "@/lib/http/front-door";
import { limits, type Limits } from "@/lib/http/limits";
import { admissions, underLoad } from "@/lib/http/overload";
import { startServer, type Server } from "@/lib/http/server";

type Handle = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

const hello: Handle = async (_request, response) => void response.end("hello");

/** Sends an event and never ends. */
const events: Handle = async (_request, response) => {
  response.setHeader("Content-Type", "text/event-stream; charset=utf-8");
  response.write("data: 1\n\n");
};

const host = "localhost:3000";
const origin = `http://${host}`;

const errorHeaders = { "X-Content-Type-Options": "nosniff" };

let server: Server | undefined;
afterEach(() => server?.stop());

async function serve(handle: Handle, given: Partial<Limits> = {}): Promise<Server> {
  const quick = { ...limits, check: 20, stop: 2_000, ...given };
  return (server = await startServer({ port: 0, host: "127.0.0.1", frontDoor, handle, limits: quick, errorHeaders }));
}

/** A connection and everything received on it. */
async function dial({ port }: Server): Promise<{ socket: Socket; said: () => string; end: Promise<string> }> {
  const socket = connect(port, "127.0.0.1");
  await once(socket, "connect");
  let said = "";
  socket.setEncoding("latin1").on("data", (text: string) => (said += text));
  socket.on("error", () => {});
  const end = once(socket, "close").then(() => said);
  return { socket, said: () => said, end };
}

const get = (path = "/home/setup") => `GET ${path} HTTP/1.1\r\nHost: ${host}\r\n\r\n`;
const post = (headers: string, path = "/sign-in") =>
  `POST ${path} HTTP/1.1\r\nHost: ${host}\r\nOrigin: ${origin}\r\n${headers}\r\n\r\n`;
const chunk = (size: number) => `${size.toString(16)}\r\n${"x".repeat(size)}\r\n`;

const statusOf = (said: string) => Number(/^HTTP\/1\.1 (\d+)/.exec(said)?.[1]);

/** Reads the body as Next.js does. @returns the outcome */
function reading(): { handle: Handle; seen: { bytes: number; end?: "whole" | "cut off" } } {
  const seen: { bytes: number; end?: "whole" | "cut off" } = { bytes: 0 };
  const handle: Handle = async (request, response) => {
    request.on("data", ({ length }: Buffer) => (seen.bytes += length));
    request.on("end", () => (seen.end = "whole"));
    request.on("error", () => (seen.end = "cut off"));
    await once(request, "close");
    response.end("read");
  };
  return { handle, seen };
}

it.runIf(process.platform === "linux")(
  "a crowd is let in within a few rounds of a busy event loop, so that the surplus is refused at once (R13)",
  async () => {
    let asked = 0;
    await serve(async (_request, response) => ((asked += 1), void response.end()));
    const crowd = Array.from({ length: 100 }, () =>
      connect(server!.port, "127.0.0.1", function (this: Socket) {
        this.write(get());
      }),
    );
    let rounds = 0;
    while (asked < crowd.length && rounds < 1_000) {
      await new Promise((resolve) => setImmediate(resolve));
      rounds += 1;
    }
    expect(asked).toBe(crowd.length);
    // One listener alone needs as many rounds as there are connections.
    expect(rounds).toBeLessThan(50);
    for (const socket of crowd) socket.destroy();
  },
);

it.each([
  [`${origin}/home/setup`, 200],
  ["http://evil.example/home/setup", 307],
])("a request for the URL %s is answered %i by its host, not by the Host header", async (url, status) => {
  const { socket, said } = await dial(await serve(hello));
  socket.write(get(url));
  await expect.poll(said).toContain("\r\n\r\n");
  expect(statusOf(said())).toBe(status);
});

it.each([
  ["is no HTTP", "nonsense\r\n\r\n", 400],
  ["has too many headers", `GET / HTTP/1.1\r\nHost: ${host}\r\nX: ${"x".repeat(20_000)}\r\n\r\n`, 431],
])("a request that %s gets the security headers too (S28)", async (_what, sent, status) => {
  const { socket, end } = await dial(await serve(hello));
  socket.write(sent);
  const said = await end;
  expect(statusOf(said)).toBe(status);
  expect(said).toContain("\r\nX-Content-Type-Options: nosniff\r\n");
  expect(said).toContain("\r\nConnection: close\r\n");
});

it("answers a request for an upgrade over HTTP/1.1, although the framework listens for upgrades", async () => {
  const running = await serve(async (request, response) => {
    (request.socket as Socket & { server: EventEmitter }).server.on("upgrade", () => {});
    response.end("hello");
  });
  const first = await dial(running);
  first.socket.write(get());
  await expect.poll(first.said).toContain("hello");
  const { socket, said } = await dial(running);
  const upgrade = "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n\r\n";
  socket.write(get().replace(/\r\n$/, upgrade));
  await expect.poll(said).toContain("hello");
  expect(statusOf(said())).toBe(200);
});

describe("a server that gets a stop request", () => {
  it("answers every request in flight, and then ends", async () => {
    const answers: (() => void)[] = [];
    const running = await serve(
      (_request, response) =>
        new Promise((resolve) => answers.push(() => void (response.end("answered in the end"), resolve()))),
    );
    const people = await Promise.all(Array.from({ length: 20 }, () => dial(running)));
    for (const { socket } of people) socket.write(get());
    await expect.poll(() => answers.length).toBe(20);

    const stopped = running.stop();
    await pause(50);
    await expect(dial(running)).rejects.toThrow("ECONNREFUSED");
    for (const answer of answers) answer();
    for (const { end } of people)
      expect(await end).toMatch(/^HTTP\/1.1 200[^]*Connection: close[^]*answered in the end$/);
    await stopped;
  });

  it("closes idle connections at once", async () => {
    const running = await serve(hello, { stop: 60_000 });
    const { socket, said, end } = await dial(running);
    socket.write(get());
    await expect.poll(said).toContain("hello");
    await running.stop();
    await end;
  });

  it("closes a connection once a response already begun is complete", async () => {
    let finish = () => {};
    const running = await serve(
      (_request, response) =>
        new Promise((resolve) => {
          response.write("first half, ");
          finish = () => void (response.end("second half"), resolve());
        }),
      { stop: 60_000 },
    );
    const { socket, said, end } = await dial(running);
    socket.write(get());
    await expect.poll(said).toContain("first half");
    const stopped = running.stop();
    finish();
    expect(await end).toContain("second half");
    await stopped;
  });

  it("delivers a long response to a slow reader", async () => {
    const size = 30_000_000;
    const running = await serve(async (_request, response) => void response.end(Buffer.alloc(size)), { stop: 20_000 });
    const socket = connect(running.port, "127.0.0.1");
    socket.write(get());
    await once(socket, "readable");
    const stopped = running.stop();
    await pause(200);
    let received = 0;
    socket.on("data", ({ length }: Buffer) => (received += length));
    await once(socket, "close");
    expect(received).toBeGreaterThan(size);
    await stopped;
  });

  it("cuts off a stream of events at once, because it has no end", async () => {
    const running = await serve(events, { stop: 60_000 });
    const { socket, said, end } = await dial(running);
    socket.write(get());
    await expect.poll(said).toContain("data: 1");
    const began = Date.now();
    await running.stop();
    await end;
    expect(Date.now() - began).toBeLessThan(2_000);
  });

  it("cuts off a stream of events that begins while it stops", async () => {
    let isAsked = false;
    const slow: Handle = async (request, response) => {
      isAsked = true;
      await pause(150);
      await events(request, response);
    };
    const { port, stop } = await serve(slow);
    const page = await dial({ port, stop });
    page.socket.write(get());
    await expect.poll(() => isAsked, { interval: 5 }).toBe(true);
    const began = performance.now();
    await stop();
    expect(performance.now() - began).toBeLessThan(1_000);
  });

  it("cuts off requests not answered in time", async () => {
    const running = await serve(() => new Promise(() => {}), { stop: 100 });
    const { socket, end } = await dial(running);
    socket.write(get());
    await pause(50);
    await running.stop();
    expect(await end).toBe("");
  });
});

it("a stream of events takes no place from other pages once it has begun (R13)", async () => {
  await serve(underLoad(events));
  const streams = await Promise.all(Array.from({ length: 3 }, () => dial(server!)));
  for (const { socket, said } of streams) {
    socket.write(get());
    await expect.poll(said).toContain("data: 1");
  }
  expect(admissions.pages.load).toEqual({ inside: 0, waiting: 0 });
  for (const { socket } of streams) socket.destroy();
  // A page that is being answered has a place until then.
  let finish = () => {};
  await serve(underLoad(async (_request, response) => void (finish = () => void response.end("page"))));
  const { socket, end } = await dial(server!);
  socket.write(get().replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"));
  await expect.poll(() => admissions.pages.load.inside).toBe(1);
  finish();
  await end;
  await expect.poll(() => admissions.pages.load.inside).toBe(0);
});

describe("a body over the limit", () => {
  it.each([
    ["a page", "/sign-in", /^HTTP\/1.1 413[^]*text\/plain[^]*request is too large/],
    ["an API", "/api/v1/x", /^HTTP\/1.1 413[^]*application\/problem\+json[^]*"title":"Payload Too Large","status":413/],
  ])("without Content-Length gets 413 from %s, even while Next.js is reading it", async (_what, path, answer) => {
    const { handle, seen } = reading();
    const running = await serve(handle);
    const { socket, said, end } = await dial(running);
    socket.write(post("Transfer-Encoding: chunked", path) + chunk(600_000));
    await expect.poll(() => seen.bytes).toBe(600_000);
    socket.write(chunk(600_000));
    await expect.poll(said).toMatch(answer);
    socket.write(`${chunk(600_000)}0\r\n\r\n`);
    expect(await end).toContain("Connection: close");
    await expect.poll(() => seen.end).toBe("cut off");
    expect(seen.bytes).toBeLessThanOrEqual(limits.body);
  });

  it("a body that ends with the excess is not read as complete", async () => {
    const { handle, seen } = reading();
    const running = await serve(handle);
    const { socket, end } = await dial(running);
    socket.write(`${post("Transfer-Encoding: chunked")}${chunk(limits.body)}${chunk(1)}0\r\n\r\n`);
    expect(statusOf(await end)).toBe(413);
    await expect.poll(() => seen.end).toBe("cut off");
  });

  it("a body of exactly the limit is read", async () => {
    const { handle, seen } = reading();
    const running = await serve(handle);
    const { socket, said } = await dial(running);
    socket.write(`${post("Transfer-Encoding: chunked")}${chunk(limits.body)}0\r\n\r\n`);
    await expect.poll(said).toContain("200 OK");
    expect(seen).toEqual({ bytes: limits.body, end: "whole" });
  });

  it("a body whose Content-Length is over the limit is refused before Next.js sees the request", async () => {
    let asked = 0;
    const running = await serve(async () => void asked++);
    const { socket, said, end } = await dial(running);
    socket.write(post(`Content-Length: ${limits.body + 1}`));
    await expect.poll(said).toMatch(/^HTTP\/1.1 413[^]*Connection: close/);
    socket.write("x".repeat(limits.body + 1));
    await end;
    expect(asked).toBe(0);
  });

  it("cuts off a response that has begun", async () => {
    const running = await serve(async (request, response) => {
      response.write("begun");
      request.resume();
    });
    const { socket, said, end } = await dial(running);
    socket.write(post("Transfer-Encoding: chunked") + chunk(10));
    await expect.poll(said).toContain("begun");
    socket.write(chunk(limits.body));
    expect(await end).not.toContain("0\r\n\r\n");
  });

  it("a body that nobody reads and that never ends has its connection closed in time", async () => {
    const running = await serve(hello, { headers: 200, request: 200 });
    const { socket, end } = await dial(running);
    socket.write(post("Transfer-Encoding: chunked"));
    const flood = setInterval(() => socket.write(chunk(10_000)), 10);
    await end;
    clearInterval(flood);
  });
});

describe("a slow sender", () => {
  it.each([
    ["of headers", { headers: 100 }, "GET /home/setup HTTP/1.1\r\nHost: "],
    ["of nothing at all", { headers: 100 }, ""],
    ["of a body", { headers: 100, request: 200 }, `${post("Content-Length: 100")}x`],
    ["of a chunked body", { headers: 100, request: 200 }, `${post("Transfer-Encoding: chunked")}1\r\nx\r\n`],
  ])("%s is cut off", async (_what, given, text) => {
    const { handle, seen } = reading();
    const running = await serve(handle, given);
    const { socket, end } = await dial(running);
    socket.write(text);
    const began = Date.now();
    expect(await end).toMatch(/^(HTTP\/1\.1 408 |$)/);
    expect(Date.now() - began).toBeLessThan(2_000);
    expect(seen.end).not.toBe("whole");
  });

  it("does not delay the others", async () => {
    const running = await serve(hello);
    const slow = await dial(running);
    slow.socket.write("GET /");
    const { socket, said } = await dial(running);
    socket.write(get());
    await expect.poll(said).toContain("hello");
    slow.socket.destroy();
  });
});

describe("behind the front door", () => {
  it("an error of Next.js is answered 500 without details", async () => {
    const running = await serve(() => Promise.reject(new Error("with details")));
    const { socket, said } = await dial(running);
    socket.write(get());
    await expect.poll(said).toMatch(/^HTTP\/1.1 500[^]*text\/plain[^]*Internal Server Error\n$/);
    expect(said()).not.toContain("details");
  });

  it("a request to upgrade is answered like any other", async () => {
    const running = await serve(hello);
    const { socket, said } = await dial(running);
    socket.write(get().replace("\r\n\r\n", "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"));
    await expect.poll(said).toContain("hello");
  });

  it("Next.js sees the cookies of a page's request but not of an API request", async () => {
    const running = await serve(async ({ headers }, response) => void response.end(`cookie: ${headers.cookie}.`));
    const cookie = "\r\nCookie: session=x\r\n\r\n";
    for (const [path, seen] of [
      ["/home/setup", "session=x"],
      ["/api/v1/x", "undefined"],
      ["/healthz", "undefined"],
    ]) {
      const { socket, said } = await dial(running);
      socket.write(get(path).replace("\r\n\r\n", cookie));
      await expect.poll(said).toContain(`cookie: ${seen}.`);
    }
  });
});
