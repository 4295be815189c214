import type { ReactNode } from "react";
import { getTranslations } from "next-intl/server";
import { AccountDrawing, CardDrawing, MailDrawing } from "@/components/drawings";
import { Places } from "@/components/places";

const strong = (words: ReactNode) => <strong className="text-ink">{words}</strong>;

/** The three likeliest places of a key, and a link to all of them. */
export async function WhereIsMyKey() {
  const t = await getTranslations("key.where");
  const places = [
    { name: "card", Drawing: CardDrawing },
    { name: "mail", Drawing: MailDrawing },
    { name: "account", Drawing: AccountDrawing },
  ] as const;
  return (
    <Places title={t("title")} places={places.map((place) => ({ ...place, text: t.rich(place.name, { strong }) }))}>
      <a href="/help/find-your-key">{t("more")}</a>
    </Places>
  );
}
