import "server-only";

/** The code of a hand-off, in a path. It signs a device in. */
const codes = /(\/(?:d|handoffs)[/\\]+)[^/\\]+/gi;

/** A URL's path as it may stand in the log: without its query and without codes, in any spelling that a route accepts. */
export function loggedPath(url: string): string {
  const path = url.split("?")[0]!;
  const decoded = decode(path);
  const masked = decoded.replace(codes, "$1[code]");
  return masked === decoded ? path : masked;
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
