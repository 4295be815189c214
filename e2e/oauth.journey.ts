import { createServer } from "node:http";
import { once } from "node:events";
import { randomBytes } from "node:crypto";
import type { AddressInfo } from "node:net";
import * as openid from "openid-client";
import * as oauth from "oauth4webapi";
import type { Page } from "@playwright/test";
import { findBearer } from "@/lib/account/oauth/bearer";
import { challengeOf } from "@/lib/account/oauth/challenge";
import { counterKey } from "@/lib/limits/limits";
import { exampleApp } from "./server";
import type { Person } from "./fixtures";
import { expect, test } from "./security/fixtures";
import { across, withAndWithoutScripts } from "./ways";
import type { Words } from "./words";

/*
 * Signing in from an app, as independent clients do it: openid-client and oauth4webapi, both certified by the OpenID
 * Foundation. The first is an app of a computer, which listens on loopback; the second an app of a phone, which has a
 * scheme of its own.
 */

const heading = (page: Page) => page.getByRole("heading", { level: 1 });
const [ownScheme] = exampleApp.redirectUris as [string];

/** An app that listens on a free port of loopback. */
async function listen() {
  const server = createServer((_, response) => response.end("<!doctype html><title>App</title>Back in the app"));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return { redirectUri: `http://127.0.0.1:${port}/callback`, close: () => server.close() };
}

async function signIn(page: Page, words: Words, somebody: Person): Promise<void> {
  await page.getByLabel(words.signIn.email).fill(somebody.email);
  await page.getByLabel(words.signIn.password, { exact: true }).fill(somebody.password);
  await page.getByRole("button", { name: words.signIn.submit, exact: true }).click();
}

/** The address that pressing a button leads to, whether or not the browser can open it. */
async function answerOf(page: Page, press: () => Promise<void>): Promise<URL> {
  const [answer] = await Promise.all([page.waitForResponse(/\/oauth\/continue$/), press()]);
  expect(answer.status()).toBe(303);
  return new URL(answer.headers()["location"]!);
}

const accountOf = async (token: string) => (await findBearer(token, { now: new Date() }))?.account.id;

