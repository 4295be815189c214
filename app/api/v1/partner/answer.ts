import { statuses } from "@/app/statuses";
import { secondsUntil } from "@/app/faults";
import { isOutage } from "@/lib/db/outage";
import { problem, problemBody, problemType } from "@/lib/http/problem";
import { admitPartner } from "@/lib/licence/partners/partner-tokens";

/** Requests carry `Authorization: Bearer <token>` (RFC 6750). Cookies are ignored. */
const bearer = /^Bearer +([\w-]{1,200})$/i;

/** Answers a request of a partner's program: `work` runs once the token is known. */
export async function answerPartner(
  request: Request,
  work: (partnerId: string) => Promise<Response>,
): Promise<Response> {
  const token = bearer.exec(request.headers.get("authorization") ?? "")?.[1];
  try {
    const admission = token ? await admitPartner(token) : ({ status: "unknown" } as const);
    switch (admission.status) {
      case "unknown":
        return problem({
          status: statuses.partner.unknown,
          detail: "Send the token of a partner as Authorization: Bearer.",
          headers: { "WWW-Authenticate": `Bearer realm="partner"${token ? ', error="invalid_token"' : ""}` },
        });
      case "limited":
        return tooMany("This token has sent too many requests.", admission.until);
      case "admitted":
        return await work(admission.partnerId);
    }
  } catch (error) {
    if (!isOutage(error)) throw error;
    return problem({
      status: statuses.request.unavailable,
      detail: "Try again later.",
      headers: { "Retry-After": "5" },
    });
  }
}

/** @param until when the program may try again */
export const tooMany = (detail: string, until: Date): Response =>
  problem({
    ...{ status: statuses.partner.limited, detail },
    headers: { "Retry-After": String(secondsUntil(until)) },
  });

/** The status and the body of a refusal, to be kept or sent. */
export const refusal = (status: number, detail: string) => ({ status, body: problemBody({ status, detail }) });

export const respond = ({ status, body }: { status: number; body: object }): Response =>
  new Response(JSON.stringify(body), {
    status,
    headers: { "Content-Type": status < 400 ? "application/json" : problemType, "Cache-Control": "no-store" },
  });
