import { z } from "zod";
import { plainText, showsSomething } from "@/app/form-fields";

const line = (field: "shop" | "boughtOn", longest: number) =>
  z
    .string()
    .overwrite((text) => plainText(text).replaceAll("\n", " "))
    .trim()
    .refine(showsSomething, { error: `dispute.${field}`, abort: true })
    .max(longest, `dispute.${field}TooLong`);

/** The last five symbols, also of somebody who gives the whole key. */
function lastGroupOf(text: string): string {
  const symbols = text
    .normalize("NFKC")
    .toUpperCase()
    .replaceAll("O", "0")
    .replace(/[^\p{L}\p{Nd}]/gu, "");
  return symbols.length === 25 ? symbols.slice(-5) : symbols;
}

/** The lengths are those of the database's checks. */
export const disputeForm = z.object({
  shop: line("shop", 100),
  boughtOn: line("boughtOn", 40),
  lastGroup: z
    .string()
    .overwrite(lastGroupOf)
    .regex(/^[0-9A-Z]{5}$/, "dispute.lastGroup"),
  receipt: z.string().overwrite(plainText).trim().max(2000, "dispute.receiptTooLong"),
});

export type DisputeField = keyof z.infer<typeof disputeForm>;

export const disputeFields = Object.keys(disputeForm.shape) as DisputeField[];
