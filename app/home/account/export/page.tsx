import { getTranslations } from "next-intl/server";
import { ButtonLink } from "@/components/button";
import { PageTitle } from "@/components/page-title";
import { brand } from "@/lib/brand";
import { requireFresh } from "@/app/gate";
import { AccountColumns } from "../account-columns";
import { AccountHeading } from "../account-heading";

export default async function ExportPage() {
  const { account } = await requireFresh("/home/account/export");
  const t = await getTranslations("export");
  return (
    <AccountColumns current="export">
      <div className="max-w-measure">
        <PageTitle title={t("title")} site={brand.site} />
        <AccountHeading title={t("title")} lead={t("lead")} email={account.email} again={undefined} />
        <ul>
          {(["you", "subscriptions", "sessions", "activity", "cases", "mails"] as const).map((part) => (
            <li key={part} className="border-t border-line py-3">
              {t(`holds.${part}`)}
            </li>
          ))}
        </ul>
        <p className="mb-8 border-t border-line pt-4 text-soft">{t("without")}</p>
        <ButtonLink href="/home/account/export/file">{t("download")}</ButtonLink>
        <p className="mt-3 text-small text-soft">{t("format")}</p>
      </div>
    </AccountColumns>
  );
}
