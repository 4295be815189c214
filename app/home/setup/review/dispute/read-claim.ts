import "server-only";
import { maskKeys } from "@/lib/licence/mask-keys";
import { disputeFields, type DisputeField } from "./schema";

/**
 * Reads what a dispute's form was sent with, masked at once: it goes back to the browser, and into a cookie while somebody
 * signs in. What is longer than the form allows comes back only in part: masking takes time, and nobody has to be signed in to
 * ask for it.
 */
export const readClaim = (form: FormData): Record<DisputeField, string> =>
  Object.fromEntries(
    disputeFields.map((name) => [name, maskKeys(String(form.get(name) ?? "").slice(0, longestRead[name]))]),
  ) as Record<DisputeField, string>;

/** Characters. A last group may be given with the whole key, in any spelling. */
const longestRead: Record<DisputeField, number> = { shop: 200, boughtOn: 200, lastGroup: 200, receipt: 4_000 };
