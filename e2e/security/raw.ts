import { randomBytes } from "node:crypto";
import { request, type IncomingHttpHeaders, type OutgoingHttpHeaders } from "node:http";

export type Sent = { method?: string; path?: string; headers?: OutgoingHttpHeaders; body?: string | Buffer };

export type Answer = { status: number; headers: IncomingHttpHeaders; text: string; setCookies: string[] };

/** Sends exactly the given request, without a browser's corrections, and follows no redirect. */
export function send(origin: string, { method = "GET", path = "/", headers = {}, body }: Sent): Promise<Answer> {
  const { host, port } = new URL(origin);
  const length = body === undefined ? {} : { "Content-Length": Buffer.byteLength(body) };
  return new Promise((resolve, reject) => {
    const asked = request({ host: "127.0.0.1", port, method, path, headers: { Host: host, ...length, ...headers } });
    asked.on("error", reject).on("response", (answer) => {
      const chunks: Buffer[] = [];
      answer.on("error", reject).on("data", (chunk: Buffer) => chunks.push(chunk));
      answer.on("end", () => {
        const text = Buffer.concat(chunks).toString("utf8");
        const setCookies = answer.headers["set-cookie"] ?? [];
        resolve({ status: answer.statusCode!, headers: answer.headers, text, setCookies });
      });
    });
    asked.end(body);
  });
}

export type Fields = readonly (readonly [name: string, value: string])[];

/** Encodes a form for an action as browsers do. */
export function multipart(fields: Fields): { body: string; headers: OutgoingHttpHeaders } {
  const boundary = `----${randomBytes(12).toString("hex")}`;
  const parts = fields.map(
    ([name, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  return {
    body: `${parts.join("")}--${boundary}--\r\n`,
    headers: { "Content-Type": `multipart/form-data; boundary=${boundary}` },
  };
}

/** The value of a cookie in a response's Set-Cookie headers. */
export function cookieSet({ setCookies }: Pick<Answer, "setCookies">, name: string): string | undefined {
  return setCookies
    .find((line) => line.startsWith(`${name}=`))
    ?.slice(name.length + 1)
    .split(";")[0];
}

export const cookieHeader = (cookies: Record<string, string>): string =>
  Object.entries(cookies)
    .map(([name, value]) => `${name}=${value}`)
    .join("; ");

export type Form = { fields: [name: string, value: string][] };

/** The forms of a page, with the values they would send unchanged. */
export function formsOf(html: string): Form[] {
  return [...html.matchAll(/<form\b[^>]*>(.*?)<\/form>/gs)].map(([, inner = ""]) => ({
    fields: [...inner.matchAll(/<(input|select|textarea)\b([^>]*)>([^<]*)/g)].flatMap(
      ([, tag, attributes = "", after]) => {
        const name = attribute(attributes, "name");
        const isLeftOut = /\btype="(radio|checkbox)"/.test(attributes) && !/\bchecked=""/.test(attributes);
        if (isLeftOut) return [];
        const value = tag === "textarea" ? unescape(after ?? "") : (attribute(attributes, "value") ?? "");
        return name ? [[name, value] as [string, string]] : [];
      },
    ),
  }));
}

const attribute = (attributes: string, name: string): string | undefined => {
  const found = new RegExp(`\\b${name}="([^"]*)"`).exec(attributes)?.[1];
  return found === undefined ? undefined : unescape(found);
};

/** Decodes character references, as React writes them. */
export const unescape = (html: string): string =>
  html
    .replace(/&#x([0-9a-f]+);/gi, (_, code: string) => String.fromCodePoint(parseInt(code, 16)))
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
    .replaceAll("&quot;", '"')
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");

/** Fills in a form. Fields it does not have are added, as only a forger would. */
export function filled({ fields }: Form, typed: Record<string, string>): Fields {
  const added = Object.entries(typed).filter(([name]) => !fields.some(([other]) => other === name));
  return [...fields.map(([name, value]) => [name, typed[name] ?? value] as const), ...added];
}
