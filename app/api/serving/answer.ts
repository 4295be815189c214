import "server-only";
import { z } from "zod";
import { admit, type Callers } from "@/app/api/serving/admit";
import { isRepeatable, type Operation } from "@/app/api/serving/operation";
import { refuse, writeProblem, type ProblemCode, type Refused } from "@/app/api/serving/problems";
import { secondsUntil } from "@/app/faults";
import { currentTime } from "@/lib/clock";
import { answerOnce, type Answer } from "@/lib/db/idempotent-answer";
import { isOutage } from "@/lib/db/outage";
import { problemType } from "@/lib/http/problem";
import { senderOf, type Sender } from "@/lib/http/sender";

type ParsedBy<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined;

/** A request as its operation's schemas read it. */
export type Asked<Op extends Operation> = {
  caller: Callers[Op["auth"]];
  params: ParsedBy<Op["params"]>;
  query: ParsedBy<Op["query"]>;
  body: ParsedBy<Op["body"]>;
  now: Date;
  /** The client's network: an IPv4 address, an IPv6 /64 or null when unknown. */
  network: string | null;
  /** The request's sender, for events. */
  sender: Sender;
};

type Done<Op extends Operation> = { done: Op["returns"] extends z.ZodType ? z.input<Op["returns"]> : null };

type CodeOfUnknown<Op extends Operation> = Op extends { unknown: infer Code extends ProblemCode } ? Code : never;

/** Does what an operation says. It may refuse only by the codes that the operation documents. */
export type Work<Op extends Operation> = (
  asked: Asked<Op>,
) => Promise<Done<Op> | Refused<Op["refusals"][number] | CodeOfUnknown<Op> | "invalidRequest">>;

type Context = { params: Promise<Record<string, string | string[]>> };

export type Handler = ((request: Request, context: Context) => Promise<Response>) & { operation: Operation };

/**
 * A route's answer to the requests for an operation: it admits the caller, reads the request, does the work once for its
 * `Idempotency-Key`, and writes the answer, each by the operation's own description.
 */
export const answer = <Op extends Operation>(operation: Op, work: Work<Op>): Handler =>
  Object.assign(
    async (request: Request, { params }: Context): Promise<Response> => {
      const headers: Record<string, string> = { "Cache-Control": "no-store" };
      const requestId = request.headers.get("x-request-id");
      if (requestId) headers["X-Request-Id"] = requestId;
      try {
        const now = currentTime();
        const admission = await admit(operation.auth, request, { now });
        Object.assign(headers, admission.headers);
        if ("refused" in admission) return refusal(admission, headers);
        const read = await readRequest(operation, request, await params);
        if ("refused" in read) return refusal(read, headers);

        const sender = senderOf(request.headers);
        const { caller } = admission;
        const asked = { ...read, caller, now, network: sender.addressPrefix, sender } as unknown as Asked<Op>;
        let retryAt: Date | undefined;
        const doWork = async (): Promise<Answer> => {
          const result = await work(asked);
          if (!("refused" in result)) return write(operation, result.done);
          retryAt = result.retryAt;
          return writeProblem(result);
        };
        if (read.key === null || admission.owner === null) return respond(await doWork(), headers, retryAt);
        const once = { caller: admission.owner, key: read.key, request: read.fingerprint };
        const answered = await answerOnce(once, { now, work: doWork });
        switch (answered.status) {
          case "answered":
            return respond(answered.answer, headers, retryAt);
          case "otherRequest":
            return refusal(refuse("idempotencyKeyReused"), headers);
          case "inProgress":
            return refusal({ ...refuse("requestInProgress"), retryAt: new Date(Date.now() + 1_000) }, headers);
        }
      } catch (error) {
        if (!isOutage(error)) throw error;
        return refusal({ ...refuse("unavailable"), retryAt: new Date(Date.now() + OUTAGE) }, headers);
      }
    },
    { operation },
  );

/** Milliseconds after which a program may ask again. The database recovers within seconds. */
const OUTAGE = 5_000;

type Method = "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS";

type Route = (request: Request, context: Context) => Promise<Response>;

/**
 * The handlers of a route, for all methods: others than its own get a 405, and OPTIONS says which there are. No header
 * allows scripts of other sites to read an answer.
 */
export function methods(own: Partial<Record<"GET" | "POST" | "DELETE", Route>>): Record<Method, Route> {
  const Allow = [...Object.keys(own).flatMap((name) => (name === "GET" ? ["GET", "HEAD"] : name)), "OPTIONS"].join(
    ", ",
  );
  const headers = { Allow, "Cache-Control": "no-store" };
  const other = async () => refusal(refuse("methodNotAllowed"), headers);
  const OPTIONS = async () => new Response(null, { status: 204, headers });
  const { GET = other, POST = other, DELETE = other } = own;
  return { GET, HEAD: GET, POST, PUT: other, PATCH: other, DELETE, OPTIONS };
}

/** A refusal outside any operation. */
export const problem = (refused: Refused): Response => refusal(refused, { "Cache-Control": "no-store" });

const refusal = (refused: Refused, headers: Record<string, string>): Response =>
  respond(writeProblem(refused), headers, refused.retryAt);

function respond({ status, body }: Answer, given: Record<string, string>, retryAt?: Date): Response {
  const headers = { ...given, ...(retryAt && { "Retry-After": String(secondsUntil(retryAt)) }) };
  if (!body) return new Response(null, { status, headers });
  const type = status < 400 ? "application/json" : problemType;
  return new Response(JSON.stringify(body), { status, headers: { ...headers, "Content-Type": type } });
}

const write = ({ returns }: Operation, done: unknown): Answer =>
  returns ? { status: 200, body: returns.parse(done) as object } : { status: 204, body: null };

/** The header `Idempotency-Key`: printable ASCII. */
const idempotencyKey = z
  .string()
  .regex(/^[\x20-\x7e]{1,255}$/)
  .nullable();

type Read = { params: unknown; query: unknown; body: unknown; key: string | null; fingerprint: string };

async function readRequest(
  operation: Operation,
  request: Request,
  given: Record<string, string | string[]>,
): Promise<Read | Refused> {
  const params = operation.params?.safeParse(given);
  if (params && !params.success) return refuseUnknown(operation.unknown!);
  const query = operation.query?.safeParse(Object.fromEntries(new URL(request.url).searchParams));
  if (query && !query.success) return refuseInput("query", query.error);
  const hasBody = request.method === "POST";
  const text = hasBody ? await request.text() : "";
  const json = parseJson(text);
  if (json === undefined) return refuse("invalidRequest", { faults: ["body: not JSON"] });
  const body = (operation.body ?? z.strictObject({})).safeParse(json);
  if (!body.success) return refuseInput("body", body.error);
  const key = isRepeatable(operation)
    ? idempotencyKey.safeParse(request.headers.get("idempotency-key"))
    : { success: true as const, data: null };
  if (!key.success) return refuse("invalidRequest", { faults: ["Idempotency-Key: 1 to 255 printable characters"] });
  const fingerprint = JSON.stringify([operation.id, params?.data, body.data]);
  return { params: params?.data, query: query?.data, body: body.data, key: key.data, fingerprint };
}

/** A code for unknown ids has no members. */
const refuseUnknown = (code: ProblemCode): Refused => ({ refused: code, members: {} });

const refuseInput = (part: string, { issues }: z.ZodError): Refused =>
  refuse("invalidRequest", { faults: issues.map(({ path, message }) => `${[part, ...path].join(".")}: ${message}`) });

/** An empty body is an empty object. @returns undefined when it is not JSON */
function parseJson(text: string): unknown {
  if (text.trim() === "") return {};
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
