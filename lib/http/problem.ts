import "server-only";
import { STATUS_CODES } from "node:http";

type Problem = { status: number; detail: string };

export const problemType = "application/problem+json";

/** Problem details (RFC 9457) without a type of their own: the title is the status's. */
export const problemText = ({ status, detail }: Problem): string =>
  JSON.stringify({ type: "about:blank", title: STATUS_CODES[status], status, detail });

/** The response of a route under `/api/` that refuses. */
export const problem = (problem: Problem): Response =>
  new Response(problemText(problem), {
    status: problem.status,
    headers: { "Content-Type": problemType, "Cache-Control": "no-store" },
  });
