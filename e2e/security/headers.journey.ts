import { readFile } from "node:fs/promises";
import { Client } from "pg";
import { actionId, asForm, asScript } from "./actions";
import { expect, publicOrigin, test, type Send } from "./fixtures";
import type { Answer, Fields, Sent } from "./raw";
import { actions, idle, Visitor } from "./visitor";

/* S28: the headers of every class of response. */

const everywhere = {
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "same-origin",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=()",
};
const nothing = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const policyOf = (nonce: string) =>
  [
    "default-src 'none'",
    `script-src 'nonce-${nonce}' 'strict-dynamic'`,
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");

type Class = Sent & {
  what: string;
  status: number;
  type?: RegExp;
  /** Whether a shared cache may store it. */ kept?: true;
  /** Whether scripts of any site may read it. */
  anyOrigin?: true;
};

const html = /^text\/html; charset=utf-8$/;
const text = /^text\/plain/;
const form = (action: (typeof actions)[keyof typeof actions], state?: object) =>
  asForm({ id: actionId(action), state, form: [["name", ""]] });
const unknownId = `60${"0".repeat(40)}`;

const classesOf = (origin: string, files: { script: string; style: string }): Class[] => {
  const post = (sent: Sent): Sent => ({ ...sent, method: "POST", headers: { Origin: origin, ...sent.headers } });
  return [
    { what: "a page", path: "/home/setup", status: 200, type: html },
    { what: "a page with a form", path: "/sign-in", status: 200, type: html },
    { what: "a page's head", method: "HEAD", path: "/home/setup", status: 200, type: html },
    {
      what: "a page as payload",
      path: "/sign-in?_rsc",
      headers: { RSC: "1" },
      status: 200,
      type: /^text\/x-component/,
    },
    { what: "a redirect", path: "/home/account", status: 307 },
    { what: "a redirect of the framework", path: "/home/setup/", status: 308 },
    { what: "a page that does not exist", path: "/nothing/here", status: 404, type: html },
    { what: "a file that does not exist", path: "/_next/static/chunks/none.js", status: 404 },
    { what: "a path with broken percent-encoding", path: "/%ff%", status: 404, type: html },
    {
      what: "an action's response",
      ...post({ path: "/create-account", ...form(actions.createAccount, idle) }),
      status: 200,
      type: html,
    },
    { what: "an action's redirect", ...post({ path: "/home/account", ...form(actions.signOut) }), status: 303 },
    {
      what: "an action's response to a script",
      ...post({ path: "/create-account", ...asScript({ id: actionId(actions.createAccount), state: idle, form: [] }) }),
      status: 200,
      type: /^text\/x-component/,
    },
    {
      what: "an action of another build",
      ...post({ path: "/sign-in", ...asForm({ id: unknownId, form: [] }) }),
      status: 409,
      type: text,
    },
    { what: "an error", path: "/_global-error", status: 500, type: html, kept: true },
    {
      what: "a form that is empty",
      ...post({ path: "/sign-in", headers: { "Content-Type": "multipart/form-data; boundary=x" }, body: "--x--" }),
      status: 400,
    },
    { what: "another method", method: "DELETE", path: "/home/account", status: 405, type: text },
    { what: "another method on a file", method: "PUT", path: "/icon.svg", status: 405, type: text },
    {
      what: "another site's form",
      method: "POST",
      path: "/home/account",
      ...form(actions.signOut),
      status: 403,
      type: text,
    },
    {
      what: "a body over the limit",
      ...post({ path: "/sign-in", body: "x".repeat(1_000_001) }),
      status: 413,
      type: text,
    },
    { what: "another host", path: "/home/setup", headers: { Host: "other.example" }, status: 307, type: text },
    {
      what: "a form for another host",
      method: "POST",
      path: "/home/account",
      headers: { Host: "other.example" },
      status: 421,
      type: text,
    },
    { what: "the page of an outage", path: "/unavailable", status: 503, type: html },
    { what: "the liveness probe", path: "/healthz", status: 200, type: text },
    { what: "the readiness probe", path: "/readyz", status: 200, type: text },
    { what: "a QR code", path: "/home/setup/device/qr?os=ios", status: 200, type: /^image\/svg\+xml/, kept: true },
    {
      what: "a QR code that does not exist",
      path: "/home/setup/device/qr?os=other",
      status: 404,
      type: text,
      kept: true,
    },
    {
      what: "the public keys",
      path: "/.well-known/jwks.json",
      status: 200,
      type: /^application\/jwk-set\+json/,
      kept: true,
      anyOrigin: true,
    },
    { what: "a script", path: files.script, status: 200, type: /javascript/, kept: true },
    { what: "a style sheet", path: files.style, status: 200, type: /^text\/css/, kept: true },
    { what: "a public file", path: "/icon.svg", status: 200, type: /^image\/svg\+xml/, kept: true },
    { what: "another public file", path: "/robots.txt", status: 200, type: text, kept: true },
  ];
};

function expectHeaders(
  answer: Answer,
  {
    what,
    secure,
    kept,
    anyOrigin,
  }: { what: string; secure: boolean; kept?: true | undefined; anyOrigin?: true | undefined },
): string {
  expect(answer.headers, what).toMatchObject(everywhere);
  const policy = String(answer.headers["content-security-policy"]);
  const nonce = /'nonce-([\w+/=]{24})'/.exec(policy)?.[1];
  expect(policy, what).toBe(nonce ? policyOf(nonce) : nothing);
  if (/^text\/(html|x-component)/.test(String(answer.headers["content-type"]))) expect(policy, what).not.toBe("");
  expect(answer.headers["strict-transport-security"], what).toBe(
    secure ? "max-age=63072000; includeSubDomains" : undefined,
  );
  for (const name of ["x-powered-by", "server", "x-request-id", "x-nonce", "x-locale"]) {
    expect(answer.headers[name], `${what}: ${name}`).toBeUndefined();
  }
  expect(answer.headers["access-control-allow-origin"], what).toBe(anyOrigin && "*");
  expect(
    Object.keys(answer.headers).filter((name) => /^x-(middleware|client|portal)/.test(name)),
    what,
  ).toEqual([]);
  const bare = answer.status === 308 || (answer.status === 404 && kept);
  if (!kept && !bare) expect(String(answer.headers["cache-control"]), what).toContain("no-store");
  for (const [, own = ""] of answer.text.matchAll(/\snonce="([^"]*)"/g))
    expect(own, `${what}: nonce in the page`).toBe(nonce);
  // No inline handlers, no style attributes, no script or style without the nonce.
  if (html.test(String(answer.headers["content-type"])) && what !== "an error") {
    expect(answer.text, what).not.toMatch(/<[^>]+\s(on\w+|style)=/);
    expect(answer.text, what).not.toMatch(/<(script|style)(?![^>]*\bnonce=)/);
    expect(answer.text, what).not.toMatch(/javascript:/i);
  }
  return nonce ?? "";
}

async function filesOf(send: Send): Promise<{ script: string; style: string }> {
  const page = (await send({ path: "/home/setup" })).text;
  return {
    script: /<script src="([^"?]+)"/.exec(page)![1]!,
    style: /<link rel="stylesheet" href="([^"?]+)"/.exec(page)![1]!,
  };
}

