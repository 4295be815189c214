import { createHmac } from "node:crypto";
import { KEY_ALPHABET } from "@/lib/licence/product-key";

/** Why a well-formed key is refused. If several reasons apply, the first in this order is given. */
export type RefusalReason =
  "unknown" | "withdrawn" | "usedByAnother" | "notReleased" | "expired" | "region" | "ceiling";

/** A refusal and what its page shows. `caseCode` lets support find the event and reveals nothing about the key. */
export type Refusal = {
  status: "refused";
  reason: RefusalReason;
  caseCode: string;
  /** `expired`: the last day the key could be redeemed, YYYY-MM-DD. */
  redeemBy?: string;
  /** `region`: the countries the key was sold for, ISO 3166-1 alpha-2. */
  regions?: string[];
  /** `ceiling`: the first instant at which the key can be activated. */
  possibleFrom?: Date;
  /** `ceiling`: the key can be kept for later until then. It is not kept yet. */
  canKeep?: boolean;
};

/** The state of a key. A kept key belongs to its owner but has no live grant. */
export type KeyState =
  | { name: "issued" }
  | { name: "kept"; ownerId: string }
  | { name: "redeemed"; ownerId: string; grantId: string; subscriptionId: string }
  | { name: "withdrawn" };

/** The terms of sale, which decide whether a key may be used for the first time. */
export type SaleTerms = {
  /** When the till released the card, or its whole batch was released. */
  releasedAt: Date | null;
  /** Last day, YYYY-MM-DD, inclusive. */
  redeemBy: string | null;
  /** ISO 3166-1 alpha-2 codes; null: everywhere. */
  regions: string[] | null;
};

/** Who asks. Null while nobody is signed in: then nothing is theirs, and their region is not judged. */
type Asking = { accountId: string | null; country: string | null; now: Date };

/** Judges a known key, before any date arithmetic. Null: the account may use it. */
export function verdictOn(
  key: SaleTerms & { state: KeyState },
  asking: Asking,
): Exclude<RefusalReason, "unknown" | "ceiling"> | "alreadyYours" | null {
  const { state } = key;
  switch (state.name) {
    case "withdrawn":
      return "withdrawn";
    case "redeemed":
      return state.ownerId === asking.accountId ? "alreadyYours" : "usedByAnother";
    case "kept":
      // The terms of sale were met when its owner got it. They are not checked again.
      return state.ownerId === asking.accountId ? null : "usedByAnother";
    case "issued":
      return ineligibleBecause(key, asking);
  }
}

function ineligibleBecause(key: SaleTerms, { country, now }: Asking): "notReleased" | "expired" | "region" | null {
  if (!key.releasedAt) return "notReleased";
  if (key.redeemBy && now >= endOfDayEverywhere(key.redeemBy)) return "expired";
  if (country !== null && key.regions && !key.regions.includes(country)) return "region";
  return null;
}

/** The instant at which a calendar date (YYYY-MM-DD) ends in the last time zone on Earth, UTC−12. */
export function endOfDayEverywhere(date: string): Date {
  return new Date(Date.parse(`${date}T00:00:00Z`) + 36 * 3_600_000);
}

/** A code of eight symbols for one account, key and reason. Repeated look-ups return the same code. */
export function caseCodeOf(lookup: Buffer, accountId: string, reason: RefusalReason): string {
  const digest = createHmac("sha256", lookup).update(`${accountId}:${reason}`).digest();
  const symbols = Array.from(digest.subarray(0, 8), (byte) => KEY_ALPHABET[byte % KEY_ALPHABET.length]).join("");
  return `${symbols.slice(0, 4)}-${symbols.slice(4)}`;
}

/** Reads a case code as somebody types or dictates it: any case, with or without its hyphen, O for 0. Null: none. */
export function readCaseCode(typed: string): string | null {
  const symbols = typed
    .normalize("NFKC")
    .toUpperCase()
    .replaceAll("O", "0")
    .replace(/[\s\p{Pd}]/gu, "");
  const isCode = symbols.length === 8 && [...symbols].every((symbol) => KEY_ALPHABET.includes(symbol));
  return isCode ? `${symbols.slice(0, 4)}-${symbols.slice(4)}` : null;
}
