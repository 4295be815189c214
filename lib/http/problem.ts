import "server-only";
import { STATUS_CODES } from "node:http";

type Problem = { status: number; detail: string };

export const problemType = "application/problem+json";

/** Problem details (RFC 9457) without `type`: the title is that of the status. */
export const problemText = ({ status, detail }: Problem): string =>
  JSON.stringify({ type: "about:blank", title: STATUS_CODES[status], status, detail });

/** A refusal of a route under `/api/`. */
export const problem = (problem: Problem): Response =>
  new Response(problemText(problem), {
    status: problem.status,
    headers: { "Content-Type": problemType, "Cache-Control": "no-store" },
  });
