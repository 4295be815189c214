import "server-only";
import { InvalidArgumentError } from "commander";
import { isCountryCode } from "@/lib/account/profile/countries";
import { isProductCode, productCodes, type ProductCode } from "@/lib/brand";
import { readKey } from "@/lib/licence/product-key";
import { endOfDayEverywhere } from "@/lib/licence/refusal";

/*
 * Parsers for the options of `keys issue`. Each throws commander's InvalidArgumentError, which names the option and
 * repeats its value.
 */

export function readProduct(text: string): ProductCode {
  if (!isProductCode(text)) throw new InvalidArgumentError(`The products are ${productCodes.join(", ")}.`);
  return text;
}

/** Accepts decimal digits only. It refuses 1e6 and 12.0 instead of interpreting them. */
export const readWhole = (least: number, most: number) => (text: string) => {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least || value > most)
    throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
  return value;
};

/** ISO 3166-1 alpha-2 codes separated by commas, in upper or lower case. */
export function readRegions(text: string): string[] {
  const codes = text.split(",").map((code) => code.trim().toUpperCase());
  const wrong = codes.filter((code) => !isCountryCode(code));
  if (wrong.length > 0)
    throw new InvalidArgumentError(
      `Not an ISO 3166-1 country code: ${wrong.map((code) => JSON.stringify(code)).join(", ")}. Write for example FR,BE.`,
    );
  return [...new Set(codes)];
}

/** A calendar date that has not ended yet in the last time zone on Earth. */
export const readRedeemBy = (now: Date) => (text: string) => {
  const midnight = new Date(`${text}T00:00:00Z`);
  const isReal = /^\d{4}-\d{2}-\d{2}$/.test(text) && !isNaN(+midnight) && midnight.toISOString().startsWith(text);
  if (!isReal) throw new InvalidArgumentError("It must be a calendar date, for example 2027-12-31.");
  if (endOfDayEverywhere(text) <= now) throw new InvalidArgumentError("That day is over; nobody could redeem a key.");
  return text;
};

/** A short code. Reports group by it, so each channel must always have the same code. */
export function readChannel(text: string): string {
  if (!/^[a-z0-9][a-z0-9-]{0,39}$/.test(text) || holdsKey(text))
    throw new InvalidArgumentError("It must be a short code of a-z, 0-9 and hyphens, for example retail.");
  return text;
}

/** One line of text without a product key, because the database stores no key in the clear. */
export function readNote(text: string): string {
  if (text.trim() === "" || text.length > 200 || /\p{Cc}/u.test(text))
    throw new InvalidArgumentError("It must be one line of at most 200 characters.");
  if (holdsKey(text)) throw new InvalidArgumentError("A note must not hold a product key.");
  return text.trim();
}

const holdsKey = (text: string) => ["productKey", "found"].includes(readKey(text).kind);
