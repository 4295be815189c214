import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { given } from "../given";
import { actionId, asForm, asScript } from "./actions";
import { expect, test } from "./fixtures";
import { cookieSet, type Answer } from "./raw";
import { actions, idle } from "./visitor";

/* S06. Headers by which a client could try to steer the framework or the portal. */

const claim = "evil-claim-8121";

/** Headers that the framework, a proxy or the portal itself might believe. */
const controls: Record<string, string> = {
  "x-nonce": claim,
  "x-locale": "fr",
  "x-path": `/${claim}`,
  "x-client-network": claim,
  "x-request-id": claim,
  "x-front-door": claim,
  "x-asked-within": claim,
  "x-auth-return-redirect": "1",
  "content-security-policy": `script-src 'nonce-${claim}'`,
  "x-middleware-subrequest": "proxy:proxy:proxy:proxy:proxy",
  "x-middleware-subrequest-id": claim,
  "x-middleware-next": "1",
  "x-middleware-rewrite": `/${claim}`,
  "x-middleware-override-headers": "cookie,x-nonce",
  "x-middleware-request-x-nonce": claim,
  "x-middleware-set-cookie": `session=${claim}`,
  "x-nextjs-data": "1",
  "x-nextjs-redirect": `/${claim}`,
  "x-matched-path": "/healthz",
  "x-invoke-path": "/healthz",
  "x-invoke-status": "200",
  "x-now-route-matches": `1=${claim}`,
  "x-action-forwarded": "1",
  "x-prerender-revalidate": claim,
  "x-forwarded-host": `${claim}.example`,
  "x-forwarded-proto": "https",
  "x-forwarded-port": "8121",
  "x-forwarded-prefix": `/${claim}`,
  "x-original-url": `/${claim}`,
  "x-rewrite-url": `/${claim}`,
  "x-http-method-override": "PUT",
  forwarded: `host=${claim}.example;proto=https`,
};

/** The parts of a response that must not depend on them. Nonces differ each time, and build output has no order. */
const essence = ({ status, headers, setCookies, text }: Answer) => ({
  status,
  location: headers.location,
  setCookies,
  title: /<title>(.*?)<\/title>/.exec(text)?.[1],
  language: /<html lang="(\w+)"/.exec(text)?.[1],
  links: [...text.matchAll(/<a\b[^>]*href="([^"]*)"/g)].map(([, href]) => href).sort(),
});

for (const path of [
  "/home/setup",
  "/sign-in?next=/home/account",
  "/home/account",
  "/home/subscriptions",
  "/nothing/here",
]) {
  test(`no client header changes the response of ${path}`, async ({ send }) => {
    const plain = essence(await send({ path }));
    for (const [name, value] of Object.entries(controls)) {
      const answer = await send({ path, headers: { [name]: value } });
      expect(essence(answer), name).toEqual(plain);
      expect(answer.text, name).not.toContain(claim);
      expect(JSON.stringify(answer.headers), name).not.toContain(claim);
    }
    expect(essence(await send({ path, headers: controls })), "all of them at once").toEqual(plain);
  });
}

const signIn = (email: string, password: string) => ({
  id: actionId(actions.signIn),
  state: idle,
  form: [
    ["email", email],
    ["password", password],
  ] as const,
});

for (const [way, encode] of [
  ["without scripts", asForm],
  ["with scripts", asScript],
] as const) {
  test(`no header turns a wrong password into a sign-in ${way}`, async ({ sendFromSite, person, freshNetwork }) => {
    const somebody = await person();
    for (const [name, value] of Object.entries(controls)) {
      // Each header gets an address of its own, because the rate limit on wrong passwords counts per address.
      const email = name === "x-auth-return-redirect" ? somebody.email : `nobody.${name}@example.org`;
      const { body, headers } = encode(signIn(email, "not the password"));
      const network = { "X-Forwarded-For": freshNetwork() };
      const answer = await sendFromSite({
        method: "POST",
        path: "/sign-in",
        body,
        headers: { ...headers, ...network, [name]: value },
      });
      expect(answer.status, name).toBe(200);
      expect(answer.headers["x-action-redirect"], name).toBeUndefined();
      expect(cookieSet(answer, "session"), name).toBeUndefined();
      expect(answer.text, name).toMatch(/credentials\.wrong|password is wrong/);
    }
  });

  test(`a sign-in ${way} with X-Auth-Return-Redirect works as without it`, async ({ sendFromSite, person }) => {
    const { email, password } = await person();
    const { body, headers } = encode(signIn(email, password));
    const spoofed = { ...headers, "X-Auth-Return-Redirect": "1" };
    const answer = await sendFromSite({ method: "POST", path: "/sign-in", body, headers: spoofed });
    expect(answer.headers.location ?? answer.headers["x-action-redirect"]).toMatch(/^\/home\/setup(;push)?$/);
    const session = cookieSet(answer, "session")!;
    const account = await sendFromSite({ path: "/home/account", headers: { Cookie: `session=${session}` } });
    expect(account.text.replaceAll("<wbr/>", "")).toContain(email);
  });
}

test("x-client-network does not move an attempt to another network's rate limit", async ({ sendFromSite }) => {
  const attempt = async (network: string) => {
    const { body, headers } = asScript(signIn(`nobody.${Math.random()}@example.org`, "not the password"));
    const spoofed = { ...headers, "x-client-network": network, "x-request-id": network };
    return (await sendFromSite({ method: "POST", path: "/sign-in", body, headers: spoofed })).text;
  };
  for (let count = 1; count <= 10; count++) expect(await attempt(`192.0.2.${count}`)).toContain("credentials.wrong");
  expect(await attempt("192.0.2.11")).toContain("tooManyAttempts");
});

test("a request keeps the id the server gave it, whatever x-request-id says", async ({ send }) => {
  const claimed = randomUUID();
  const path = `/nothing/${randomUUID()}`;
  await send({ path, headers: { "x-request-id": claimed } });
  const log = () => readFile(given().logFile, "utf8");
  await expect.poll(async () => (await log()).includes(path)).toBe(true);
  expect((await log()).includes(claimed)).toBe(false);
});
