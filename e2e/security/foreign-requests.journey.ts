import { actionId, asForm, asScript } from "./actions";
import { expect, publicHost, publicOrigin, test, type Send } from "./fixtures";
import { cookieHeader } from "./raw";
import { actions, idle, Visitor } from "./visitor";

/* S13 and S14: requests from another site, or with another Host. */

const evil = "evil-8121.example";

test.describe("a form sent from another site, with the person's cookie", () => {
  /** Headers of a POST that state its origin. */
  const foreign: [what: string, headers: Record<string, string>][] = [
    ["nothing at all", {}],
    ["another site", { Origin: `https://${evil}` }],
    ["this site over another protocol", { Origin: "https://localhost" }],
    ["another port", { Origin: "http://localhost:1" }],
    ["a name that begins like ours", { Origin: `{origin}.${evil}` }],
    ["a page without an origin", { Origin: "null" }],
    ["an empty origin", { Origin: "" }],
    ["another site, as the browser says", { "Sec-Fetch-Site": "cross-site" }],
    ["another host of the same site", { "Sec-Fetch-Site": "same-site" }],
    ["a bookmark", { "Sec-Fetch-Site": "none" }],
    ["another site, though the browser says from here", { Origin: `https://${evil}`, "Sec-Fetch-Site": "same-origin" }],
    ["only a referrer", { Referer: "{origin}/home/account" }],
  ];
  const own: [what: string, headers: Record<string, string>][] = [
    ["this site", { Origin: "{origin}" }],
    ["this site, as the browser says", { "Sec-Fetch-Site": "same-origin" }],
    ["this site, in a browser that hides it", { Origin: "null", "Sec-Fetch-Site": "same-origin" }],
  ];

  for (const [way, encode, path] of [
    ["as a form", asForm, "/home/account/name"],
    ["as a script", asScript, "/home/account/name"],
    ["as a script through another page", asScript, "/help/find-your-key"],
    ["as a script through build output", asScript, "/_next/static/chunks/x.js"],
  ] as const) {
    test(`changes nothing ${way}`, async ({ send, person, session, rows, baseURL }) => {
      const somebody = await person();
      const Cookie = `session=${await session(somebody)}`;
      const nameNow = async () =>
        (await rows<{ name: string }>("SELECT name FROM account WHERE id = $1", [somebody.id]))[0]!.name;
      const saveName = (name: string, origin: Record<string, string>) => {
        const { body, headers } = encode({
          id: actionId(actions.saveName),
          state: idle,
          form: [
            ["account", somebody.id],
            ["name", name],
          ],
        });
        const from = Object.fromEntries(
          Object.entries(origin).map(([header, value]) => [header, value.replace("{origin}", baseURL!)]),
        );
        return send({ method: "POST", path, body: body!, headers: { ...headers, Cookie, ...from } });
      };

      for (const [what, headers] of foreign) {
        const answer = await saveName("Mallory", headers);
        expect(answer.status, what).toBe(path.startsWith("/_next/") ? 405 : 403);
        expect(answer.setCookies, what).toEqual([]);
        expect(await nameNow(), what).toBe(somebody.name);
      }
      if (path.startsWith("/_next/")) return;
      for (const [what, headers] of own) {
        const name = `Camille, ${what}`;
        expect((await saveName(name, headers)).status, what).toBe(encode === asForm ? 303 : 200);
        expect(await nameNow(), what).toBe(name);
      }
    });
  }
});

