import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { given } from "../given";
import { actionId, actionsOfBuild, asForm, asScript, readManifest } from "./actions";
import { expect, test } from "./fixtures";
import { multipart, type Answer, type Fields } from "./raw";
import { actions, idle } from "./visitor";

/* S32. Every malformed request is answered, and never with a 500. */

/** Expects any status but an error of the server's. */
function expectAnswered({ status }: Answer, what: string): void {
  expect(status, what).toBeGreaterThanOrEqual(200);
  expect(status, what).toBeLessThan(500);
}

const addresses = [
  "/%",
  "/%f",
  "/%zz",
  "/%ff",
  "/%c0%af",
  "/%e0%a4%a",
  "/%00",
  "/home/setup/%00",
  "/home/setup/done/%",
  "/home/setup/done/%ff",
  "/home/setup/done/%00",
  "/home/setup/done/%2e%2e",
  "/home/setup/done/..%2f..",
  "/home/setup/done/not-an-id",
  "/home/setup/done/00000000-0000-4000-8000-00000000000g",
  "/home/setup/done/00000000-0000-4000-8000-000000000000",
  `/home/setup/done/${"a".repeat(5000)}`,
  "/home/setup/done/__proto__",
  "/home/setup/done/%F0%9F%97%9D",
  "/home/setup/review/dispute/sent/%00",
  "/home/setup/review/dispute/sent/not-an-id",
  "/certificates/%00",
  "/certificates/not-an-id",
  "/certificates/00000000-0000-4000-8000-000000000000",
  "/home/account/passkeys/%00",
  "/home/account/passkeys/not-an-id/remove",
  "/home//setup",
  "//",
  "/\\",
  "/.//",
  "/;",
  "/home/setup;jsessionid=1",
  "/_next/static/%",
  "/_next/static/../../package.json",
  "/_next/static/%2e%2e/%2e%2e/package.json",
  "/_next/data/x/home.json",
  "/_next/image?url=/icon.svg&w=64&q=75",
  "/.env",
  "/.git/config",
  "/api/auth/session",
  `/${"a/".repeat(2000)}`,
];

const queries = [
  "p=%",
  "token=%00",
  "token=a&token=b",
  `token=${"a".repeat(6000)}`,
  "p=%00",
  "p=%ff",
  "p=a&p=b",
  "p[]=a",
  "p[__proto__]=a",
  "__proto__=1&constructor=2&toString=3",
  "next=%",
  "next=%00",
  "next=%ff",
  "next=a&next=b",
  "back=%00",
  "lang=%00",
  "lang=en&lang=fr",
  "again=%ff",
  "switch=%00",
  "os=%00",
  "before=%00",
  "before=1.1",
  "before=1.2&before=3.4",
  "saved=%00",
  "ended=__proto__",
  "signed-out=%00",
  "done=__proto__",
  "done=renamed&done=gone",
  "moved=-1&to=%00",
  "moved=1&moved=2&to=a&to=b",
  "released=%00",
  `p=${"a".repeat(6000)}`,
  "=",
  "&&&",
  "%",
  "?",
];

test("no path makes the site fail, signed in or out", async ({ send, person, session }) => {
  const Cookie = `session=${await session(await person())}`;
  for (const path of addresses) {
    for (const headers of [{}, { Cookie }]) expectAnswered(await send({ path, headers }), path);
  }
});

test("no query makes a page fail, signed in or out", async ({ send, person, session }) => {
  const Cookie = `session=${await session(await person())}`;
  for (const page of [
    "/home/setup",
    "/home/setup/review",
    "/home/setup/review/dispute",
    "/home/setup/key",
    "/home/setup/partner-code",
    "/home/setup/partner-code/review",
    "/sign-in",
    "/confirm-password",
    "/delete-account",
    "/forgot-password",
    "/reset-password",
    "/verify-email",
    "/home/account/password",
    "/home/account/delete",
    "/home/account/passkeys",
    "/home/account/passkeys/add",
    "/home/setup/device",
    "/home/setup/device/qr",
    "/d/7K2M9XQP",
    "/d/%ff",
    "/phone",
    "/phone/callback",
    "/dev/mail",
    "/unavailable",
    "/home/account",
    "/home/account/activity",
    "/home/account/cases",
    "/home/account/sessions",
    "/home/account/email",
    "/home/devices",
    "/restore-email",
    "/oauth/authorize",
  ]) {
    for (const query of queries) {
      const answer = await send({ path: `${page}?${query}`, headers: { Cookie } });
      if (page === "/unavailable") expect(answer.status).toBe(503);
      else expectAnswered(answer, `${page}?${query}`);
    }
  }
  for (const query of queries) expectAnswered(await send({ path: `/sign-in?${query}` }), query);
});

