import { getTranslations } from "next-intl/server";
import { products } from "@/lib/brand";
import type { PlannedKey } from "@/lib/licence/plan-keys";
import { keyHint } from "@/lib/licence/product-key";
import { termInWords } from "@/lib/messages/term";

/** A key's product and what it gives, as far as the person may know them. */
export async function describeKey(one: PlannedKey): Promise<{ product: string; what: string }> {
  const [t, review, common] = await Promise.all([
    getTranslations("several"),
    getTranslations("review"),
    getTranslations("common"),
  ]);
  const ending = t("ending", { hint: keyHint(one.key) });
  if (one.status !== "ready") return { product: t("key"), what: ending };
  const gives = review("gives", {
    length: await termInWords(one.term),
    devices: common("devices", { count: one.seats }),
  });
  return { product: products[one.product].name, what: `${gives} · ${ending}` };
}
