import { randomBytes, randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { connect } from "node:net";
import { join } from "node:path";
import { given } from "../given";
import { startServer } from "../server";
import { actionId, asForm, asScript } from "./actions";
import { expect, test } from "./fixtures";
import { send, type Sent } from "./raw";
import { actions, idle } from "./visitor";

const next = createRequire(import.meta.url).resolve("next/dist/bin/next");

test("a server without the front door answers every request with 500, changes nothing and discloses nothing", async ({
  person,
  session,
  rows,
}) => {
  const { databaseUrl, directory } = given();
  const logFile = join(directory, `${randomBytes(6).toString("hex")}.log`);
  const command = [next, "start", "-H", "127.0.0.1"];
  const server = await startServer({ databaseUrl, dataDir: directory, logFile, command });
  try {
    const somebody = await person();
    const Cookie = `session=${await session(somebody)}`;
    const call = {
      id: actionId(actions.saveName),
      state: idle,
      form: Object.entries({ account: somebody.id, name: "X" }),
    };
    const sent: Sent[] = [
      { path: "/home/setup" },
      { path: "/home/account", headers: { Cookie } },
      { path: "/nothing" },
      { path: "/nothing.txt" },
      { path: "/dev/mail" },
      { path: "/api/v1/x" },
      { path: "/healthz" },
      { path: "/home/setup", headers: { "x-front-door": "" } },
      { path: "/home/setup", headers: { "x-front-door": randomBytes(32).toString("base64url") } },
      ...[asForm, asScript].map((encode) => {
        const { body, headers } = encode(call);
        return {
          method: "POST",
          path: "/home/account/name",
          body,
          headers: { ...headers, Cookie, Origin: server.origin },
        };
      }),
    ];
    for (const one of sent) {
      const { status, text, setCookies } = await send(server.origin, one);
      expect([status, text, setCookies], one.path).toEqual([500, "Internal Server Error\n", []]);
    }
    expect(await rows("SELECT name FROM account WHERE id = $1", [somebody.id])).toEqual([{ name: somebody.name }]);
    const said = (await readFile(logFile, "utf8")).split("did not come through lib/http/front-door.ts");
    expect(said, "logged once").toHaveLength(2);
  } finally {
    await server.stop();
  }
});

test("no path under /api/ reaches a page or an action, whatever its Origin", async ({
  send: ask,
  person,
  session,
  baseURL,
  rows,
}) => {
  const somebody = await person();
  const Cookie = `session=${await session(somebody)}`;
  const signIn = Object.entries({ email: somebody.email, password: somebody.password });
  const saveName = Object.entries({ account: somebody.id, name: "Mallory" });
  for (const path of [
    "/api/v1/x",
    "/api/sign-in",
    "/api/../sign-in",
    "/api/%2e%2e/sign-in",
    "/api/..%2fsign-in",
    "/api/..\\sign-in",
    "/sign-in/../api/x",
    "/%61pi/x",
    "//api/x",
  ]) {
    for (const origin of [{}, { Origin: "https://evil-8121.example" }, { Origin: "null" }, { Origin: baseURL }]) {
      for (const encode of [asForm, asScript]) {
        for (const [action, form] of [
          [actions.signIn, signIn],
          [actions.saveName, saveName],
        ] as const) {
          const { body, headers } = encode({ id: actionId(action), state: idle, form });
          const answer = await ask({ method: "POST", path, body, headers: { ...headers, ...origin, Cookie } });
          expect([400, 404], `${path} ${JSON.stringify(origin)}`).toContain(answer.status);
          expect(answer.setCookies, path).toEqual([]);
        }
      }
    }
  }
  // It leads to the reference, a page. As on every page, the origin of the form counts there.
  const slash = await ask({ method: "POST", path: "/api/" });
  expect([slash.status, slash.headers.location]).toEqual([308, "/api"]);
  const foreign = { Origin: "https://evil-8121.example", Cookie };
  expect((await ask({ method: "POST", path: "/api", headers: foreign })).status).toBe(403);
  expect(await rows("SELECT name FROM account WHERE id = $1", [somebody.id])).toEqual([{ name: somebody.name }]);
});

test("under /api/ every refusal is problem details (RFC 9457), and a cookie changes nothing", async ({
  send: ask,
  person,
  session,
  baseURL,
}) => {
  const Cookie = `session=${await session(await person())}`;
  const host = new URL(baseURL!).host;
  const cases: [status: number, title: string, sent: Sent][] = [
    [404, "Not Found", { path: "/api/nothing" }],
    [404, "Not Found", { path: "/api/v1/nothing?lang=fr", headers: { Cookie } }],
    [404, "Not Found", { method: "DELETE", path: "/api/v1/nothing", headers: { Cookie } }],
    [405, "Method Not Allowed", { method: "PROPFIND", path: "/api/v1/nothing" }],
    [405, "Method Not Allowed", { method: "DELETE", path: "/api/v1/partner/leases" }],
    [405, "Method Not Allowed", { path: `/api/v1/partner/leases/${randomUUID()}/end` }],
    [405, "Method Not Allowed", { path: "/api/reminders" }],
    [405, "Method Not Allowed", { method: "POST", path: "/.well-known/jwks.json" }],
    [413, "Payload Too Large", { method: "PUT", path: "/api/v1/nothing", body: "x".repeat(1_000_001) }],
    [421, "Misdirected Request", { path: "/api/v1/nothing", headers: { Host: `other.${host}` } }],
  ];
  for (const [status, title, sent] of cases) {
    const { status: answered, headers, text, setCookies } = await ask(sent);
    expect(answered, title).toBe(status);
    expect(headers["content-type"], title).toBe("application/problem+json");
    expect(headers["cache-control"], title).toContain("no-store");
    expect(JSON.parse(text), title).toEqual({
      ...{ type: "about:blank", title, status },
      ...{ code: expect.stringMatching(/^[a-z][A-Za-z]+$/), detail: expect.any(String) },
    });
    expect(setCookies, title).toEqual([]);
    // RFC 9110, 15.5.6.
    expect(headers["allow"] !== undefined, title).toBe(status === 405);
  }
});

for (const path of ["/sign-in", "/api/v1/x", "/nothing"]) {
  test(`a body without Content-Length is cut off at the limit on ${path}, and changes nothing`, async ({
    baseURL,
    network,
  }) => {
    const { host, port } = new URL(baseURL!);
    const { body, headers } = asScript({
      id: actionId(actions.signIn),
      state: idle,
      form: [["email", "x".repeat(1_100_000)]],
    });
    const socket = connect(Number(port), "127.0.0.1");
    let said = "";
    socket.setEncoding("utf8").on("data", (text: string) => (said += text));
    const closed = new Promise((resolve) => socket.on("error", () => {}).once("close", resolve));
    const lines = {
      Host: host,
      Origin: baseURL,
      "X-Forwarded-For": network,
      "Transfer-Encoding": "chunked",
      ...headers,
    };
    socket.write(`POST ${path} HTTP/1.1\r\n`);
    for (const [name, value] of Object.entries(lines)) socket.write(`${name}: ${String(value)}\r\n`);
    socket.write("\r\n");
    for (let at = 0; at < body!.length; at += 50_000) {
      const piece = body!.slice(at, at + 50_000);
      socket.write(`${Buffer.byteLength(piece).toString(16)}\r\n`);
      socket.write(piece);
      socket.write("\r\n");
    }
    socket.write("0\r\n\r\n");
    await closed;
    expect(said).toMatch(/^HTTP\/1\.1 413 Payload Too Large\r\n/);
    expect(said).toMatch(/\r\nConnection: close\r\n/i);
    expect(said.match(/HTTP\/1\.1/g)).toHaveLength(1);
    expect((await send(baseURL!, { path: "/healthz" })).status).toBe(200);
    const line = (await readFile(given().logFile, "utf8"))
      .split("\n")
      .find((text) => text.startsWith("{") && text.includes("exceeds the site's limit"));
    expect(line, "not logged as an error of the portal").toBeUndefined();
  });
}
