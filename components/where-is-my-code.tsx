import { getTranslations } from "next-intl/server";
import { AccountDrawing, MailDrawing } from "@/components/drawings";

const places = [
  { name: "account", Drawing: AccountDrawing },
  { name: "mail", Drawing: MailDrawing },
] as const;

/** Shown beside the field: where a provider gives its code. */
export async function WhereIsMyCode() {
  const t = await getTranslations("partnerCode.where");
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
      <p className="border-t border-line pt-3 text-soft">
        {t.rich("pin", { strong: (words) => <strong className="text-ink">{words}</strong> })}
      </p>
    </>
  );
}
