import "server-only";
import { z } from "zod";

/** An app that people sign in to with their account: a public client (RFC 6749, 2.1). */
export type AppClient = { id: string; name: string; redirectUris: string[] };

/** A loopback address, on which an app of a computer listens at any free port (RFC 8252, 7.3). */
const LOOPBACK = /^http:\/\/127\.0\.0\.1(:\d{1,5})?(?=[/?]|$)/;

const withoutPort = (uri: string) => uri.replace(LOOPBACK, "http://127.0.0.1");

/** Whether a redirect URI is the registered one. Nothing is decoded or resolved before. */
export const samePlace = (registered: string, uri: string): boolean =>
  registered === uri || (LOOPBACK.test(registered) && withoutPort(registered) === withoutPort(uri));

/**
 * Whether an app may register a redirect URI: `https://…`, `http://127.0.0.1/…`, or a scheme of its own, which is a
 * reversed domain name and therefore has a dot (RFC 8252, 7.1).
 */
function isRedirectUri(text: string): boolean {
  const url = URL.parse(text);
  if (!url || /[\s\\#]/.test(text) || url.username || url.password) return false;
  if (url.protocol === "https:") return true;
  return url.protocol === "http:" ? LOOPBACK.test(text) : /^[a-z][a-z0-9-]*(\.[a-z0-9-]+)+:\/(?!\/)/.test(text);
}

const client = z.strictObject({
  id: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, "an id has up to 64 letters, digits, dots and hyphens"),
  name: z.string().trim().min(1, "a name is missing").max(60, "a name has at most 60 characters"),
  redirectUris: z
    .array(
      z
        .string()
        .refine(isRedirectUri, "a redirect URI is https://…, http://127.0.0.1/… or com.example.app:/… without #"),
    )
    .min(1, "an app needs a redirect URI"),
});

/**
 * Reads the setting APP_CLIENTS.
 * @returns what is wrong with it, or the clients
 */
export function readAppClients(text: string): { problem: string } | { clients: AppClient[] } {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { problem: 'must be JSON: [{"id": "…", "name": "…", "redirectUris": ["…"]}]' };
  }
  const read = z.array(client).safeParse(json);
  if (!read.success) {
    const [{ path, message }] = read.error.issues as [z.core.$ZodIssue];
    return { problem: `is wrong at ${path.join(".") || "its start"}: ${message}` };
  }
  const ids = read.data.map(({ id }) => id);
  const twice = [...ids, referencePhone("").id].find((id, index, all) => all.indexOf(id) !== index);
  return twice ? { problem: `has the id ${twice} twice, or it is the reference phone's` } : { clients: read.data };
}

/** The phone app at `/phone`, which belongs to the portal. @param origin of the site */
export const referencePhone = (origin: string): AppClient => ({
  id: "reference-phone",
  name: "Reference phone",
  redirectUris: [`${origin}/phone/callback`],
});

/** Where a form may lead that returns to an app: sources of `form-action` in a content security policy. */
export const formTargets = (clients: readonly AppClient[]): string[] => [
  ...new Set(
    clients.flatMap(({ redirectUris }) =>
      redirectUris.map((uri) => {
        if (LOOPBACK.test(uri)) return "http://127.0.0.1:*";
        const { origin, protocol } = new URL(uri);
        return protocol === "https:" || protocol === "http:" ? origin : protocol;
      }),
    ),
  ),
];