test("no cookie makes a page fail", async ({ send }) => {
  const cookies = [
    "session=%00",
    "session=%ff",
    "session=",
    "session",
    "=",
    ";;;",
    "session=a; session=b",
    "lang=%; account-lang=%e0%a4%a",
    "lang=xx; account-lang=__proto__",
    "preview-=x",
    "preview-x=%00; preview-__proto__=1",
    `session=${"x".repeat(14_000)}`,
    Array.from({ length: 300 }, (_, count) => `preview-${count}=x`).join("; "),
    "\x80\xff=\xfe",
  ];
  for (const Cookie of cookies) {
    for (const path of ["/home/setup", "/home/account", "/home/setup/review?p=x"]) {
      expectAnswered(await send({ path, headers: { Cookie } }), `${path} ${Cookie.slice(0, 60)}`);
    }
  }
  expect((await send({ path: "/home/setup", headers: { Cookie: `a=${"x".repeat(20_000)}` } })).status).toBe(431);
});

test("typing many keys never fills the Cookie header beyond what the server accepts", async ({ sendFromSite, key }) => {
  const jar = new Map(Array.from({ length: 30 }, (_, count) => [`preview-${count}`, "x"]));
  const printed = await key();
  for (let tab = 0; tab < 3; tab++) {
    const { body, headers } = asForm({ id: actionId(actions.verifyKey), state: idle, form: [["key", printed]] });
    const Cookie = [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
    const answer = await sendFromSite({
      method: "POST",
      path: "/home/setup/key",
      body: body!,
      headers: { ...headers, Cookie },
    });
    expect(answer.status).toBe(303);
    for (const line of answer.setCookies) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value) jar.set(name, value);
      else jar.delete(name);
    }
    expect(jar.size).toBeLessThanOrEqual(10);
  }
});

const unfit = [
  "",
  " ",
  "\0",
  "a\0b@example.org",
  "a\u0001b",
  "line\nbreak",
  "\u202egro.elpmaxe@nna",
  "\ufeff",
  "ﷺ".repeat(100),
  "a¨@example.org",
  "a@b＠example.org",
  "𝒜".repeat(60),
  "a".repeat(5_000),
  "' OR 1=1; --",
  "${7*7}{{7*7}}<%= 7*7 %>",
  "__proto__",
  "<script>alert(1)</script>",
  "\\u0000\\x00%00",
  "[object Object]",
  "null",
  "-1",
  "1e999",
  "2023-02-30",
];

