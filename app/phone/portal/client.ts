import { recall, remember, forget, type Device, type Tokens } from "./memory";

const CLIENT = "reference-phone";
const HANDOFF_GRANT = "urn:setup-portal:grant-type:handoff";
/** Milliseconds before its end in which an access token is refreshed, so that it does not end on its way. */
const EARLY = 30_000;

/** A refusal by its stable code, with whatever members the reference names for it. */
export type Problem = { code: string; [member: string]: unknown };

/** `offline`: the portal was not reached. `signedOut`: the session is over. */
export type Answer<Body> =
  | { status: "done"; body: Body }
  | { status: "refused"; problem: Problem }
  | { status: "offline" }
  | { status: "signedOut" };

type Request = { method?: "GET" | "POST" | "DELETE"; body?: object; repeatKey?: string };

/** Calls the device API with the app's access token, which is refreshed before it ends. */
export async function call<Body>(path: `/api/v1/${string}`, request: Request = {}): Promise<Answer<Body>> {
  const before = recall("tokens");
  if (!before) return { status: "signedOut" };
  try {
    const tokens = await fresh(before.access, before.until < Date.now() + EARLY);
    if (!tokens) return { status: "signedOut" };
    const first = await send(path, request, tokens.access);
    if (first.status !== 401) return await read<Body>(first);
    const renewed = await fresh(tokens.access, true);
    return renewed ? await read<Body>(await send(path, request, renewed.access)) : { status: "signedOut" };
  } catch {
    return { status: "offline" };
  }
}

