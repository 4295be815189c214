import "server-only";
import { refuse, type Refused } from "@/app/api/serving/problems";
import { formatKey, keyIn, readKey } from "@/lib/licence/product-key";

type Typed = { kind: "productKey"; key: string } | { kind: "partnerCode"; code: string };

/** Reads a typed key or partner code as the web does. A correction is only suggested. */
export function readTyped(text: string): Typed | Refused<"keyMalformed"> {
  const reading = readKey(text);
  if (reading.kind === "partnerCode") return reading;
  const key = keyIn(reading);
  if (key) return { kind: "productKey", key };
  return refuse("keyMalformed", { suggestion: reading.kind === "suggestion" ? formatKey(reading.key) : null });
}
