import "server-only";
import { createHash, randomBytes } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { InvalidArgumentError, type Command } from "commander";
import { createRemoteJWKSet, jwtVerify } from "jose";
import { Failure } from "@/lib/cli/failure";
import { writeOut } from "@/lib/cli/standard-output";
import { stopSignal } from "@/lib/cli/stop-signal";

const HANDOFF_GRANT = "urn:setup-portal:grant-type:handoff";
/** Milliseconds between two questions whether the screen with the code has said yes. */
const ASK_EVERY = 1_000;

type Options = { server: string; client: string; name: string; load: number; signOut: boolean };
type Tokens = { access_token: string; refresh_token: string };
type Seats = { used: number; total: number };
type Subscriptions = { subscriptions: { id: string; product: string; seats: Seats }[] };

export function addPhone(program: Command): void {
  program
    .command("phone")
    .argument("<code>", "the eight characters on /home/setup/device")
    .description("play a phone: sign in by a code, take a seat, verify the proof")
    .option("--server <url>", "the portal", originOf, "http://localhost:3000")
    .option("--client <id>", "the app that it plays", "reference-phone")
    .option("--name <name>", "what the phone is called", "Test phone")
    .option("--load <seconds>", "then refresh and prove again, one after the other, for so long", secondsOf, 0)
    .option("--sign-out", "release the seat and sign out at the end", false)
    .addHelpText(
      "after",
      "\nIt uses only HTTP, against any server, and needs no setting. Confirm the number on the screen with the code.",
    )
    .action(play);
}

async function play(code: string, options: Options): Promise<void> {
  const { server, client, name, load, signOut } = options;
  const verifier = randomBytes(32).toString("base64url");
  const installId = randomBytes(16).toString("base64url");
  const device = { installId, name, model: null, system: "android" };

  const challenge = createHash("sha256").update(verifier).digest("base64url");
  const claimed = await ask<{ number: number }>(server, `/api/v1/handoffs/${encodeURIComponent(code)}/claim`, {
    body: { challenge, clientId: client, device },
  });
  await writeOut(`number         ${claimed.number}: confirm it on the screen with the code\n`);

  let tokens = await collect(server, { client_id: client, handoff_code: code, code_verifier: verifier });
  await writeOut("signed in\n");

  const { subscriptions } = await ask<Subscriptions>(server, "/api/v1/subscriptions", { token: tokens.access_token });
  const chosen = subscriptions.find(({ seats }) => seats.used < seats.total) ?? subscriptions[0];
  if (!chosen) throw new Failure("The account has no active subscription.");
  const activation = await ask<{ id: string }>(server, "/api/v1/activations", {
    token: tokens.access_token,
    body: { subscriptionId: chosen.id, device },
  });
  await writeOut(`seat taken     ${chosen.product}\n`);

  const keys = createRemoteJWKSet(new URL("/.well-known/jwks.json", server));
  const prove = async () => {
    const { token } = await ask<{ token: string }>(server, "/api/v1/entitlement", { token: tokens.access_token });
    const expected = { issuer: server, subject: installId, typ: "entitlement+jwt", algorithms: ["EdDSA"] };
    return (await jwtVerify(token, keys, expected)).payload;
  };
  const { ends } = await prove();
  await writeOut(
    `protected      ${typeof ends === "string" ? `until ${ends}` : "without an end"}; the proof is genuine\n`,
  );

  const times: number[] = [];
  const end = performance.now() + load * 1_000;
  while (performance.now() < end && !stopSignal().aborted) {
    const begun = performance.now();
    const asked = { grant_type: "refresh_token", refresh_token: tokens.refresh_token, client_id: client };
    tokens = granted(await token(server, asked));
    await prove();
    times.push(performance.now() - begun);
  }
  if (times.length > 0) await writeOut(`refreshed      ${times.length} times; ${spread(times)}\n`);

  if (!signOut) return;
  await ask(server, `/api/v1/activations/${activation.id}`, { token: tokens.access_token, method: "DELETE" });
  await ask(server, "/api/v1/sessions/current", { token: tokens.access_token, method: "DELETE" });
  await writeOut("signed out\n");
}

/** Milliseconds of a refresh with its proof, in the middle and at the slow end. */
function spread(times: number[]): string {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) => Math.round(sorted[Math.floor(share * (sorted.length - 1))]!);
  return `p50 ${at(0.5)} ms, p95 ${at(0.95)} ms`;
}

async function collect(server: string, asked: Record<string, string>): Promise<Tokens> {
  for (;;) {
    const answer = await token(server, { grant_type: HANDOFF_GRANT, ...asked });
    if ("error" in answer && ["authorization_pending", "slow_down"].includes(answer.error)) {
      await pause(ASK_EVERY, undefined, { signal: stopSignal() });
      continue;
    }
    return granted(answer);
  }
}

function granted(answer: Tokens | { error: string }): Tokens {
  if ("error" in answer) throw new Failure(`The portal gave no tokens: ${answer.error}.`);
  return answer;
}

async function token(server: string, parameters: Record<string, string>): Promise<Tokens | { error: string }> {
  const response = await reach(server, "/oauth/token", { method: "POST", body: new URLSearchParams(parameters) });
  return (await response.json()) as Tokens | { error: string };
}

type Asked = { token?: string; body?: object; method?: string };

/** Calls the device API. @throws Failure with the code of a refusal */
async function ask<Body = null>(server: string, path: string, { token, body, method }: Asked): Promise<Body> {
  const response = await reach(server, path, {
    method: method ?? (body ? "POST" : "GET"),
    headers: {
      ...(token && { Authorization: `Bearer ${token}` }),
      ...(body && { "Content-Type": "application/json", "Idempotency-Key": randomBytes(16).toString("base64url") }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  if (response.status === 204) return null as Body;
  const answer = (await response.json()) as Body & { code?: string; detail?: string };
  if (!response.ok) throw new Failure(`The portal refused: ${answer.code ?? response.status}. ${answer.detail ?? ""}`);
  return answer;
}

const reach = (server: string, path: string, request: RequestInit): Promise<Response> =>
  fetch(new URL(path, server), { ...request, signal: stopSignal() }).catch((error: Error) => {
    throw new Failure(`${server} cannot be reached: ${(error.cause as Error | undefined)?.message ?? error.message}.`);
  });

function originOf(text: string): string {
  const url = URL.parse(text);
  if (!url || !/^https?:$/.test(url.protocol))
    throw new InvalidArgumentError("must be a URL, as https://my.example.com");
  return url.origin;
}

function secondsOf(text: string): number {
  if (!/^\d{1,5}$/.test(text)) throw new InvalidArgumentError("must be a number of seconds");
  return Number(text);
}
