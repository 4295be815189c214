import { getTranslations } from "next-intl/server";
import { AccountDrawing, CardDrawing, MailDrawing } from "@/components/drawings";

const places = [
  { name: "card", Drawing: CardDrawing },
  { name: "mail", Drawing: MailDrawing },
  { name: "account", Drawing: AccountDrawing },
] as const;

/** Shown beside the field: the three likeliest places of a key, and a link to all of them. */
export async function WhereIsMyKey() {
  const t = await getTranslations("key.where");
  return (
    <>
      <h2 className="font-bold">{t("title")}</h2>
      <ul className="mt-3">
        {places.map(({ name, Drawing }) => (
          <li key={name} className="flex items-center gap-4 border-t border-line py-3 text-soft">
            <Drawing className="w-16" />
            <span>{t.rich(name, { strong: (words) => <strong className="text-ink">{words}</strong> })}</span>
          </li>
        ))}
      </ul>
      <p className="border-t border-line pt-3">
        <a href="/help/find-your-key">{t("more")}</a>
      </p>
    </>
  );
}