const forms: {
  page: string;
  action: (typeof actions)[keyof typeof actions];
  good: Record<string, string>;
  state?: object;
}[] = [
  {
    page: "/sign-in",
    action: actions.signIn,
    good: { email: "nobody@example.org", password: "x", next: "/home" },
    state: idle,
  },
  {
    page: "/create-account",
    action: actions.createAccount,
    good: {
      name: "Ann",
      email: "",
      password: "vergers et lanternes 61",
      country: "FR",
      timeZone: "Europe/Paris",
      next: "/home",
    },
    state: idle,
  },
  { page: "/confirm-password", action: actions.confirmPassword, good: { password: "x", next: "/home" }, state: idle },
  { page: "/home/setup/key", action: actions.verifyKey, good: { key: "", use: "" }, state: idle },
  { page: "/forgot-password", action: actions.forgotPassword, good: { email: "", next: "/home" }, state: idle },
  { page: "/reset-password", action: actions.newPassword, good: { token: "x", password: "vergers" }, state: idle },
  { page: "/home/account/password", action: actions.changePassword, good: { account: "", password: "x" }, state: idle },
  { page: "/verify-email", action: actions.confirmByLink, good: { token: "x" } },
  { page: "/verify-email", action: actions.confirmByCode, good: { account: "", code: "123456" }, state: idle },
  { page: "/verify-email", action: actions.sendAgain, good: { account: "" }, state: idle },
  { page: "/verify-email", action: actions.correctAddress, good: { account: "", email: "" }, state: idle },
  { page: "/home/account/name", action: actions.saveName, good: { account: "", name: "Ann" }, state: idle },
  { page: "/home/account/country", action: actions.saveCountry, good: { account: "", country: "FR" } },
  { page: "/home/account/reminders", action: actions.saveReminders, good: { account: "", to: "off" } },
  { page: "/reminders", action: actions.stopReminders, good: { token: "x" } },
  { page: "/home/account/time-zone", action: actions.saveTimeZone, good: { account: "", timeZone: "Europe/Paris" } },
  { page: "/home/account/email", action: actions.changeEmail, good: { account: "", email: "" }, state: idle },
  { page: "/home/account/email", action: actions.cancelChange, good: { account: "" } },
  { page: "/restore-email", action: actions.haveBack, good: { token: "x" } },
  { page: "/home/account/sessions", action: actions.endOne, good: { account: "", session: "x" } },
  { page: "/home/account/sessions", action: actions.endApp, good: { account: "", app: "x" } },
  { page: "/home/account/sessions", action: actions.endOthers, good: { account: "" } },
  { page: "/sign-in", action: actions.beginPasskeySignIn, good: {} },
  { page: "/sign-in", action: actions.finishPasskeySignIn, good: { answer: "{}", next: "/home" } },
  { page: "/confirm-password", action: actions.beginPasskeyConfirmation, good: { next: "/home" } },
  { page: "/confirm-password", action: actions.finishPasskeyConfirmation, good: { answer: "{}", next: "/home" } },
  { page: "/home/account/passkeys/add", action: actions.beginAdding, good: { account: "" } },
  { page: "/home/account/passkeys/add", action: actions.finishAdding, good: { account: "", answer: "{}" } },
  {
    page: "/home/account/passkeys/x",
    action: actions.savePasskeyName,
    good: { account: "", passkey: "x", name: "Ann’s phone" },
    state: idle,
  },
  { page: "/home/account/passkeys/x/remove", action: actions.confirmRemoval, good: { account: "", passkey: "x" } },
  { page: "/home/subscriptions", action: actions.showKey, good: { keyId: "" }, state: { status: "hidden" } },
  { page: "/home/subscriptions", action: actions.startKept, good: { account: "", key: "x", version: "x" } },
  { page: "/home/devices", action: actions.release, good: { account: "", activation: "x" } },
  { page: "/home/devices", action: actions.moveAll, good: { account: "", subscription: "x" } },
  { page: "/home/subscriptions/undo/x", action: actions.undo, good: { account: "", grant: "x", end: "" } },
  { page: "/home/setup/device", action: actions.showCode, good: { account: "" } },
  { page: "/home/setup/device", action: actions.confirmDevice, good: { account: "", handoff: "x" } },
  { page: "/home/setup/device", action: actions.refuseDevice, good: { account: "", handoff: "x" } },
  { page: "/home/setup/device", action: actions.emailLink, good: { account: "" } },
  { page: "/home/setup/keys", action: actions.activateAll, good: { account: "", previews: "x.y" } },
  { page: "/home/subscriptions/move/x", action: actions.offerMove, good: { account: "", key: "x", end: "" } },
  { page: "/home/subscriptions/move", action: actions.acceptMove, good: { account: "", key: "x" } },
  { page: "/home/setup/review", action: actions.activate, good: { preview: "x", version: "x", account: "x" } },
  {
    page: "/home/setup/review/dispute",
    action: actions.sendDispute,
    good: { account: "", preview: "x", shop: "Shop", boughtOn: "1 March", lastGroup: "22222", receipt: "Ticket" },
    state: idle,
  },
  { page: "/home/setup/partner-code/review", action: actions.activateCode, good: { preview: "x", account: "x" } },
  { page: "/home/account", action: actions.signOut, good: {} },
  { page: "/home/account", action: actions.chooseLanguage, good: { locale: "fr", back: "/home/account" } },
  { page: "/home/account/delete", action: actions.askDeletion, good: { account: "" }, state: idle },
  { page: "/delete-account", action: actions.giveUp, good: { token: "x" } },
];

