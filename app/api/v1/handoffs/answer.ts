import "server-only";
import { z } from "zod";
import { secondsUntil } from "@/app/faults";
import { statuses } from "@/app/statuses";
import type { ClaimView } from "@/lib/account/handoff/claim-handoff";
import { readHandoffCode } from "@/lib/account/handoff/handoff-code";
import { isOutage } from "@/lib/db/outage";
import { problemBody, problemType } from "@/lib/http/problem";

/** Refusals, by the code that programs decide by. */
const refusals = {
  handoffUnknown: { status: statuses.request.notFound, detail: "The code is unknown or has expired. Show a new one." },
  handoffUsedByAnother: { status: 409, detail: "Another device uses this code. Show a new one." },
  unknownClient: { status: statuses.request.invalid, detail: "This client is not registered." },
  invalidRequest: {
    status: statuses.request.invalid,
    detail: "The request is not as documented. Nothing was changed.",
  },
  tooManyCodes: {
    status: statuses.licence.limited,
    detail: "Too many codes that do not exist. Go on after Retry-After.",
  },
  unavailable: { status: statuses.request.unavailable, detail: "Try again later." },
};

export const challenge = z.string().regex(/^[A-Za-z0-9_-]{43}$/);

type Answer = { claim: ClaimView } | { refused: keyof typeof refusals; until?: Date };

/** Answers a request about the code in its path. @param work is not called for a text that cannot be a code */
export async function answer(typed: string, work: (code: string) => Promise<Answer>): Promise<Response> {
  try {
    const code = readHandoffCode(typed);
    const answered: Answer = code ? await work(code) : { refused: "handoffUnknown" };
    if ("refused" in answered) return refuse(answered.refused, answered.until);
    const { expiresAt, ...claim } = answered.claim;
    return respond(200, { ...claim, expiresAt: expiresAt.toISOString() });
  } catch (error) {
    if (!isOutage(error)) throw error;
    return refuse("unavailable", new Date(Date.now() + 5_000));
  }
}

function refuse(code: keyof typeof refusals, until?: Date): Response {
  const { status, detail } = refusals[code];
  const wait = until && { "Retry-After": String(secondsUntil(until)) };
  return respond(status, { ...problemBody({ status, detail }), code }, { "Content-Type": problemType, ...wait });
}

const respond = (status: number, body: object, headers: Record<string, string> = {}): Response =>
  new Response(JSON.stringify(body), {
    status,
    headers: { "Content-Type": "application/json", "Cache-Control": "no-store", ...headers },
  });
