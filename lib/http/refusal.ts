import "server-only";
import { ServerResponse, type IncomingMessage } from "node:http";
import { limits } from "@/lib/http/limits";
import { classOf, policies, type Policy } from "@/lib/http/policy";
import { doorCodeOf, problemText, problemType } from "@/lib/http/problem";

export type Refusal = {
  status: number;
  text: string;
  form: Policy["refusals"] | "html";
  headers?: Record<string, string>;
};

/**
 * The reason why a request must not reach Next.js, or null.
 * @param authUrl origin of the site
 */
export function refusalOf(
  { method = "", url = "", headers }: Pick<IncomingMessage, "method" | "url" | "headers">,
  authUrl: string,
): Refusal | null {
  const kind = classOf(url);
  if (!kind) return { status: 400, text: "This is not a valid path on this site.", form: "text" };
  const { methods, otherHost, postsFromThisSite, refusals: form } = policies[kind];
  if (!methods.includes(method)) {
    return {
      status: 405,
      text: "This address does not accept this method.",
      form,
      headers: { Allow: methods.join(", ") },
    };
  }
  if (otherHost !== "answer" && !isThisHost(headers.host, authUrl)) {
    const text = `The address of this site is ${authUrl}`;
    return otherHost === "redirect" && method !== "POST"
      ? { status: 307, text, form, headers: { Location: new URL(authUrl + url).href } }
      : { status: 421, text, form };
  }
  if (postsFromThisSite && method === "POST" && !isFromThisSite(headers, authUrl)) {
    return { status: 403, text: "This request did not come from this site. Nothing was changed.", form };
  }
  return Number(headers["content-length"]) > limits.body ? tooLarge(url) : null;
}

/**
 * Whether a Host header names the site. Case and the scheme's default port make no difference (RFC 3986, 6.2.2.1 and
 * 6.2.3).
 */
function isThisHost(host: string | undefined, authUrl: string): boolean {
  const { host: own, protocol } = new URL(authUrl);
  // Nothing but a name and a port: a URL would take what stands before an @ for a user.
  return host !== undefined && /^[\w.:[\]-]+$/.test(host) && URL.parse(`${protocol}//${host}`)?.host === own;
}

/** The refusal of a body larger than `limits.body`. */
export const tooLarge = (url: string): Refusal => ({
  status: 413,
  text: "The request is too large. Nothing was changed.",
  form: policies[classOf(url) ?? "page"].refusals,
});

/**
 * Whether a POST comes from this site. Browsers send Origin or at least Sec-Fetch-Site. A request with neither is
 * refused. Privacy settings can turn Origin into `null`, also for pages of this site; no page can forge the other header.
 */
const isFromThisSite = ({ origin, ...headers }: IncomingMessage["headers"], authUrl: string): boolean =>
  origin !== undefined && origin !== "null" ? origin === authUrl : headers["sec-fetch-site"] === "same-origin";

/**
 * Milliseconds for which a refused body is discarded, so that its sender can read the response before the connection
 * closes.
 */
const LINGER = 2_000;

const contentTypes = {
  text: "text/plain; charset=utf-8",
  html: "text/html; charset=utf-8",
  problem: problemType,
};

/**
 * Sends a refusal. If a body is still arriving, it closes the connection, because nobody reads the body. It calls
 * Node's own methods, because Next.js may have wrapped those of the response.
 */
export function refuse(request: IncomingMessage, response: ServerResponse, refusal: Refusal): void {
  const { status, text, form, headers } = refusal;
  const { writeHead, write, end } = ServerResponse.prototype;
  const body = form === "problem" ? problemText({ status, code: doorCodeOf(status), detail: text }) : `${text}\n`;
  const { "content-length": length = "0", "transfer-encoding": isChunked } = request.headers;
  const bodyComes = !request.complete && (Boolean(isChunked) || length !== "0");
  Reflect.apply(writeHead, response, [
    status,
    {
      "Content-Type": contentTypes[form],
      "Content-Length": Buffer.byteLength(body),
      "Cache-Control": "no-store",
      ...(bodyComes && { Connection: "close" }),
      ...headers,
    },
  ]);
  if (!bodyComes) return void Reflect.apply(end, response, [body]);
  // The response is complete now. Closing at once would reset the connection while its sender still writes.
  Reflect.apply(write, response, [body]);
  const close = () => {
    clearTimeout(late);
    Reflect.apply(end, response, []);
  };
  const late = setTimeout(close, LINGER);
  request.once("end", close).once("close", close).resume();
}
