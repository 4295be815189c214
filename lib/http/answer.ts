import "server-only";
import type { IncomingMessage, ServerResponse } from "node:http";
import { safeNext } from "@/lib/http/safe-next";
import { errorWords } from "@/lib/messages/error-words";
import { isLocale, locales } from "@/lib/messages/locale";
import { refusedWords } from "@/lib/messages/refused-words";
import { plainPage } from "@/lib/http/plain-page";

/** Status of a request that could not be read: too large, or not what it says it is. */
export type Unreadable = 400 | 413;

/** What the framework and its parsers say of a body nobody can read. */
const unreadable = [
  /^Failed to parse body as FormData/,
  /^Unexpected end of form$/,
  /^Multipart: Boundary not found$/,
  /^Malformed (part header|content type)$/,
  /^Connection closed\.$/,
  /^Server Action arguments list is too long/,
];

/** Whether an error is the request's fault and not the program's. */
export function unreadableStatus(error: unknown): Unreadable | undefined {
  if (!(error instanceof Error)) return undefined;
  if ((error as { statusCode?: unknown }).statusCode === 413) return 413;
  // The only JSON the framework reads by itself are an action's arguments.
  const isBrokenJson = error instanceof SyntaxError && /\bJSON\.parse\b.*\n.*\bnext-server\b/.test(error.stack ?? "");
  return isBrokenJson || unreadable.some((pattern) => pattern.test(error.message)) ? 400 : undefined;
}

/**
 * What goes wrong around an action is answered by the framework with a line of bare text, and who has no scripts would be
 * left with it: they get a page. And what was the request's own fault is not answered as ours.
 * @param readFault as far as it is known when the answer begins
 */
export function mendAnswer(
  request: IncomingMessage,
  response: ServerResponse,
  { requestId, readFault }: { requestId: string; readFault: () => Unreadable | undefined },
): void {
  const here = request.url ?? "/";
  const writeHead = response.writeHead.bind(response) as (status: number, ...rest: unknown[]) => ServerResponse;
  const end = response.end.bind(response) as (...args: unknown[]) => ServerResponse;
  let page: string | undefined;

  response.writeHead = ((given: number, ...rest: unknown[]) => {
    const status = given === 500 ? (readFault() ?? given) : given;
    if (isBareError(request, response, status)) {
      page = pageFor(request, response, { status, here, requestId });
      response.removeHeader("ETag");
      response.setHeader("Content-Type", "text/html; charset=utf-8");
      response.setHeader("Content-Length", Buffer.byteLength(page));
    }
    return writeHead(status, ...rest);
  }) as ServerResponse["writeHead"];
  response.end = ((...args: unknown[]) => {
    if (!response.headersSent && isBareError(request, response, response.statusCode)) {
      response.writeHead(response.statusCode);
    }
    return page === undefined ? end(...args) : end(page);
  }) as ServerResponse["end"];
}

const isBareError = ({ headers }: IncomingMessage, response: ServerResponse, status: number): boolean =>
  [400, 409, 413, 500].includes(status) &&
  String(response.getHeader("Content-Type")).startsWith("text/plain") &&
  String(headers.accept).includes("text/html");

function pageFor(
  { headers }: IncomingMessage,
  response: ServerResponse,
  { status, here, requestId }: { status: number; here: string; requestId: string },
): string {
  const decided = headers["x-locale"];
  const locale = isLocale(decided) ? decided : locales[0];
  const { title, lead, retry, reference } = errorWords[locale];
  const refused = status === 500 ? undefined : refusedWords[locale][status === 409 ? "stale" : "unreadable"];
  return plainPage({
    locale,
    nonce: /'nonce-([^']+)'/.exec(String(response.getHeader("Content-Security-Policy")))?.[1] ?? "",
    title: refused?.title ?? title,
    paragraphs: refused ? [refused.lead] : [lead, `${reference} ${requestId}`],
    link: { href: safeNext(here, "/home/setup"), text: refused?.again ?? retry },
  });
}
