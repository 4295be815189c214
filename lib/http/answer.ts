import "server-only";
import type { IncomingMessage, ServerResponse } from "node:http";
import { findInFlight, type InFlight } from "@/lib/http/in-flight";
import { plainPage } from "@/lib/http/plain-page";
import { safeNext } from "@/lib/http/safe-next";
import { errorWords } from "@/lib/messages/error-words";
import { isLocale, locales } from "@/lib/messages/locale";
import { refusedWords } from "@/lib/messages/refused-words";

/** Observed with Next 16.4.6 and Node 24.21: how a body that nobody can read is reported. */
const unreadable = [
  /^Failed to parse body as FormData/,
  /^Unexpected end of form$/,
  /^Multipart: Boundary not found$/,
  /^Malformed (part header|content type)$/,
  /^Connection closed\.$/,
  /^Server Action arguments list is too long/,
];

/** Whether an error is the request's fault and not the program's. */
function isUnreadable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  // The only JSON the framework reads by itself are an action's arguments.
  const isBrokenJson = error instanceof SyntaxError && /\bJSON\.parse\b.*\n.*\bnext-server\b/.test(error.stack ?? "");
  return isBrokenJson || unreadable.some((pattern) => pattern.test(error.message));
}

/**
 * Records that an error is the fault of the request it happened in, so that it is not answered as ours.
 * @param headers of the request, as the front door left them
 * @returns whether it is
 */
export function noteFault(headers: IncomingMessage["headers"], error: unknown): boolean {
  const inFlight = findInFlight(headers["x-asked-within"]);
  if (inFlight && isUnreadable(error)) inFlight.fault ??= 400;
  return inFlight?.fault !== undefined;
}

/**
 * Shows an HTML page where the framework answers plain text when an action fails: without scripts, a person would be left
 * with one bare line. A fault of the request itself is answered 400 instead of 500.
 */
export function mendAnswer(request: IncomingMessage, response: ServerResponse, inFlight: InFlight): void {
  const here = request.url ?? "/";
  const writeHead = response.writeHead.bind(response) as (status: number, ...rest: unknown[]) => ServerResponse;
  const end = response.end.bind(response) as (...args: unknown[]) => ServerResponse;
  let page: string | undefined;

  response.writeHead = ((given: number, ...rest: unknown[]) => {
    const status = given === 500 ? (inFlight.fault ?? given) : given;
    if (isBareError(request, response, status)) {
      page = pageFor(request, response, { status, here, requestId: inFlight.requestId });
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
