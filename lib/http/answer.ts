import "server-only";
import type { IncomingMessage, ServerResponse } from "node:http";
import { findInFlight, type InFlight } from "@/lib/http/in-flight";
import { plainPage } from "@/lib/http/plain-page";
import { safeNext } from "@/lib/http/safe-next";
import { errorWords } from "@/lib/messages/error-words";
import { isLocale, locales } from "@/lib/messages/locale";
import { refusedWords } from "@/lib/messages/refused-words";

/** A stack's frame in Node or in Next.js (16.4.6), whose Turbopack names a chunk by the modules in it. */
const outside = /\bnode:|<anonymous>|[\\/]next[\\/]dist[\\/]|[\\/]node_modules_next_dist_/;

/**
 * Whether an error was thrown before any code of the product ran: by Node or Next.js, which then could not read what the
 * request contains. An error of the product has a frame of the build in its stack.
 */
function isBeforeProduct(error: unknown): boolean {
  const lines = error instanceof Error ? (error.stack ?? "").split("\n") : [];
  const frames = lines.filter((line) => /^ +at /.test(line));
  return frames.length > 0 && frames.every((frame) => outside.test(frame));
}

/**
 * Marks the request as the cause of an error, so that it is answered 4xx instead of 500. Only the call of an action has
 * contents to read: its arguments.
 * @param request as Next.js reports it, with the headers as the front door left them
 * @returns whether the request is the cause
 */
export function noteFault(request: { method: string; headers: IncomingMessage["headers"] }, error: unknown): boolean {
  const inFlight = findInFlight(request.headers["x-asked-within"]);
  if (inFlight && request.method === "POST" && isBeforeProduct(error)) inFlight.fault ??= 400;
  return inFlight?.fault !== undefined;
}

/**
 * Without JavaScript, shows an HTML page where Next.js would answer plain text after a failed action. An error caused
 * by the request itself is answered 400 instead of 500.
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
  [400, 409, 500].includes(status) &&
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
