import { actionId, asScript, resultOf } from "./actions";
import { expect, test } from "./fixtures";
import { formsOf, multipart } from "./raw";
import { tellsKey } from "./telling";
import { actions, idle, Visitor } from "./visitor";

/* S08: no page, URL or readable cookie contains a key before its owner asks for it. */

const hidden = { status: "hidden" };

test("no page contains a key before its owner asks for it, as HTML or as React's payload", async ({
  sendFromSite,
  person,
  session,
  redeemed,
  key,
  baseURL,
  ledger,
}) => {
  const somebody = await person();
  const active = await redeemed(somebody);
  const typed = await key();
  const visitor = new Visitor(sendFromSite, baseURL!);
  const cookie = `session=${await session(somebody)}`;

  // A typed, unactivated key: the review page has seen it, and a cookie holds it sealed.
  const verified = await visitor.submit("/home/setup/key", actions.verifyKey, { key: typed }, idle);
  const look = verified.headers.location!;
  const review = look.replace("/look?", "/review?");
  const [name, sealed] = Object.entries(visitor.cookies).find(([name]) => name.startsWith("preview-"))!;
  expect(tellsKey(Buffer.from(sealed, "base64url").toString("latin1"), typed)).toBe(false);
  const grant = (await ledger(somebody)).subscriptions[0]!.grants[0]!.id;
  const held = `${name}=${sealed}`;
  const cookies = `${cookie}; ${held}`;

  for (const path of [
    "/home/setup",
    "/home/setup/key",
    look,
    review,
    review.replace("/review?", "/keys?"),
    review.replace("/review?", "/keys/done?"),
    `/home/setup/done/${grant}`,
    `/home/subscriptions/move/${grant}`,
    `/certificates/${grant}`,
    "/home/setup/device",
    "/home/subscriptions",
    "/home/account",
    `/sign-in?switch=1&next=${encodeURIComponent(review)}`,
    `/create-account?switch=1&next=${encodeURIComponent(review)}`,
    "/confirm-password?next=/home/subscriptions",
    "/help/find-your-key",
  ]) {
    for (const type of ["text/html", "text/x-component"]) {
      // Only somebody who is not signed in sees that page.
      const headers = { Cookie: path === look ? held : cookies, ...(type === "text/html" ? {} : { RSC: "1" }) };
      let answer = await sendFromSite({ path, headers });
      // Next.js redirects a payload request to an address with a marker, so that caches keep it apart from the page.
      const marked = /[?&]_rsc\b/.test(answer.headers.location ?? "") ? answer.headers.location! : undefined;
      if (marked) answer = await sendFromSite({ path: marked, headers });
      expect(answer.status, path).toBe(200);
      expect(answer.headers["content-type"], path).toContain(type);
      for (const secret of [active, typed]) {
        expect(tellsKey(answer.text, secret), path).toBe(false);
        expect(tellsKey(JSON.stringify(answer.headers), secret), path).toBe(false);
      }
    }
  }
});

test("a typed key appears in no URL, and in no cookie in plain text", async ({ sendFromSite, key, baseURL }) => {
  const typed = await key();
  const visitor = new Visitor(sendFromSite, baseURL!);
  await visitor.submit("/home/setup/key", actions.verifyKey, { key: typed.toLowerCase() }, idle);
  const { body, headers } = asScript({ id: actionId(actions.verifyKey), state: idle, form: [["key", typed]] });
  await visitor.ask({ method: "POST", path: "/home/setup/key", body, headers });
  for (const answer of visitor.answers) {
    expect(answer.headers.location ?? answer.headers["x-action-redirect"]).toMatch(/^\/home\/setup\/look\?p=/);
    expect(answer.setCookies).toHaveLength(1);
    expect(tellsKey(JSON.stringify(answer.headers), typed)).toBe(false);
  }
});

for (const scripts of [false, true]) {
  test(`a key shown ${scripts ? "with" : "without"} scripts comes in a response that no cache stores`, async ({
    sendFromSite,
    person,
    session,
    redeemed,
    ledger,
  }) => {
    const somebody = await person();
    const printed = await redeemed(somebody);
    const Cookie = `session=${await session(somebody)}`;
    const page = await sendFromSite({ path: "/home/subscriptions", headers: { Cookie } });
    const form = formsOf(page.text).find(({ fields }) => fields.some(([name]) => name === "keyId"))!;
    const keyId = Object.fromEntries(form.fields)["keyId"]!;

    const { body, headers } = scripts
      ? asScript({ id: actionId(actions.showKey), state: hidden, form: [["keyId", keyId]] })
      : multipart(form.fields);
    const sent = { method: "POST", path: "/home/subscriptions", body, headers: { ...headers, Cookie } };
    const shown = await sendFromSite(sent);
    expect(shown.status).toBe(200);
    expect(shown.headers["cache-control"]).toContain("no-store");
    if (scripts) expect(resultOf(shown.text)).toEqual({ status: "shown", key: printed.replaceAll("-", "") });
    else expect(shown.text, "in one piece, with its hyphens").toContain(printed);
    expect(tellsKey(JSON.stringify(shown.headers), printed)).toBe(false);

    const again = await sendFromSite({ path: "/home/subscriptions", headers: { Cookie } });
    expect(again.headers["cache-control"]).toContain("no-store");
    expect(tellsKey(again.text, printed)).toBe(false);
    expect((await ledger(somebody)).events.filter(({ action }) => action === "key.shown")).toHaveLength(1);
  });
}