for (const over of ["http", "https"]) {
  const secure = over === "https";
  test(`every class of response over ${over} has its security headers`, async ({
    send,
    production,
    baseURL,
    network,
  }) => {
    const ask: Send = (sent) =>
      (secure ? production.send : send)({ ...sent, headers: { "X-Forwarded-For": network, ...sent.headers } });
    const nonces: string[] = [];
    for (const { what, status, type, kept, anyOrigin, ...sent } of classesOf(
      secure ? publicOrigin : baseURL!,
      await filesOf(ask),
    )) {
      const answer = await ask(sent);
      expect(answer.status, what).toBe(status);
      if (type) expect(answer.headers["content-type"], what).toMatch(type);
      nonces.push(expectHeaders(answer, { what, secure, kept, anyOrigin }));
      if (type === html) expect(nonces.at(-1), what).not.toBe("");
    }
    const used = nonces.filter(Boolean);
    expect(new Set(used).size, "a nonce is used once").toBe(used.length);
    expect(used.length).toBeGreaterThan(10);
    for (const nonce of used) expect(Buffer.from(nonce, "base64")).toHaveLength(16);
  });
}

test("private pages, and pages and actions that fail, have the security headers too", async ({ production }) => {
  const visitor = new Visitor(production.send, publicOrigin);
  const person = { name: "Ann", email: "headers@example.org", password: "vergers et lanternes 61", country: "FR" };
  await visitor.submit("/create-account", actions.createAccount, person, idle);
  for (const path of ["/home/account", "/home/subscriptions", "/home/setup", "/home/setup/device", "/home/setup/key"]) {
    const answer = await visitor.open(path);
    expect(answer.status, path).toBe(200);
    expect(answer.text.replaceAll("<wbr/>", ""), path).toContain(person.email);
    expectHeaders(answer, { what: path, secure: true });
  }

  const database = new Client({ connectionString: production.databaseUrl });
  await database.connect();
  try {
    await database.query("ALTER TABLE subscription RENAME TO subscription_away");
    const broken = await visitor.open("/home/subscriptions");
    expect(broken.status).toBe(500);
    expectHeaders(broken, { what: "a page that failed", secure: true });

    await database.query("ALTER TABLE account ADD CONSTRAINT broken CHECK (name <> 'Anna')");
    const { rows } = await database.query<{ id: string }>("SELECT id FROM account WHERE email = $1", [person.email]);
    const form: Fields = [
      ["account", rows[0]!.id],
      ["name", "Anna"],
    ];
    const call = asForm({ id: actionId(actions.saveName), state: idle, form });
    for (const Accept of ["*/*", "text/html"]) {
      const sent = { method: "POST", path: "/home/account/name", ...call, headers: { ...call.headers, Accept } };
      const failed = await visitor.ask(sent);
      expect(failed.status).toBe(500);
      expectHeaders(failed, { what: "an action that failed", secure: true });
      if (Accept !== "text/html") continue;

      expect(failed.headers["content-type"], "a person gets a page").toMatch(html);
      expect(failed.text).toContain("Something went wrong");
      expect(failed.text).toContain('<a href="/home/account/name">');
      const reference = /Reference for support: ([\w-]{36})/.exec(failed.text)![1]!;
      expect(await readFile(production.logFile, "utf8")).toContain(reference);
    }
  } finally {
    await database.query("ALTER TABLE IF EXISTS subscription_away RENAME TO subscription");
    await database.query("ALTER TABLE account DROP CONSTRAINT IF EXISTS broken");
    await database.end();
  }
});
