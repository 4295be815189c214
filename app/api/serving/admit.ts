import "server-only";
import type { Auth } from "@/app/api/serving/operation";
import { refuse, type Refused } from "@/app/api/serving/problems";
import { findBearer, type Bearer } from "@/lib/account/oauth/bearer";
import { secondsUntil } from "@/app/faults";
import { limitOf, reserve, type Quota } from "@/lib/limits/limits";
import { admitPartner } from "@/lib/licence/partners/partner-tokens";

/** Who calls, for each way to be known. */
export type Callers = {
  app: Bearer;
  partner: { partnerId: string };
  anybody: null;
};

type Admitted<Way extends Auth> = {
  caller: Callers[Way];
  /** To whom an `Idempotency-Key` belongs. */
  owner: string | null;
};

type Admission<Way extends Auth> = { headers: Record<string, string> } & (Admitted<Way> | Refused);

/** Requests carry `Authorization: Bearer <token>` (RFC 6750). Cookies are ignored. */
const bearer = /^Bearer +([\w.~+/-]{1,300}=*)$/i;

/**
 * Finds out who calls by the bearer token, and counts the request. The headers say how many requests are left (IETF
 * draft-ietf-httpapi-ratelimit-headers-10), or how to be admitted.
 */
export async function admit<Way extends Auth>(
  way: Way,
  request: Request,
  { now }: { now: Date },
): Promise<Admission<Way>> {
  if (way === "anybody") return { caller: null as Callers[Way], owner: null, headers: {} };
  const token = bearer.exec(request.headers.get("authorization") ?? "")?.[1];
  if (!token) {
    const challenge = request.headers.has("authorization") ? `${realm}, error="invalid_request"` : realm;
    return { ...refuse("tokenMissing"), headers: { "WWW-Authenticate": challenge } };
  }
  const found = way === "app" ? await admitApp(token, now) : await admitPartner(token);
  if (!found || found.status === "unknown") {
    return { ...refuse("tokenInvalid"), headers: { "WWW-Authenticate": `${realm}, error="invalid_token"` } };
  }
  const quota = found.status === "limited" ? { allowed: false as const, until: found.until } : found.quota;
  const headers = quotaHeaders(way === "app" ? "appPerSession" : "partnerPerToken", quota);
  if (found.status === "limited") return { ...refuse("tooManyRequests"), retryAt: found.until, headers };
  const [caller, owner] =
    "bearer" in found ? [found.bearer, found.bearer.account.id] : [{ partnerId: found.partnerId }, found.partnerId];
  return { caller: caller as Callers[Way], owner, headers };
}

const realm = 'Bearer realm="api"';

async function admitApp(token: string, now: Date) {
  const found = await findBearer(token, { now });
  if (!found) return null;
  const quota = await reserve("appPerSession", found.appSessionId);
  return quota.allowed
    ? { status: "admitted" as const, bearer: found, quota }
    : { status: "limited" as const, until: quota.until };
}

function quotaHeaders(limit: "appPerSession" | "partnerPerToken", quota: Quota): Record<string, string> {
  const { max, seconds } = limitOf(limit);
  const left = quota.allowed ? quota.left : 0;
  // The window ends by the database's clock, which may be ahead of this machine's.
  const rest = Math.min(seconds, secondsUntil(quota.until));
  return {
    "RateLimit-Policy": `"default";q=${max};w=${seconds}`,
    RateLimit: `"default";r=${left};t=${rest}`,
  };
}
