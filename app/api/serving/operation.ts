import type { z } from "zod";
import type { ProblemCode } from "@/app/api/serving/problems";

/** Who may call an operation: a signed-in app, a partner's program, or anybody. */
export type Auth = "app" | "partner" | "anybody";

/**
 * An operation of the API. Its schemas parse the request, write the answer and document both, so that a route cannot
 * differ from the document.
 */
export type Operation = {
  /** Its name in the document, and in clients generated from it. */
  id: string;
  method: "GET" | "POST" | "DELETE";
  /** Its parameters in braces. */
  path: `/api/v1/${string}`;
  auth: Auth;
  /** A line: what it does. */
  summary: string;
  /** What a developer must know besides. */
  description?: string;
  params?: z.ZodObject;
  /** The refusal of parameters that are not of their shape: the same as of unknown ones. */
  unknown?: ProblemCode;
  query?: z.ZodObject;
  body?: z.ZodObject;
  /** The body of the 200. Null: a 204 without a body. */
  returns: z.ZodType | null;
  /** What the operation itself refuses. {@link codesOf} adds what its kind of request can meet. */
  refusals: readonly ProblemCode[];
};

/** Keeps the exact types of an operation, so that its route must fit them. */
export const operation = <const Described extends Operation>(described: Described): Described => described;

/** Every code that a request for an operation can be refused with. */
export function codesOf({ auth, method, params, unknown, query, body, refusals }: Operation): ProblemCode[] {
  const hasInput = query !== undefined || body !== undefined || method === "POST";
  const isLimited = auth !== "anybody";
  return [
    ...new Set<ProblemCode>([
      ...refusals,
      ...(params && unknown ? [unknown] : []),
      ...(hasInput ? (["invalidRequest"] as const) : []),
      ...(method === "POST" ? (["tooLarge"] as const) : []),
      ...(isRepeatable({ auth, method }) ? (["idempotencyKeyReused", "requestInProgress"] as const) : []),
      ...(isLimited ? (["tokenMissing", "tokenInvalid", "tooManyRequests"] as const) : []),
      "wrongHost",
      "unavailable",
      "overloaded",
    ]),
  ];
}

/** Whether a request can carry an `Idempotency-Key`, which belongs to a known caller. */
export const isRepeatable = ({ auth, method }: Pick<Operation, "auth" | "method">): boolean =>
  method === "POST" && auth !== "anybody";
