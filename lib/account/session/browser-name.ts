import "server-only";
import Bowser from "bowser";

/** What a person calls the device a session is on, by its User-Agent: "Firefox", "Windows". Null: it does not say. */
export function browserName(userAgent: string | null): { browser: string | null; system: string | null } {
  if (!userAgent) return { browser: null, system: null };
  const { browser, os } = Bowser.parse(userAgent);
  return { browser: browser.name || null, system: os.name || null };
}