test("every action of the build has a row here (S32)", () => {
  expect(forms.map(({ action }) => action as string).sort()).toEqual([...actionsOfBuild().keys()].sort());
});

for (const { page, action, good, state } of forms) {
  test(`no malformed or missing field makes ${action.split("#")[1]} fail (S32)`, async ({
    sendFromSite,
    person,
    session,
    freshNetwork,
  }) => {
    const somebody = await person();
    let count = 0;
    const submit = async (fields: Fields, what: string, before: object | null | undefined = state) => {
      // Alternately as a form and as a script. Addresses are new each time, because an account is created only once.
      const encode = count++ % 2 ? asScript : asForm;
      const address = `nonsense.${Math.random().toString(36).slice(2)}@example.org`;
      const own: Record<string, string> = { email: address, account: somebody.id };
      const form = fields.map(([name, value]) => [name, value || (own[name] ?? "")] as const);
      const { body, headers } = encode({ id: actionId(action), form, state: before as object });
      const Cookie = `session=${await session(somebody)}`;
      const from = { ...headers, Cookie, "X-Forwarded-For": freshNetwork() };
      const sent = { method: "POST", path: `${page}?switch=1`, body: body!, headers: from };
      expectAnswered(await sendFromSite(sent), what);
    };
    await submit([], "nothing");
    // The journey ways-back has its own corpus for `next`.
    for (const name of Object.keys(good).filter((name) => name !== "next")) {
      await submit(
        Object.entries(good).filter(([other]) => other !== name),
        `without ${name}`,
      );
      await submit([...Object.entries(good), [name, "twice"]], `${name} twice`);
      for (const value of unfit)
        await submit(Object.entries({ ...good, [name]: value }), `${name}: ${JSON.stringify(value).slice(0, 40)}`);
    }
    await submit(
      [...Object.entries(good), ["__proto__", "x"], ["constructor", "x"], ["toString", "x"]],
      "names that every object has",
    );
    // The state comes from the browser, so it may be anything.
    if (state) {
      for (const before of [
        {},
        { answer: "<b>" },
        { answer: 1e308 },
        { status: "invalid", answer: 1, values: null, faults: null },
        [],
        null,
      ]) {
        await submit(Object.entries(good), `state ${JSON.stringify(before)}`, before);
      }
    }
  });
}

test("a body that is not a form is answered and changes nothing", async ({ sendFromSite, person, session, rows }) => {
  const somebody = await person();
  const Cookie = `session=${await session(somebody)}`;
  const id = actionId(actions.saveName);
  const bodies: [what: string, headers: Record<string, string>, body: string][] = [
    ["nothing", {}, ""],
    ["JSON", { "Content-Type": "application/json" }, '{"name":"Mallory"}'],
    ["a URL-encoded form", { "Content-Type": "application/x-www-form-urlencoded" }, `%24ACTION_ID_${id}=&name=Mallory`],
    ["text", { "Content-Type": "text/plain" }, "name=Mallory"],
    ["an unknown type", { "Content-Type": "x/y; charset=z" }, "name=Mallory"],
    ["no boundary", { "Content-Type": "multipart/form-data" }, "name=Mallory"],
    ["a boundary that never comes", { "Content-Type": "multipart/form-data; boundary=x" }, "name=Mallory"],
    [
      "half a part",
      { "Content-Type": "multipart/form-data; boundary=x" },
      '--x\r\nContent-Disposition: form-data; name="na',
    ],
    ["an empty multipart", { "Content-Type": "multipart/form-data; boundary=x" }, "--x--\r\n"],
    [
      "no action",
      multipart([["name", "Mallory"]]).headers as Record<string, string>,
      multipart([["name", "Mallory"]]).body,
    ],
    ["an action of another kind", { "Next-Action": "x", "Content-Type": "text/plain" }, "[]"],
    ["an action that objects have", { "Next-Action": "__proto__", "Content-Type": "text/plain" }, "[]"],
    ["an action and no arguments", { "Next-Action": id, "Content-Type": "text/plain" }, "[]"],
    ["an action and broken arguments", { "Next-Action": id, "Content-Type": "text/plain" }, "[{"],
    ["an action and other arguments", { "Next-Action": id, "Content-Type": "text/plain" }, '["a",{"get":1}]'],
    [
      "an action and arguments that refer to nothing",
      { "Next-Action": id, "Content-Type": "text/plain" },
      '["$K1","$F2"]',
    ],
    ["an action and deep arguments", { "Next-Action": id, "Content-Type": "text/plain" }, "[".repeat(20_000)],
  ];
  for (const [what, headers, body] of bodies) {
    const answer = await sendFromSite({ method: "POST", path: "/home/account", headers: { ...headers, Cookie }, body });
    expectAnswered(answer, what);
  }
  const large = multipart([["name", "x".repeat(1_100_000)]]);
  const refused = await sendFromSite({
    method: "POST",
    path: "/home/account",
    body: large.body,
    headers: { ...large.headers, Cookie },
  });
  expect(refused.status).toBe(413);
  expect(await rows("SELECT name FROM account WHERE id = $1", [somebody.id])).toEqual([{ name: somebody.name }]);
});

