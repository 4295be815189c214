import "server-only";
import type { IncomingMessage, ServerResponse } from "node:http";
import { findInFlight, type InFlight } from "@/lib/http/in-flight";
import { plainPage } from "@/lib/http/plain-page";
import { safeNext } from "@/lib/http/safe-next";
import { errorWords } from "@/lib/messages/error-words";
import { isLocale, locales } from "@/lib/messages/locale";
import { refusedWords } from "@/lib/messages/refused-words";

const says = (pattern: RegExp) => (error: Error) => pattern.test(error.message);

/**
 * Error messages of Next 16.4.6 and Node 24.21 for a body that cannot be read, by its reader.
 * e2e/security/nonsense.journey.ts provokes each on the real server.
 */
export const unreadable = {
  "a form, by Request.formData": says(/^Failed to parse body as FormData/),
  "a script's form that ends too early, by busboy": says(/^Unexpected end of form$/),
  "a script's form without a boundary, by busboy": says(/^Multipart: Boundary not found$/),
  "a script's form with a malformed part, by busboy": says(/^Malformed part header$/),
  "a script's form with a malformed type, by busboy": says(/^Malformed content type$/),
  "arguments that refer to nothing, by React": says(/^Connection closed\.$/),
  "too many arguments, by Next.js": says(/^Server Action arguments list is too long/),
  // Next.js itself parses no JSON but an action's arguments.
  "arguments that are broken JSON, by React": (error: Error) =>
    error instanceof SyntaxError && /\bJSON\.parse\b.*\n.*\bnext-server\b/.test(error.stack ?? ""),
};

const isUnreadable = (error: unknown): boolean =>
  error instanceof Error && Object.values(unreadable).some((isReported) => isReported(error));

/**
 * Marks the request as the cause of an error, so that it is answered 4xx instead of 500.
 * @param headers of the request, as the front door left them
 * @returns whether the request is the cause
 */
export function noteFault(headers: IncomingMessage["headers"], error: unknown): boolean {
  const inFlight = findInFlight(headers["x-asked-within"]);
  if (inFlight && isUnreadable(error)) inFlight.fault ??= 400;
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