test.describe("under another host", () => {
  const names = [evil, "127.0.0.1", `localhost:1`, `{host}.${evil}`, `{host}@${evil}`, `${evil}, {host}`, "LOCALHOST"];

  for (const over of ["http", "https"]) {
    test(`the site over ${over} redirects a reader to its own address and refuses forms`, async ({
      send,
      production,
      baseURL,
      network,
    }) => {
      const [ask, origin]: [Send, string] = over === "https" ? [production.send, publicOrigin] : [send, baseURL!];
      for (const name of names) {
        const Host = name.replace("{host}", new URL(origin).host);
        const headers = { Host, "X-Forwarded-For": network };
        for (const path of [
          "/home/setup?lang=fr",
          "/icon.svg",
          "/nothing",
          `//${evil}/x`,
          `/\\${evil}`,
          `/@${evil}`,
          "/sign-in?next=//x",
        ]) {
          const answer = await ask({ path, headers });
          expect(answer.status, `${Host} ${path}`).toBe(307);
          expect(answer.headers.location, `${Host} ${path}`).toBe(new URL(origin + path).href);
          expect(new URL(answer.headers.location!).origin).toBe(origin);
        }
        const { body, headers: type } = asForm({ id: actionId(actions.signOut), form: [] });
        const refused = await ask({
          method: "POST",
          path: "/home/account",
          body: body!,
          headers: { ...type, ...headers, Origin: origin },
        });
        expect(refused.status, Host).toBe(421);
        expect(JSON.stringify(refused)).not.toContain(evil);
        // A probe may use any name of the machine.
        expect((await ask({ path: "/readyz", headers })).status).toBe(200);
      }
    });

    test(`no forwarded header gets into a link, a redirect or a cookie over ${over}`, async ({
      send,
      production,
      baseURL,
    }) => {
      const [ask, origin]: [Send, string] = over === "https" ? [production.send, publicOrigin] : [send, baseURL!];
      const poison = {
        "X-Forwarded-Host": evil,
        "X-Forwarded-Proto": "gopher",
        "X-Forwarded-Port": "8121",
        "X-Forwarded-Server": evil,
        "X-Host": evil,
        "X-Original-Host": evil,
        "X-Original-URL": `/${evil}`,
        Forwarded: `host=${evil};proto=gopher`,
        Via: `1.1 ${evil}`,
      };
      const visitor = new Visitor((sent) => ask({ ...sent, headers: { ...poison, ...sent.headers } }), origin);
      const email = `hosts.${Math.random().toString(36).slice(2)}@example.org`;
      const password = "vergers et lanternes 61";
      for (const path of [
        "/home/setup",
        "/home/account",
        "/sign-in?next=/home/account",
        "/unavailable?back=/home/account",
        "/nothing",
        "/home/setup/",
      ]) {
        await visitor.open(path);
      }
      const created = await visitor.submit(
        "/create-account",
        actions.createAccount,
        { name: "Ann", email, password, country: "FR" },
        idle,
      );
      expect(created.headers.location).toBe("/home/setup/key");
      const signedIn = await visitor.submit("/sign-in?switch=1", actions.signIn, { email, password }, idle);
      expect(signedIn.headers.location).toBe("/home/setup");
      const { body, headers } = asScript({
        id: actionId(actions.signIn),
        state: idle,
        form: [
          ["email", email],
          ["password", password],
        ],
      });
      const byScript = await visitor.ask({ method: "POST", path: "/sign-in?switch=1", body, headers });
      expect(byScript.headers["x-action-redirect"]).toBe("/home/setup;push");
      // The response holds the page it redirects to, rendered for the account that has just signed in.
      expect(byScript.headers["content-type"]).toContain("text/x-component");
      expect(byScript.text).toContain(email);
      for (const path of ["/home/setup", "/home/account", "/home/subscriptions", "/home/setup/device"])
        await visitor.open(path);
      await visitor.submit("/home/account", actions.signOut, {});

      for (const answer of visitor.answers) {
        const said = JSON.stringify([answer.headers, answer.text]);
        for (const word of [evil, "gopher", "8121"]) expect(said).not.toContain(word);
        const { location } = answer.headers;
        if (location) expect(new URL(location, origin).origin).toBe(origin);
      }
    });
  }

  test("a page shows the site's public address", async ({ production }) => {
    const { text } = await production.send({ path: "/home/setup", headers: { "X-Forwarded-Host": evil } });
    expect(text).toContain(`${publicHost}/home/setup`);
    expect(text).not.toContain("localhost");
  });
});

test("only the exact value of the session cookie signs in", async ({ send, person, session }) => {
  const somebody = await person();
  const reference = await session(somebody);
  const status = async (Cookie: string) => (await send({ path: "/home/account", headers: { Cookie } })).status;
  expect(await status(cookieHeader({ session: reference }))).toBe(200);
  for (const near of [
    reference.slice(0, -1),
    `${reference}A`,
    reference.toLowerCase(),
    encodeURIComponent(`${reference}=`),
    "undefined",
    "",
  ]) {
    expect(await status(cookieHeader({ session: near })), near).toBe(307);
  }
  expect(await status(cookieHeader({ "__Host-session": reference }))).toBe(307);
  expect(await status(cookieHeader({ "authjs.session-token": reference }))).toBe(307);
});
