import type { PhoneSystem } from "@/app/phone-system";
import type { Entitlement, JsonWebKeySet } from "./entitlement";

/** What the app knows of the device it runs on. The portal sees it once the app signs in. */
export type Device = { installId: string; name: string; model: string | null; system: PhoneSystem };

/** The tokens of a sign-in. `until` is when the access token stops working, in milliseconds. */
export type Tokens = { access: string; refresh: string; until: number };

/** Everything the app keeps between two starts. */
type Memory = {
  device: Device;
  tokens: Tokens;
  entitlement: Entitlement;
  /** The portal's public keys, so that the entitlement can be verified offline. */
  keys: JsonWebKeySet;
  /** The PKCE verifier and the state of a sign-in that has not come back yet. */
  signIn: { verifier: string; state: string; next: string };
  /** A hand-off that this device has claimed, the secret that proves it, and the number while the app waits. */
  claim: { code: string; verifier: string; number?: number };
};

const nameOf = (item: keyof Memory) => `phone-${item}`;

/** Reads an item; null when there is none or it cannot be read. */
export function recall<Item extends keyof Memory>(item: Item): Memory[Item] | null {
  try {
    return JSON.parse(localStorage.getItem(nameOf(item)) ?? "null") as Memory[Item] | null;
  } catch {
    return null;
  }
}

export function remember<Item extends keyof Memory>(item: Item, value: Memory[Item]): void {
  localStorage.setItem(nameOf(item), JSON.stringify(value));
}

export function forget(...items: (keyof Memory)[]): void {
  for (const item of items) localStorage.removeItem(nameOf(item));
}
