import { getTranslations } from "next-intl/server";
import { AccountDrawing } from "@/components/drawings";
import { brand } from "@/lib/brand";

/** What an account is for, beside the form that opens or creates it. */
export async function Purpose() {
  const t = await getTranslations("signIn.purpose");
  return (
    <>
      <AccountDrawing className="mb-5 w-32" />
      <h2 className="mb-4 text-h3">{t("title")}</h2>
      <ul>
        {[t("holds"), t("app", { app: brand.app }), t("shows")].map((point) => (
          <li key={point} className="border-t border-line py-3">
            {point}
          </li>
        ))}
      </ul>
    </>
  );
}
