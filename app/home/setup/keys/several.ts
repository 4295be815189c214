import "server-only";
import { readTypedKey } from "@/app/typed-key";
import { givingKinds } from "@/lib/licence/choices";
import type { Wish } from "@/lib/licence/plan-keys";

/** What can be wished for one of several keys. */
export const wishes = [...givingKinds, "keep", "leave"] as const satisfies Wish[];

const isWish = (text: string): text is Wish => (wishes as readonly string[]).includes(text);

/** The ids of previews in an address, separated by dots. */
export const idsIn = (given: string | undefined): string[] => (given ?? "").slice(0, 200).split(".").filter(Boolean);

/** The wishes in an address, separated by dots. */
export const wishesIn = (given: string | undefined): (Wish | undefined)[] =>
  (given ?? "")
    .slice(0, 200)
    .split(".")
    .map((text) => (isWish(text) ? text : undefined));

/** The keys that this browser holds for these previews, each once. */
export async function readTypedKeys(ids: readonly string[]): Promise<{ id: string; key: string }[]> {
  const held = new Map<string, string>();
  for (const id of ids) {
    const key = await readTypedKey(id);
    if (key && !held.has(key)) held.set(key, id);
  }
  return [...held].map(([key, id]) => ({ key, id }));
}

export const severalPath = (ids: readonly string[], page: "keys" | "keys/done" = "keys"): string =>
  `/home/setup/${page}?p=${ids.map(encodeURIComponent).join(".")}`;