/** Arguments of an action that cannot be read: what they are, and each part of the call by its name. */
function* unreadableArguments(): Generator<[what: string, parts: [name: string, value: string][]]> {
  // A string that begins with $ refers to another part, in a way that its next character says (React's Flight protocol).
  for (let code = 0x21; code < 0x7f; code++) {
    const kind = String.fromCharCode(code).replace(/["\\]/, "\\$&");
    for (const rest of ["", "1", "x", "1:__proto__:constructor", "9".repeat(1_000)]) {
      for (const target of ["absent", '{"a":1}', `["$${kind}1"]`]) {
        const parts: [string, string][] = [["0", `["$${kind}${rest}"]`]];
        if (target !== "absent") parts.push(["1", target]);
        yield [`$${kind}${rest.slice(0, 30)} to ${target}`, parts];
      }
    }
  }
  for (const depth of [5_000, 100_000])
    yield [`${depth} balanced arrays`, [["0", "[".repeat(depth) + "]".repeat(depth)]]];
  yield ["900,000 digits", [["0", `["$n${"9".repeat(900_000)}"]`]]];
  for (const text of [
    "1",
    "null",
    "true",
    '"$K1"',
    "{}",
    '{"length":5}',
    "[{",
    "",
    JSON.stringify(Array(1_001).fill(0)),
  ])
    yield [`arguments ${text.slice(0, 20)}`, [["0", text]]];
}

test("no arguments of an action make it fail, or leave a stack in the log (S32)", async ({ sendFromSite }) => {
  test.slow();
  const id = actionId(actions.signIn);
  let count = 0;
  for (const [what, parts] of unreadableArguments()) {
    const bound = parts.map(([name, value]) => [`$ACTION_1:${Number(name) + 1}`, value] as const);
    const calls = [
      { ...multipart(parts), "Next-Action": id },
      // Without scripts, arguments are bound to the form.
      multipart([["$ACTION_REF_1", ""], ["$ACTION_1:0", JSON.stringify({ id, bound: "$@1" })], ...bound]),
    ];
    for (const { body, headers, ...more } of calls) {
      const answer = await sendFromSite({ method: "POST", path: "/sign-in", body, headers: { ...headers, ...more } });
      expectAnswered(answer, what);
      count++;
    }
  }
  expect(count).toBeGreaterThan(2_500);
  const log = (await readFile(given().logFile, "utf8")).split("\n");
  expect(log.filter((line) => line.includes('"level":50') && line.includes('"path":"/sign-in"'))).toEqual([]);
});

/** Bodies that no action can read, by who reports it. */
const bodies = {
  "a form, by Request.formData": { type: "multipart/form-data; boundary=x", body: "--x\r\nContent-Disposition: fo" },
  "a form that ends too early, by busboy": {
    type: "multipart/form-data; boundary=x",
    body: '--x\r\nContent-Disposition: form-data; name="0"\r\n\r\n[',
  },
  "a form without a boundary, by busboy": { type: "multipart/form-data", body: "--x\r\n\r\n[]" },
  "a form with a malformed part, by busboy": {
    type: "multipart/form-data; boundary=x",
    body: "--x\r\nno header\r\n\r\n[]\r\n--x--\r\n",
  },
  "a form with a malformed type, by busboy": { type: "multipart/form-data; =", body: "x" },
  "broken JSON": { type: "text/plain", body: "[{" },
  "references to nothing": { type: "text/plain", body: '["$K1","$F2"]' },
  "too many arguments": { type: "text/plain", body: JSON.stringify(Array(1_001).fill(0)) },
};

for (const [what, { type, body }] of Object.entries(bodies)) {
  for (const script of [true, false]) {
    if (!script && !what.includes("form,")) continue;
    test(`a body that cannot be read is answered 400, ${script ? "with" : "without"} scripts: ${what}`, async ({
      sendFromSite,
      person,
      session,
    }) => {
      const Cookie = `session=${await session(await person())}`;
      const headers = { Cookie, "Content-Type": type, ...(script && { "Next-Action": actionId(actions.saveName) }) };
      const sent = { method: "POST", path: "/home/account/name", headers, body };
      expect((await sendFromSite(sent)).status).toBe(400);
    });
  }
}

test("a page of one build works in the next: an action's id derives from its file and name alone (R18)", () => {
  const { encryptionKey: salt } = readManifest();
  expect(Buffer.from(salt, "base64").toString()).toBe("same ids in every buildsame ids ");
  for (const [action, id] of actionsOfBuild()) {
    const [file, name] = action.split("#");
    // The first two digits tell which arguments it takes.
    expect(id.slice(2), action).toBe(createHash("sha1").update(`${salt}${file}:${name}`).digest("hex"));
  }
});

for (const lang of ["en", "fr"] as const) {
  test.describe(`in ${lang === "en" ? "English" : "French"}`, () => {
    test.use({ lang });

    test("a form of an older build, sent without scripts, gets a page that says nothing was changed", async ({
      send,
      person,
      session,
      rows,
      baseURL,
    }) => {
      const somebody = await person();
      const { body, headers } = asForm({ id: `60${"0".repeat(40)}`, state: idle, form: [["name", "Mallory"]] });
      const from = { ...headers, Origin: baseURL, Accept: "text/html", "Accept-Language": lang };
      const Cookie = `session=${await session(somebody)}`;
      const path = '/home/account?x="<b>';
      const answer = await send({ method: "POST", path, body: body!, headers: { ...from, Cookie } });
      expect(answer.status).toBe(409);
      expect(answer.headers["content-type"]).toBe("text/html; charset=utf-8");
      expect(answer.text).toContain(
        lang === "en" ? "Nothing was changed or used." : "Rien n’a été modifié ni utilisé.",
      );
      expect(answer.text).toContain('<a href="/home/account?x=%22%3Cb%3E">');
      expect(answer.setCookies).toEqual([]);
      expect(await rows("SELECT name FROM account WHERE id = $1", [somebody.id])).toEqual([{ name: somebody.name }]);
    });

    test.describe("with scripts", () => {
      test.use({ expectedFaults: [/Server Action|UnrecognizedAction|was not found on the server/] });

      test("a form of an older build works again after its page is reloaded", async ({
        page,
        signedIn,
        words,
        rows,
      }) => {
        const somebody = await signedIn();
        let isOld = true;
        await page.route("**/home/account/name", async (route) => {
          const headers = route.request().headers();
          const known = headers["next-action"];
          await route.continue({
            headers: isOld && known ? { ...headers, "next-action": `60${"0".repeat(40)}` } : headers,
          });
        });
        await page.goto("/home/account/name");
        await page.getByLabel(words.account.name, { exact: true }).fill("Camille Martin");
        await page.getByRole("button", { name: words.account.save }).click();
        await expect(page.getByRole("heading", { level: 1 })).not.toHaveText(words.account.yourName);
        expect(await rows("SELECT name FROM account WHERE id = $1", [somebody.id])).toEqual([{ name: somebody.name }]);

        isOld = false;
        await page.getByRole("main").getByRole("button").first().click();
        await expect(page.getByRole("heading", { level: 1 })).toHaveText(words.account.yourName);
        await page.getByLabel(words.account.name, { exact: true }).fill("Camille Martin");
        await page.getByRole("button", { name: words.account.save }).click();
        await expect(page.getByText(words.account.saved, { exact: true })).toBeVisible();
      });
    });
  });
}
