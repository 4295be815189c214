import "server-only";
import Bowser from "bowser";

/**
 * Names a session's browser and system from its User-Agent, such as "Firefox" and "Windows". Null where it does not
 * say.
 */
export function browserName(userAgent: string | null): { browser: string | null; system: string | null } {
  if (!userAgent) return { browser: null, system: null };
  const { browser, os } = Bowser.parse(userAgent);
  return { browser: browser.name || null, system: os.name || null };
}
