import "server-only";
import Bowser from "bowser";

const browsers = new Set(Object.values(Bowser.BROWSER_MAP));
const systems = new Set(Object.values(Bowser.OS_MAP));

/**
 * Names a session's browser and system from its User-Agent, such as "Firefox" and "Windows". Null where it does not
 * say. Only names of Bowser's lists: for a browser that it does not know, it would repeat the header's own words, which
 * anybody can choose.
 */
export function browserName(userAgent: string | null): { browser: string | null; system: string | null } {
  if (!userAgent) return { browser: null, system: null };
  const { browser, os } = Bowser.parse(userAgent);
  const listed = (name: string | undefined, list: Set<string>) => (name && list.has(name) ? name : null);
  return { browser: listed(browser.name, browsers), system: listed(os.name, systems) };
}
