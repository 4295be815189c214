import "server-only";
import { STATUS_CODES } from "node:http";

type Problem = { status: number; detail: string; headers?: Record<string, string> };

export const problemType = "application/problem+json";

/** Problem details (RFC 9457) without a `type` of their own: the title is that of the status. */
export const problemBody = ({ status, detail }: Omit<Problem, "headers">) => ({
  ...{ type: "about:blank", title: STATUS_CODES[status], status, detail },
});

export const problemText = (problem: Omit<Problem, "headers">): string => JSON.stringify(problemBody(problem));

/** A refusal of a route under `/api/`. */
export const problem = ({ headers, ...problem }: Problem): Response =>
  new Response(problemText(problem), {
    status: problem.status,
    headers: { "Content-Type": problemType, "Cache-Control": "no-store", ...headers },
  });

/** Answers a method that a route does not have. Next.js would answer without a body and without `Allow` (RFC 9110, 15.5.6). */
export const methodRefused = (allow: "GET, HEAD" | "POST") => (): Response =>
  problem({ status: 405, detail: "This address does not accept this method.", headers: { Allow: allow } });
