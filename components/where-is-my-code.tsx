import type { ReactNode } from "react";
import { getTranslations } from "next-intl/server";
import { AccountDrawing, MailDrawing } from "@/components/drawings";
import { Places } from "@/components/places";

const strong = (words: ReactNode) => <strong className="text-ink">{words}</strong>;

/** Where a provider gives its code. */
export async function WhereIsMyCode() {
  const t = await getTranslations("partnerCode.where");
  const places = [
    { name: "account", Drawing: AccountDrawing },
    { name: "mail", Drawing: MailDrawing },
  ] as const;
  return (
    <Places title={t("title")} places={places.map((place) => ({ ...place, text: t.rich(place.name, { strong }) }))}>
      <span className="text-soft">{t.rich("pin", { strong })}</span>
    </Places>
  );
}
