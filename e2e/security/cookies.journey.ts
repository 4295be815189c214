import { randomBytes } from "node:crypto";
import { Client } from "pg";
import { makeKeys } from "@/lib/testing/factories";
import { given } from "../given";
import { expect, publicOrigin, test } from "./fixtures";
import { cookieSet } from "./raw";
import { actions, idle, isDeletion, Visitor } from "./visitor";

/* S05: the attributes of every cookie. */

async function run<Row extends object>(databaseUrl: string, sql: string, email: string): Promise<Row[]> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  const { rows } = await client.query<Row>(sql, [email]);
  await client.end();
  return rows;
}

const nameOf = (line: string) => line.split("=")[0]!.replace(/^preview-.*/, "preview-…");

for (const { over, session, browser } of [
  { over: "http", session: "session", browser: "browser" },
  { over: "https", session: "__Host-session", browser: "__Host-browser" },
]) {
  const secure = over === "https";
  test(`every cookie set over ${over} is HttpOnly, SameSite and limited to its host`, async ({
    send,
    production,
    baseURL,
  }) => {
    const visitor = secure ? new Visitor(production.send, publicOrigin) : new Visitor(send, baseURL!);
    const databaseUrl = secure ? production.databaseUrl : given().databaseUrl;
    const { keys } = await makeKeys(databaseUrl);
    const email = `cookies.${randomBytes(5).toString("hex")}@example.org`;
    const password = "vergers et lanternes 61";

    // Every action that sets a cookie.
    await visitor.open("/home/setup?lang=fr");
    await visitor.submit(
      "/create-account",
      actions.createAccount,
      { name: "Ann", email, password, country: "FR" },
      idle,
    );
    await visitor.submit("/forgot-password", actions.forgotPassword, { email, next: "/home/account" }, idle);
    await visitor.submit("/sign-in", actions.signIn, { email, password }, idle);
    const found = await run<{ id: string }>(databaseUrl, "SELECT id FROM account WHERE email = $1", email);
    const account = found[0]!.id;
    await visitor.submit("/confirm-password", actions.confirmPassword, { account, password }, idle);
    await visitor.submit("/home/setup/key", actions.verifyKey, { key: keys[0]! }, idle);
    const end = "UPDATE session SET revoked_at = now() WHERE account_id = (SELECT id FROM account WHERE email = $1)";
    await run(databaseUrl, end, email);
    await visitor.submit("/home/account/name", actions.saveName, { name: "Anna" }, idle);
    await visitor.submit("/sign-in", actions.signIn, { email, password }, idle);
    await visitor.submit("/home/account", actions.signOut, {});

    const lines = visitor.answers.flatMap(({ setCookies }) => setCookies);
    const set = lines.filter((line) => !isDeletion(line));
    expect([...new Set(set.map(nameOf))].sort()).toEqual(
      [session, browser, "account-lang", "lang", "preview-…", "reset-next", "typed"].sort(),
    );
    for (const line of set) {
      const attributes = line.toLowerCase().split("; ").slice(1);
      expect(attributes, line).toEqual(expect.arrayContaining(["httponly", "samesite=lax", "path=/"]));
      expect(attributes.includes("secure"), line).toBe(secure);
      expect(line).not.toMatch(/domain=/i);
    }

    const sessions = set.filter((line) => line.startsWith(`${session}=`));
    const references = sessions.map((line) => cookieSet({ setCookies: [line] }, session)!);
    expect(new Set(references).size, "a new reference at account creation, each sign-in and step-up").toBe(4);
    const browsers = set.filter((line) => line.startsWith(`${browser}=`));
    expect(new Set(browsers.map((line) => cookieSet({ setCookies: [line] }, browser))).size, "known again").toBe(1);
    for (const reference of references) expect(Buffer.from(reference, "base64url")).toHaveLength(32);
    for (const line of sessions) {
      const days = (Date.parse(/expires=([^;]+)/i.exec(line)![1]!) - Date.now()) / 86_400_000;
      expect(Math.round(days)).toBe(90);
    }
    // Nothing that grants access: the language, the browser's id and a path of this site.
    expect(Object.keys(visitor.cookies).sort(), "cookies left after signing out").toEqual(
      ["account-lang", "lang", "reset-next", browser].sort(),
    );
  });
}
