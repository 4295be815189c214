import "server-only";
import type { IncomingMessage } from "node:http";

export type Refusal = { status: number; text: string; headers?: Record<string, string> };

/** Answered under whatever name the machine is reached: they are for who runs it. */
const probes = ["/healthz", "/readyz"];

/** Bytes; the longest text a form takes is a pasted mail. */
const LARGEST_BODY = 1_000_000;

/**
 * Why a request must not reach any page or action, or null. Every POST is meant for an action, and each action is callable
 * through every path, so this holds for all of them.
 * @param authUrl origin of the site
 */
export function refusalOf(
  { method = "", url = "", headers }: Pick<IncomingMessage, "method" | "url" | "headers">,
  authUrl: string,
): Refusal | null {
  if (!["GET", "HEAD", "POST"].includes(method)) {
    return { status: 405, text: "Method not allowed", headers: { Allow: "GET, HEAD, POST" } };
  }
  if (!url.startsWith("/")) return { status: 400, text: "This is not an address of this site" };
  const path = url.split("?")[0]!;
  const isPost = method === "POST";
  if (isPost && isFile(path)) return { status: 405, text: "Method not allowed", headers: { Allow: "GET, HEAD" } };
  if (headers.host !== new URL(authUrl).host && !probes.includes(path)) {
    const elsewhere = `This site lives at ${authUrl}`;
    return isPost
      ? { status: 421, text: elsewhere }
      : { status: 307, text: elsewhere, headers: { Location: new URL(authUrl + url).href } };
  }
  if (isPost && !isFromThisSite(headers, authUrl)) {
    return { status: 403, text: "This request did not come from this site. Nothing was changed." };
  }
  if (isPost && Number(headers["content-length"]) > LARGEST_BODY) {
    return { status: 413, text: "This is more than the site takes. Nothing was changed." };
  }
  return null;
}

/** Build output and what lies in public/. */
const isFile = (path: string): boolean => path.startsWith("/_next/") || /\.\w+$/.test(path);

/** A browser says where a POST comes from, in Origin or at least in Sec-Fetch-Site; who says neither is refused. */
const isFromThisSite = ({ origin, ...headers }: IncomingMessage["headers"], authUrl: string): boolean =>
  origin ? origin === authUrl : headers["sec-fetch-site"] === "same-origin";
