import "server-only";
import { STATUS_CODES } from "node:http";

export const problemType = "application/problem+json";

/** The problems that the front door answers before any route, by code, with their HTTP status. */
export const doorProblems = { methodNotAllowed: 405, tooLarge: 413, wrongHost: 421, overloaded: 503 } as const;

/** The code of a refusal by the front door. A program decides by it, so it never changes. */
export const doorCodeOf = (status: number): string =>
  Object.entries(doorProblems).find(([, its]) => its === status)?.[0] ?? "refused";

type Problem = { status: number; code: string; detail: string };

/**
 * Problem details (RFC 9457) without a `type` of their own, so the title is that of the status. The member `code` says
 * which problem it is.
 */
export const problemBody = ({ status, code, detail }: Problem) => ({
  ...{ type: "about:blank", title: STATUS_CODES[status], status, code, detail },
});

export const problemText = (problem: Problem): string => JSON.stringify(problemBody(problem));
