import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { actionId, asForm, asScript, type ActionName } from "../security/actions";
import { send, type Answer } from "../security/raw";
import { startServer } from "../server";
import { open, type Context, type Open } from "./context";
import { newNetwork, type Person } from "./product";

export type Site = Open & { origin: string; pid: number };

/** A browser without JavaScript. */
export type Browser = { origin: string; network: string; cookies: string[]; person?: Person };

/** Serves the build in this directory on its own database. */
export async function openSite(context: Context, directory: string): Promise<Site> {
  const opened = await open(context, "site");
  const dataDir = join(directory, "site");
  await mkdir(dataDir);
  const server = await startServer({
    databaseUrl: opened.databaseUrl,
    dataDir,
    logFile: join(directory, "site.log"),
    settings: { LOG_LEVEL: "info" },
  });
  context.afterwards(server.stop);
  return { ...opened, origin: server.origin, pid: server.pid };
}

export const newBrowser = ({ origin }: Site, cookies: string[] = [], person?: Person): Browser => ({
  origin,
  network: newNetwork(),
  cookies,
  ...(person && { person }),
});

/** @throws Error when the response is not a page */
export async function get(browser: Browser, path: string): Promise<Answer> {
  const answer = await send(browser.origin, { path, headers: headersOf(browser) });
  if (answer.status !== 200) throw new Error(`GET ${path} answers ${answer.status} ${answer.headers.location ?? ""}`);
  return answer;
}

type Form = {
  path: string;
  action: ActionName;
  fields: Record<string, string>;
  state?: object;
  /** Sends as a form or as a script. Without JavaScript the response is a page or a redirect. */
  by?: "browser" | "script";
};

/** Sends a form. @throws Error unless it succeeds: with a redirect, or for a script with the expected result */
export async function post(browser: Browser, { path, action, fields, state, by = "browser" }: Form): Promise<Answer> {
  const call = { id: actionId(action), form: Object.entries(fields), state };
  const { body, headers } = by === "script" ? asScript(call) : asForm(call);
  const all = { ...headersOf(browser), Origin: browser.origin, ...headers };
  const answer = await send(browser.origin, { method: "POST", path, headers: all, ...(body && { body }) });
  if (answer.status !== (by === "script" ? 200 : 303)) throw new Error(`POST ${path} answers ${answer.status}`);
  return answer;
}

/** The cheapest request with a write. */
export async function insert(browser: Browser): Promise<void> {
  const headers = { ...headersOf(browser), Origin: browser.origin };
  const { status } = await send(browser.origin, { method: "POST", path: "/bench/insert", body: "", headers });
  if (status !== 204) throw new Error(`POST /bench/insert answers ${status}`);
}

/** @returns the next refresh token */
export async function refreshTokens(
  { origin, network }: Browser,
  { clientId, refreshToken }: { clientId: string; refreshToken: string },
): Promise<string> {
  const form = { grant_type: "refresh_token", client_id: clientId, refresh_token: refreshToken };
  const headers = { "X-Forwarded-For": network, "Content-Type": "application/x-www-form-urlencoded" };
  const body = new URLSearchParams(form).toString();
  const { status, text } = await send(origin, { method: "POST", path: "/oauth/token", body, headers });
  if (status !== 200) throw new Error(`POST /oauth/token answers ${status}`);
  return (JSON.parse(text) as { refresh_token: string }).refresh_token;
}

const headersOf = ({ network, cookies }: Browser) => ({
  Accept: "text/html",
  "Accept-Language": "en",
  "X-Forwarded-For": network,
  ...(cookies.length > 0 && { Cookie: cookies.join("; ") }),
});