function send(path: string, { method = "GET", body, repeatKey }: Request, token: string | null): Promise<Response> {
  return fetch(path, {
    method,
    credentials: "omit",
    cache: "no-store",
    headers: {
      ...(token && { Authorization: `Bearer ${token}` }),
      ...(body && { "Content-Type": "application/json" }),
      ...(repeatKey && { "Idempotency-Key": repeatKey }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
}

async function read<Body>(response: Response): Promise<Answer<Body>> {
  if (response.status === 401) {
    forget("tokens");
    return { status: "signedOut" };
  }
  const body: unknown = response.status === 204 ? null : await response.json();
  return response.ok ? { status: "done", body: body as Body } : { status: "refused", problem: body as Problem };
}

/**
 * The tokens that work now. Two tabs refresh one after the other, and the second finds what the first was given.
 * @param worn the access token that is not to be used again, if `wanted`
 */
const fresh = (worn: string, wanted: boolean): Promise<Tokens | null> =>
  navigator.locks.request("phone-tokens", async () => {
    const tokens = recall("tokens");
    if (!tokens || !wanted || tokens.access !== worn) return tokens;
    const granted = await token({ grant_type: "refresh_token", refresh_token: tokens.refresh });
    if (granted.status === "granted") return keep(granted.tokens);
    forget("tokens");
    return null;
  });

type Granted = { access_token: string; refresh_token: string; expires_in: number };

/** @throws TypeError when the portal is not reached, Error when it cannot answer now */
async function token(
  parameters: Record<string, string>,
): Promise<{ status: "granted"; tokens: Granted } | { status: "refused"; error: string }> {
  const response = await fetch("/oauth/token", {
    method: "POST",
    credentials: "omit",
    cache: "no-store",
    body: new URLSearchParams({ client_id: CLIENT, ...parameters }),
  });
  // A server in trouble says nothing about the tokens.
  if (response.status >= 500 || response.status === 429) throw new Error(`the portal answered ${response.status}`);
  const body = (await response.json()) as Granted & { error: string };
  return response.ok ? { status: "granted", tokens: body } : { status: "refused", error: body.error };
}

function keep({ access_token: access, refresh_token: refresh, expires_in }: Granted): Tokens {
  const tokens = { access, refresh, until: Date.now() + expires_in * 1_000 };
  remember("tokens", tokens);
  return tokens;
}

/** Leaves for the portal's sign-in (RFC 8252). The person comes back to `/phone/callback`. @param next the screen then */
export async function leaveToSignIn(device: Device, next: string): Promise<void> {
  const [verifier, state] = [secret(), secret()];
  remember("signIn", { verifier, state, next });
  const parameters = {
    response_type: "code",
    client_id: CLIENT,
    redirect_uri: callback(),
    state,
    code_challenge: await challengeOf(verifier),
    code_challenge_method: "S256",
    device_name: device.name,
  };
  const address = new URL("/oauth/authorize", location.origin);
  address.search = String(new URLSearchParams(parameters));
  location.assign(address);
}

/**
 * Takes the code that the portal has sent back, and exchanges it for tokens.
 * @returns the screen to show. Null: nothing was asked for, or the answer belongs to another request.
 */
export async function returnFromSignIn(
  answer: URLSearchParams,
): Promise<{ status: "signedIn"; next: string } | { status: "cancelled" | "failed" | "offline" }> {
  const asked = recall("signIn");
  const code = answer.get("code");
  if (asked && answer.get("state") === asked.state && answer.get("iss") === location.origin && code) {
    try {
      const wanted = { code, redirect_uri: callback(), code_verifier: asked.verifier };
      const granted = await token({ grant_type: "authorization_code", ...wanted });
      forget("signIn");
      if (granted.status === "refused") return { status: "failed" };
      keep(granted.tokens);
      return { status: "signedIn", next: asked.next };
    } catch {
      return { status: "offline" };
    }
  }
  return { status: answer.get("error") === "access_denied" ? "cancelled" : "failed" };
}

const callback = () => `${location.origin}/phone/callback`;

export type Claimed = { state: string; number: number };

/**
 * Claims the code of another screen for this device. Repeating it for the same code gives the same answer, because the
 * secret stays.
 */
export async function claim(code: string, device: Device): Promise<Answer<Claimed>> {
  const before = recall("claim");
  const verifier = before?.code === code ? before.verifier : secret();
  remember("claim", { code, verifier });
  try {
    const body = { challenge: await challengeOf(verifier), clientId: CLIENT, device };
    const path = `/api/v1/handoffs/${encodeURIComponent(code)}/claim`;
    const answer = await read<Claimed>(await send(path, { method: "POST", body }, null));
    if (answer.status === "done") remember("claim", { code, verifier, number: answer.body.number });
    return answer;
  } catch {
    return { status: "offline" };
  }
}

/**
 * The number of a claim that waits for its answer. A phone may end the app while the person looks at the computer.
 * @param code the code that the app was opened with, or ""
 */
export function waitingNumber(code: string): number | null {
  const claimed = recall("claim");
  return claimed?.number !== undefined && (!code || claimed.code === code) ? claimed.number : null;
}

/** Waits no longer. The same code can be claimed again. */
export function stopWaiting(): void {
  const claimed = recall("claim");
  if (claimed) remember("claim", { code: claimed.code, verifier: claimed.verifier });
}

/** Asks for the tokens of a claimed code. `pending`: the other screen has not answered yet. */
export async function collect(): Promise<"signedIn" | "pending" | "refused" | "expired" | "offline"> {
  const claimed = recall("claim");
  if (!claimed) return "expired";
  try {
    const asked = { handoff_code: claimed.code, code_verifier: claimed.verifier };
    const granted = await token({ grant_type: HANDOFF_GRANT, ...asked });
    if (granted.status === "granted") {
      keep(granted.tokens);
      forget("claim");
      return "signedIn";
    }
    if (granted.error === "authorization_pending" || granted.error === "slow_down") return "pending";
    forget("claim");
    return granted.error === "access_denied" ? "refused" : "expired";
  } catch {
    return "offline";
  }
}

/** 256 random bits, base64url. */
export const secret = (): string => base64url(crypto.getRandomValues(new Uint8Array(32)));

const challengeOf = async (verifier: string): Promise<string> =>
  base64url(new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier))));

const base64url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

/** Forgets everything that belongs to the account that was signed in. */
export const forgetSignIn = (): void => forget("tokens", "entitlement", "claim");