// Chromium has no app for the scheme.
test.use({ expectedFaults: [/Failed to launch 'org\.example\.app:/] });

across(withAndWithoutScripts, ({ lang, scripts }) => {
  test(`a person signs in to an app through the portal, and out of it again (${scripts ? "openid-client" : "oauth4webapi"})`, async ({
    page,
    words,
    says,
    person,
    baseURL,
    rows,
    mailOf,
  }) => {
    const somebody = await person({ emailVerifiedAt: new Date() });
    const app = scripts ? await withOpenId(baseURL!) : await withOauth4webapi(baseURL!);
    await page.goto(app.url.href);
    await expect(heading(page)).toHaveText(words.signIn.title);
    await expect(page).toHaveURL(/\/sign-in\?next=%2Foauth%2Fauthorize%3Frequest%3D[\w-]{36}$/);
    await signIn(page, words, somebody);

    await expect(heading(page)).toHaveText(lang === "fr" ? /^Continuer dans/ : "Continue in Exemple Mobile?");
    const facts = page.getByRole("definition");
    await expect(facts).toHaveText(["Exemple Mobile", "Pixel 9 de Zoé", somebody.email]);
    const [{ count } = { count: 0 }] = await rows<{ count: number }>(
      "SELECT count(*)::int FROM app_session WHERE account_id = $1",
      [somebody.id],
    );
    expect(count, "the page alone signs nobody in").toBe(0);
    const press = () =>
      page
        .getByRole("button", { name: lang === "fr" ? "Continuer dans l’application" : "Continue in the app" })
        .click();
    const back = await answerOf(page, press);
    expect(back.href.split("?")[0]).toBe(app.redirectUri);
    expect([...back.searchParams.keys()].sort()).toEqual(["code", "iss", "state"]);
    if (scripts) await expect(page.getByText("Back in the app")).toBeVisible();

    const first = await app.exchange(back);
    expect(await accountOf(first.access_token)).toBe(somebody.id);
    expect(first.expires_in).toBe(900);
    const { subject } = await mailOf(somebody, "new-app-sign-in");
    expect(subject).toContain("Exemple Mobile");
    const next = await app.refresh(first.refresh_token!);
    expect(await app.refresh(first.refresh_token!), "an answer that was lost").toMatchObject({
      access_token: next.access_token,
      refresh_token: next.refresh_token,
    });
    const last = await app.refresh(next.refresh_token!);
    await expect(app.refresh(first.refresh_token!), "a token before the last").rejects.toThrow();
    expect(await accountOf(last.access_token)).toBeUndefined();

    // Signed in again, and out by the app.
    await page.goto((await app.again()).href);
    const second = await app.exchange(await answerOf(page, press));
    await app.revoke(second.refresh_token!);
    expect(await accountOf(second.access_token)).toBeUndefined();

    // And once more, to be signed out by the owner. The code is used twice at the end.
    await page.goto((await app.again()).href);
    const answer = await answerOf(page, press);
    const third = await app.exchange(answer);
    await page.goto("/home/account/sessions");
    await page.getByRole("button", { name: `${words.account.endSession} Exemple Mobile` }).click();
    await expect(page.getByText(says.sessions.ended.app)).toBeVisible();
    expect(await accountOf(third.access_token)).toBeUndefined();
    await expect(app.exchange(answer)).rejects.toThrow();

    const told = await rows<{ action: string }>(
      "SELECT action FROM event WHERE account_id = $1 AND action LIKE 'app.%' ORDER BY id",
      [somebody.id],
    );
    expect(told.map(({ action }) => action)).toEqual([
      ...["app.signed-in", "app.replayed"],
      ...["app.signed-in", "app.signed-out"],
      ...["app.signed-in", "app.signed-out"],
    ]);
    app.close();
  });

  test("a person switches the account, cancels, and is told when the sign-in is over", async ({
    page,
    says,
    signedIn,
    baseURL,
    rows,
  }) => {
    const somebody = await signedIn();
    await page.goto(`/oauth/authorize?${asked()}`);
    await expect(page.getByRole("definition").last()).toHaveText(somebody.email);
    const cancel = page.getByRole("link", { name: says.authorize.cancel, exact: true });
    const back = new URL((await cancel.getAttribute("href"))!);
    expect(Object.fromEntries(back.searchParams)).toEqual({ error: "access_denied", state: "abc", iss: baseURL });
    const here = new URL(page.url());
    await page.getByRole("link", { name: says.authorize.notYou }).click();
    await expect(page).toHaveURL(/\/sign-in\?switch=1&next=/);

    await page.goto(here.href);
    await rows("UPDATE authorization_request SET expires_at = now() WHERE id = $1", [here.searchParams.get("request")]);
    await page.getByRole("button", { name: says.authorize.continue, exact: true }).click();
    await expect(heading(page)).toHaveText(says.authorize.cannot.over.title);
    await page.goto(`/oauth/authorize?${asked({ client_id: "nobody" })}`);
    await expect(heading(page)).toHaveText(says.authorize.cannot.unknownApp.title);
    await page.goto(`/oauth/authorize?${asked({ redirect_uri: "https://evil.example/callback" })}`);
    await expect(heading(page)).toContainText(lang === "fr" ? "ne peut pas continuer ici" : "cannot continue here");
    await expect(page.locator('a[href*="evil.example"]')).toHaveCount(0);
  });
});

const asked = (given: Record<string, string> = {}) =>
  new URLSearchParams({
    response_type: "code",
    client_id: exampleApp.id,
    redirect_uri: ownScheme,
    state: "abc",
    code_challenge: challengeOf("v".repeat(43)),
    code_challenge_method: "S256",
    device_name: "Pixel 9 de Zoé",
    ...given,
  });

async function withOpenId(origin: string) {
  const { redirectUri, close } = await listen();
  const config = await openid.discovery(new URL(origin), exampleApp.id, undefined, openid.None(), {
    algorithm: "oidc",
    execute: [openid.allowInsecureRequests],
  });
  const state = openid.randomState();
  let verifier = "";
  const again = async () => {
    verifier = openid.randomPKCECodeVerifier();
    const code_challenge = await openid.calculatePKCECodeChallenge(verifier);
    const asked = { redirect_uri: redirectUri, state, code_challenge, code_challenge_method: "S256" };
    return openid.buildAuthorizationUrl(config, { ...asked, device_name: "Pixel 9 de Zoé" });
  };
  return {
    url: await again(),
    ...{ redirectUri, again, close },
    exchange: (back: URL) =>
      openid.authorizationCodeGrant(config, back, { pkceCodeVerifier: verifier, expectedState: state }),
    refresh: (token: string) => openid.refreshTokenGrant(config, token),
    revoke: (token: string) => openid.tokenRevocation(config, token),
  };
}

async function withOauth4webapi(origin: string) {
  const insecure = { [oauth.allowInsecureRequests]: true };
  const issuer = new URL(origin);
  const server = await oauth
    .discoveryRequest(issuer, { algorithm: "oauth2", ...insecure })
    .then((response) => oauth.processDiscoveryResponse(issuer, response));
  const client = { client_id: exampleApp.id };
  const state = oauth.generateRandomState();
  let verifier = "";
  const again = async () => {
    verifier = oauth.generateRandomCodeVerifier();
    const code_challenge = await oauth.calculatePKCECodeChallenge(verifier);
    return new URL(`${server.authorization_endpoint}?${asked({ code_challenge, state })}`);
  };
  return {
    url: await again(),
    redirectUri: ownScheme,
    again,
    close: () => {},
    exchange: async (back: URL) => {
      const parameters = oauth.validateAuthResponse(server, client, back, state);
      const grant = [parameters, ownScheme, verifier] as const;
      const response = await oauth.authorizationCodeGrantRequest(server, client, oauth.None(), ...grant, insecure);
      return oauth.processAuthorizationCodeResponse(server, client, response);
    },
    refresh: async (token: string) => {
      const response = await oauth.refreshTokenGrantRequest(server, client, oauth.None(), token, insecure);
      return oauth.processRefreshTokenResponse(server, client, response);
    },
    revoke: async (token: string) => {
      const response = await oauth.revocationRequest(server, client, oauth.None(), token, insecure);
      await oauth.processRevocationResponse(response);
    },
  };
}

test("what is wrong with a request is told to the app, once its address is known (S40)", async ({
  send,
  baseURL,
  rows,
}) => {
  const state = randomBytes(8).toString("hex");
  const asking = (given: Record<string, string> = {}) => asked({ state, ...given });
  const ask = async (query: string) => {
    const { status, headers } = await send({ path: `/oauth/authorize?${query}` });
    const location = String(headers.location ?? "");
    return location.startsWith(`${ownScheme}?`)
      ? Object.fromEntries(new URL(location).searchParams)
      : { status, location };
  };
  const told = (error: string) => ({ error, state, iss: baseURL });
  expect(await ask(`${asking({ response_type: "token" })}`)).toEqual(told("unsupported_response_type"));
  expect(await ask(`${asking({ prompt: "none" })}`)).toEqual(told("interaction_required"));
  for (const wrong of [
    { code_challenge: "short" },
    { code_challenge_method: "plain" },
    { response_mode: "fragment" },
    { response_type: undefined },
    { code_challenge: undefined },
    { code_challenge_method: undefined },
  ]) {
    const query = asking();
    for (const [name, value] of Object.entries(wrong)) {
      if (value === undefined) query.delete(name);
      else query.set(name, value);
    }
    expect(await ask(`${query}`), JSON.stringify(wrong)).toEqual(told("invalid_request"));
  }
  expect(await ask(`${asking()}&scope=a&scope=b`)).toEqual(told("invalid_request"));
  for (const unusual of ["s".repeat(1_001), "a\0b", "é"])
    expect(await ask(`${asking({ state: unusual })}`)).toEqual({ error: "invalid_request", iss: baseURL });

  for (const query of [
    asking({ client_id: "nobody" }),
    asking({ redirect_uri: `${ownScheme}/` }),
    asking({ redirect_uri: "org.example.app:/Callback" }),
    asking({ redirect_uri: "http://127.0.0.1.evil.example/callback" }),
    asking({ redirect_uri: "http://localhost/callback" }),
    `${asking()}&redirect_uri=${ownScheme}`,
    `${asking()}&client_id=${exampleApp.id}`,
    "",
  ])
    expect(await ask(`${query}`), `${query}`).toEqual({ status: 200, location: "" });
  expect(await rows("SELECT 1 FROM authorization_request WHERE state = $1", [state]), "nothing is stored").toEqual([]);
});

test("only the confirming page may lead a form to an app, and only its button continues (S07)", async ({
  send,
  sendFromSite,
  session,
  person,
  rows,
}) => {
  const somebody = await person();
  const Cookie = `session=${await session(somebody)}`;
  const { headers } = await send({ path: `/oauth/authorize?${asked()}` });
  const page = await send({ path: headers.location!, headers: { Cookie } });
  expect(page.headers["content-security-policy"]).toMatch(
    /form-action 'self' org\.example\.app: http:\/\/127\.0\.0\.1:\* http:\/\/localhost:\d+;/,
  );
  const other = await send({ path: `/sign-in?next=${encodeURIComponent(headers.location!)}` });
  expect(other.headers["content-security-policy"]).toMatch(/form-action 'self';/);
  const script = await send({ path: headers.location!, headers: { Cookie, RSC: "1" } });
  expect(script.headers["content-type"], "loaded as a document, with its own policy").toContain("text/html");

  const id = headers.location!.split("=")[1]!;
  const form = (fields: Record<string, string>) => `${new URLSearchParams({ request: id, ...fields })}`;
  const type = { "Content-Type": "application/x-www-form-urlencoded" };
  const press = (body: string, given: Record<string, string> = { Cookie }) =>
    sendFromSite({ method: "POST", path: "/oauth/continue", body, headers: { ...type, ...given } });
  const whose = { account: somebody.id };
  const foreign = { method: "POST", path: "/oauth/continue", body: form(whose) };
  expect((await send({ ...foreign, headers: { ...type, Cookie, Origin: "https://evil.example" } })).status).toBe(403);
  expect((await press(form(whose), {})).headers.location).toMatch(/^\/sign-in\?next=/);
  expect((await press(form({ account: "another" }))).headers.location).toBe(
    `/oauth/authorize?request=${id}&again=account`,
  );
  expect((await press("")).headers.location).toBe("/oauth/authorize?request=&again=account");
  const [stored] = await rows<{ code_hash: null }>("SELECT code_hash FROM authorization_request WHERE id = $1", [id]);
  expect(stored!.code_hash).toBeNull();
  expect((await press(form(whose))).headers.location).toMatch(
    /^org\.example\.app:\/callback\?code=[\w-]{43}&state=abc&iss=/,
  );
});

test("the paths for tokens take forms of public apps only, and no cookie counts (S40)", async ({
  send,
  session,
  person,
  freshNetwork,
  rows,
  appOf,
}) => {
  const somebody = await person();
  const started = await appOf(somebody);
  const type = "application/x-www-form-urlencoded";
  const post = async (path: string, body: string, headers: Record<string, string> = {}) => {
    const answer = await send({ method: "POST", path, body, headers: { "Content-Type": type, ...headers } });
    if (answer.headers["content-type"] === "application/json") expect(answer.headers["cache-control"]).toBe("no-store");
    expect(Object.keys(answer.headers).filter((name) => name.startsWith("access-control"))).toEqual([]);
    return { status: answer.status, ...(answer.text.startsWith("{") && (JSON.parse(answer.text) as object)) };
  };
  const known = `grant_type=refresh_token&client_id=${exampleApp.id}`;
  const refused = (error: string, status = 400) => expect.objectContaining({ status, error });
  const good = `${known}&refresh_token=${started.refreshToken}`;
  for (const [body, headers, error, status] of [
    [`${good}&client_id=${exampleApp.id}`, {}, "invalid_request", 400],
    [good, { "Content-Type": "application/json" }, "invalid_request", 400],
    [`${good}&pad=${"x".repeat(10_000)}`, {}, "invalid_request", 400],
    [`${good}&client_secret=x`, {}, "invalid_client", 401],
    [good, { Authorization: "Basic eDp5" }, "invalid_client", 401],
    [`grant_type=refresh_token&refresh_token=${started.refreshToken}`, {}, "invalid_request", 400],
    [good.replace(exampleApp.id, "nobody"), {}, "invalid_client", 401],
    [good.replace(exampleApp.id, "reference-phone"), {}, "invalid_grant", 400],
    [good.replace("refresh_token&", "password&"), {}, "unsupported_grant_type", 400],
    [good.replace("refresh_token&", "constructor&"), {}, "unsupported_grant_type", 400],
    [known, {}, "invalid_request", 400],
    [`${known}&refresh_token=nonsense`, {}, "invalid_grant", 400],
    [`grant_type=authorization_code&client_id=${exampleApp.id}&code=x`, {}, "invalid_request", 400],
  ] as const)
    expect(await post("/oauth/token", body, headers), body).toEqual(refused(error, status));
  expect(await post("/oauth/revoke", `client_id=${exampleApp.id}`)).toEqual(refused("invalid_request"));
  expect((await post("/oauth/revoke", `client_id=${exampleApp.id}&token=nonsense`)).status).toBe(200);
  const Cookie = `session=${await session(somebody)}`;
  expect(await post("/oauth/token", known, { Cookie })).toEqual(refused("invalid_request"));
  expect((await send({ path: "/oauth/token", headers: { Host: "evil.example" } })).status).toBe(421);
  expect(await post("/oauth/token", good, { Origin: "https://evil.example" })).toMatchObject({
    status: 200,
    token_type: "Bearer",
  });

  const network = freshNetwork();
  const guess = () => post("/oauth/token", `${known}&refresh_token=nonsense`, { "X-Forwarded-For": network });
  expect(await guess()).toEqual(refused("invalid_grant"));
  const filled = "UPDATE limit_counter SET count = 300 WHERE \"limit\" = 'appMissPerNetwork' AND key = $1";
  await rows(filled, [counterKey("appMissPerNetwork", network)]);
  expect(await guess(), "a guess over the limit").toEqual(refused("temporarily_unavailable", 429));
  const { refreshToken } = await appOf(somebody);
  expect(
    await post("/oauth/token", `${known}&refresh_token=${refreshToken}`, { "X-Forwarded-For": network }),
    "a right token still works",
  ).toMatchObject({ status: 200 });
});
