import "server-only";
import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { Admission } from "@/lib/admission";
import { onEventStream } from "@/lib/http/event-stream";
import { isInner } from "@/lib/http/in-flight";
import { limits } from "@/lib/http/limits";
import { plainPage } from "@/lib/http/plain-page";
import { classOf, policies } from "@/lib/http/policy";
import { refuse } from "@/lib/http/refusal";
import { safeNext } from "@/lib/http/safe-next";
import { log } from "@/lib/log";
import { count } from "@/lib/metrics";
import { resolveLocale } from "@/lib/messages/locale";
import { refusedWords } from "@/lib/messages/refused-words";

type Handle = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** Seconds after which a refused client should come back. */
const RETRY_AFTER = 5;

/** Requests by what they cost: pages cost the processor, forms mostly wait for a password's hash or a row. */
export const admissions = { pages: new Admission(limits.pages), forms: new Admission(limits.forms) };

/**
 * Lets `handle` answer only as many requests as it can answer soon, and answers the others 503. Probes, files and
 * requests that Next.js sends itself are always answered.
 */
export const underLoad =
  (handle: Handle): Handle =>
  async (request, response) => {
    const admission = admissionFor(request);
    if (!admission) return handle(request, response);
    if (!(await admission.enter())) {
      count("shed", { kind: admission === admissions.pages ? "page" : "form" });
      return refuseForNow(request, response);
    }
    if (response.closed) return admission.leave();
    let isInside = true;
    const leave = () => {
      if (isInside) admission.leave();
      isInside = false;
    };
    response.once("close", leave);
    // A page that listens for events is no work.
    onEventStream(response, leave);
    return handle(request, response);
  };

function admissionFor(request: IncomingMessage): Admission | null {
  const kind = classOf(request.url ?? "/");
  if (isInner(request) || kind === "probe" || kind === "file") return null;
  return request.method === "GET" || request.method === "HEAD" ? admissions.pages : admissions.forms;
}

function refuseForNow(request: IncomingMessage, response: ServerResponse): void {
  if (response.closed) return;
  warn();
  const { headers, url = "/" } = request;
  const { refusals } = policies[classOf(url) ?? "page"];
  const retry = { status: 503, headers: { "Retry-After": String(RETRY_AFTER) } };
  if (refusals === "problem")
    return refuse(request, response, { ...retry, text: "Too many requests now.", form: refusals });
  const locale = resolveLocale({
    chosenCookie: cookieOf(headers.cookie, "lang"),
    accountCookie: cookieOf(headers.cookie, "account-lang"),
    acceptLanguage: headers["accept-language"],
  });
  const { title, lead, again } = refusedWords[locale].overload;
  const nonce = randomBytes(16).toString("base64");
  const text = plainPage({
    locale,
    nonce,
    title,
    paragraphs: [lead],
    link: { href: safeNext(url, "/home/setup"), text: again },
  });
  const policy = `default-src 'none'; style-src 'nonce-${nonce}'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
  refuse(request, response, {
    ...retry,
    text,
    form: "html",
    headers: { ...retry.headers, "Content-Security-Policy": policy },
  });
}

const cookieOf = (header: string | undefined, name: string): string | undefined =>
  new RegExp(`(?:^|; )${name}=([^;]*)`).exec(header ?? "")?.[1];

let silentUntil = 0;

/** Once a minute: under load, a line for each refusal would be load of its own. */
function warn(): void {
  if (Date.now() < silentUntil) return;
  silentUntil = Date.now() + 60_000;
  const load = { pages: admissions.pages.load, forms: admissions.forms.load };
  log().warn({ load }, "more requests than can be answered soon: some are refused with 503");
}
