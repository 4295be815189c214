import { useCallback, useSyncExternalStore } from "react";

/** The app's screens. Each has an address of its own (`#key`), so that Back leads to the one before. */
export const screens = [
  "start",
  "activate",
  "code",
  "subscriptions",
  "protected",
  "key",
  "partner",
  "recover",
] as const;

export type Screen = (typeof screens)[number];

const MOVED = "phone-screen";

const subscribe = (changed: () => void) => {
  for (const event of [MOVED, "popstate", "hashchange"]) addEventListener(event, changed);
  return () => {
    for (const event of [MOVED, "popstate", "hashchange"]) removeEventListener(event, changed);
  };
};

const shown = (): Screen | null => screens.find((screen) => location.hash === `#${screen}`) ?? null;

/** The screen that the address names, and the way to another one. Null: none, or the page is still the server's. */
export function useScreen(): [Screen | null, (screen: Screen, how?: "push" | "replace") => void] {
  const screen = useSyncExternalStore(subscribe, shown, () => null);
  const go = useCallback((next: Screen, how: "push" | "replace" = "push") => {
    // In one step: what was in the address before, such as a code, leaves it too.
    if (how === "push") history.pushState(null, "", `/phone#${next}`);
    else history.replaceState(null, "", `/phone#${next}`);
    dispatchEvent(new Event(MOVED));
  }, []);
  return [screen, go];
}
