import { isOutage } from "@/lib/db/outage";
import { senderOf, type Sender } from "@/lib/http/sender";
import { countMiss } from "@/lib/account/oauth/misses";
import { secondsUntil } from "@/app/faults";

/** Errors of RFC 6749, 5.2, and of grants that wait for a person (RFC 8628, 3.5). */
export type OAuthError =
  | "invalid_request"
  | "invalid_client"
  | "invalid_grant"
  | "unsupported_grant_type"
  | "authorization_pending"
  | "slow_down"
  | "access_denied"
  | "expired_token"
  | "temporarily_unavailable";

const headers = { "Content-Type": "application/json", "Cache-Control": "no-store" };

export const answer = (body: object): Response => new Response(JSON.stringify(body), { headers });

/** @param description for the app's developer, in ASCII */
export const refusal = (
  error: OAuthError,
  description: string,
  { retryAfter }: { retryAfter?: number } = {},
): Response =>
  new Response(JSON.stringify({ error, error_description: description }), {
    status: error === "invalid_client" ? 401 : 400,
    headers: {
      ...headers,
      ...(error === "invalid_client" && { "WWW-Authenticate": 'Basic realm="oauth"' }),
      ...(retryAfter !== undefined && { "Retry-After": String(retryAfter) }),
    },
  });

/** For now. An app keeps its tokens and tries again. */
export const unavailable = (status: 429 | 503, seconds: number): Response =>
  new Response(
    JSON.stringify({ error: "temporarily_unavailable", error_description: "Keep the tokens and try again later." }),
    { status, headers: { ...headers, "Retry-After": String(seconds) } },
  );

/** Answers a refusal that anybody can cause, and counts it for the network. */
export async function missed(sender: Sender, refused: Response): Promise<Response> {
  const miss = await countMiss(sender);
  return miss.allowed ? refused : unavailable(429, secondsUntil(miss.until));
}

/** Characters of a form. Those of apps have a few hundred. */
const LONGEST = 10_000;

/** A form as an app sent it: each field once. */
export type AppForm = Readonly<Record<string, string>>;

/** Reads `application/x-www-form-urlencoded`. Null for anything else, and for a field that is there twice. */
async function readForm(request: Request): Promise<AppForm | null> {
  const type = request.headers.get("content-type")?.split(";")[0]!.trim().toLowerCase();
  if (type !== "application/x-www-form-urlencoded") return null;
  const text = await request.text();
  if (text.length > LONGEST) return null;
  const fields = [...new URLSearchParams(text)];
  const form: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const [name, value] of fields) {
    if (name in form) return null;
    form[name] = value;
  }
  return form;
}

/** Answers an app's form. Apps have no secret, so one that authenticates is refused. */
export async function answerForm(
  request: Request,
  work: (form: AppForm, sender: Sender) => Promise<Response>,
): Promise<Response> {
  try {
    const form = await readForm(request);
    if (!form) return refusal("invalid_request", "Send each parameter once, as application/x-www-form-urlencoded.");
    if (request.headers.has("authorization") || "client_secret" in form)
      return refusal("invalid_client", "Clients are public: send client_id and no secret.");
    return await work(form, senderOf(request.headers));
  } catch (error) {
    if (!isOutage(error)) throw error;
    return unavailable(503, 5);
  }
}
