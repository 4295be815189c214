import { createHmac } from "node:crypto";
import { KEY_ALPHABET } from "@/lib/licence/product-key";

/** Why a key that reads well gives nothing, in the one order in which the reasons are decided. */
export type RefusalReason =
  "unknown" | "withdrawn" | "usedByAnother" | "notActivated" | "expired" | "region" | "ceiling";

/** A refusal and what its page shows. `caseCode` lets support find the event; it tells nothing of the key. */
export type Refusal = {
  status: "refused";
  reason: RefusalReason;
  caseCode: string;
  /** `expired`: the last day the key could be redeemed, YYYY-MM-DD. */
  redeemBy?: string;
  /** `region`: where the key was sold for, ISO 3166-1 alpha-2. */
  regions?: string[];
  /** `ceiling`: from when on the key can be activated. */
  possibleFrom?: Date;
};

/** What is known of a key, its batch and the account that tries it. */
export type KeyFacts = {
  voidedAt: Date | null;
  ownerId: string | null;
  /** When the card or its batch was activated. */
  activatedAt: Date | null;
  redeemBy: string | null;
  regions: string[] | null;
};

/** The verdict on a known key before any date arithmetic; `null` when nothing speaks against it. */
export function verdictOn(
  key: KeyFacts,
  { accountId, country, now }: { accountId: string; country: string; now: Date },
): Exclude<RefusalReason, "unknown" | "ceiling"> | "alreadyYours" | null {
  if (key.voidedAt) return "withdrawn";
  if (key.ownerId === accountId) return "alreadyYours";
  if (key.ownerId) return "usedByAnother";
  if (!key.activatedAt) return "notActivated";
  if (key.redeemBy && now >= endOfDayEverywhere(key.redeemBy)) return "expired";
  if (key.regions && !key.regions.includes(country)) return "region";
  return null;
}

/** The instant a calendar date (YYYY-MM-DD) has ended in the last time zone on Earth, UTC−12. */
export function endOfDayEverywhere(date: string): Date {
  return new Date(Date.parse(`${date}T00:00:00Z`) + 36 * 3_600_000);
}

/** Eight symbols that name one account's refusal of one key for one reason; the same each time it is looked at. */
export function caseCodeOf(lookup: Buffer, accountId: string, reason: RefusalReason): string {
  const digest = createHmac("sha256", lookup).update(`${accountId}:${reason}`).digest();
  const symbols = Array.from(digest.subarray(0, 8), (byte) => KEY_ALPHABET[byte % KEY_ALPHABET.length]).join("");
  return `${symbols.slice(0, 4)}-${symbols.slice(4)}`;
}
