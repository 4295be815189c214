import { actionId, asForm, asScript } from "./actions";
import { expect, test } from "./fixtures";
import { formsOf, unescape, type Answer } from "./raw";
import { actions, idle } from "./visitor";

/* S15: `next` never leads to another site. */

const evil = "evil-8121.example";

/** Values that have misled browsers, frameworks and proxies. `%xx` is decoded once on the way. */
const corpus = [
  `//${evil}`,
  `///${evil}`,
  `////${evil}`,
  `/\\${evil}`,
  `\\\\${evil}`,
  `\\/${evil}`,
  `/\\/${evil}`,
  `//\\${evil}`,
  `/%09/${evil}`,
  `/%0a/${evil}`,
  `/%0d/${evil}`,
  `%09//${evil}`,
  `%20//${evil}`,
  `/%00/${evil}`,
  `//%00${evil}`,
  `/%20/${evil}`,
  `/.//${evil}`,
  `/..//${evil}`,
  `/home/..//${evil}`,
  `/home/../..//${evil}`,
  `/%252e%252e//${evil}`,
  `/%5c${evil}`,
  `/%255c${evil}`,
  `/%2f${evil}`,
  `%2f%2f${evil}`,
  `https://${evil}`,
  `https:${evil}`,
  `https:/${evil}`,
  `HTTPS://${evil}`,
  `http:///${evil}`,
  `https://{host}@${evil}`,
  `https://{host}.${evil}`,
  `//{host}@${evil}`,
  `@${evil}`,
  `.${evil}`,
  `:80@${evil}`,
  `${evil}`,
  `javascript:alert(1)//${evil}`,
  `java%0ascript:alert(1)//${evil}`,
  `data:text/html,${evil}`,
  `vbscript:${evil}`,
  `%e3%80%82${evil}`,
  `//${evil}%e3%80%82example`,
  `/%e2%80%a8/${evil}`,
  `//[::1]/${evil}`,
  `//2130706433/${evil}`,
  `?next=//${evil}`,
  `#//${evil}`,
  `/home%0d%0aLocation:%20//${evil}`,
  `/home%0d%0aSet-Cookie:%20session=${evil}`,
  `/${"a".repeat(3000)}${evil}`,
  "",
];

const decoded = (value: string, host: string) => decodeURIComponent(value.replaceAll("{host}", host));

/** All URLs to which a response leads, by itself or by a click. */
function destinations({ headers, text }: Answer): string[] {
  const sent = headers.location ?? headers["x-action-redirect"]?.toString().replace(/;(push|replace)$/, "");
  const linked = [...text.matchAll(/\b(?:href|action|src|content)="([^"]*)"/g)].map(([, address]) =>
    unescape(address!),
  );
  const kept = formsOf(text).flatMap(({ fields }) =>
    fields.filter(([name]) => name === "next").map(([, value]) => value),
  );
  return [...(sent === undefined ? [] : [sent]), ...linked, ...kept];
}

/**
 * Expects every URL to stay on the site as a browser resolves it, with nothing that a server in front could read
 * otherwise.
 */
function expectHere(answer: Answer, origin: string, value: string): void {
  expect([200, 303, 307, 503], value).toContain(answer.status);
  expect(answer.setCookies.join(), value).not.toContain(evil);
  for (const address of destinations(answer)) {
    // `content` also holds metadata text. Only the links to app stores leave the site.
    if (/^https:\/\/(apps\.apple\.com|play\.google\.com)\//.test(address) || !/[/:]/.test(address)) continue;
    const url = new URL(address, origin);
    expect(url.origin, `${value} led to ${address}`).toBe(origin);
    expect(address, value).not.toMatch(/^[/\\]{2}|^[\s\\]|[\u0000-\u001f\\]/);
  }
}

for (const page of ["/sign-in", "/create-account", "/confirm-password"]) {
  for (const signedIn of [false, true]) {
    test(`no URL given to ${page} leads off the site, signed ${signedIn ? "in" : "out"}`, async ({
      send,
      person,
      session,
      baseURL,
    }) => {
      const headers = signedIn ? { Cookie: `session=${await session(await person())}` } : {};
      const host = new URL(baseURL!).host;
      const queries = corpus.map((value) => `next=${encodeURIComponent(decoded(value, host))}`);
      // A page reads a repeated name as a list.
      queries.push(`next=/home&next=//${evil}`, `next=//${evil}&next=/home`);
      for (const query of queries) expectHere(await send({ path: `${page}?${query}`, headers }), baseURL!, query);
    });
  }
}

test("no URL given to /unavailable leads off the site", async ({ send, baseURL }) => {
  for (const value of corpus) {
    const back = encodeURIComponent(decoded(value, new URL(baseURL!).host));
    expectHere(await send({ path: `/unavailable?back=${back}` }), baseURL!, value);
  }
});

for (const [way, encode] of [
  ["as a form", asForm],
  ["as a script", asScript],
] as const) {
  test(`nobody who signs in, confirms or creates an account is led off the site, ${way}`, async ({
    sendFromSite,
    person,
    session,
    baseURL,
    freshNetwork,
  }) => {
    test.slow();
    const { id, email, password } = await person();
    for (const value of corpus) {
      const next = decoded(value, new URL(baseURL!).host);
      const submit = async (
        path: string,
        action: (typeof actions)[keyof typeof actions],
        form: [string, string][],
        cookie = "",
      ) => {
        const { body, headers } = encode({ id: actionId(action), state: idle, form: [...form, ["next", next]] });
        const from = { "X-Forwarded-For": freshNetwork(), Cookie: cookie };
        return sendFromSite({ method: "POST", path, body: body!, headers: { ...headers, ...from } });
      };
      const signedIn = await submit("/sign-in", actions.signIn, [
        ["email", email],
        ["password", password],
      ]);
      expect(signedIn.setCookies.join(), value).toContain("session=");
      const confirmed = await submit(
        "/confirm-password",
        actions.confirmPassword,
        [
          ["password", password],
          ["account", id],
        ],
        `session=${await session({ id })}`,
      );
      for (const answer of [signedIn, confirmed]) {
        expectHere(answer, baseURL!, value);
        const [to] = destinations(answer);
        if (/^\/home\//.test(to!)) continue;
        // An odd path of this site, whose page leads nowhere else either.
        const landed = await sendFromSite({ path: to! });
        expect(landed.status, `${value} led to ${to}`).toBe(404);
      }
    }

    // Creating an account is slow and uses the same check, so the worst values are enough.
    for (const value of [`//${evil}`, `/\\${evil}`, `/%09/${evil}`, `https://${evil}`]) {
      const { body, headers } = encode({
        id: actionId(actions.createAccount),
        state: idle,
        form: [
          ["name", "Ann"],
          ["email", `ways.${Math.random().toString(36).slice(2)}@example.org`],
          ["password", "vergers et lanternes 61"],
          ["country", "FR"],
          ["next", decoded(value, "")],
        ],
      });
      const created = await sendFromSite({ method: "POST", path: "/create-account", body: body!, headers });
      expect(destinations(created)[0], value).toBe("/home/setup/key");
    }
  });
}
