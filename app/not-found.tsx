import { getTranslations } from "next-intl/server";
import { ButtonLink } from "@/components/button";
import { PageHeading } from "@/components/page-heading";
import { PageTitle } from "@/components/page-title";
import { brand } from "@/lib/brand";

export default async function NotFound() {
  const t = await getTranslations("notFound");
  return (
    <>
      <PageTitle title={t("title")} site={brand.site} />
      <PageHeading title={t("title")} lead={t("lead")} />
      <div className="flex flex-wrap gap-3">
        <ButtonLink href="/home/setup">{t("setup")}</ButtonLink>
        <ButtonLink href="/help/find-your-key" variant="quiet">
          {t("findKey")}
        </ButtonLink>
      </div>
    </>
  );
}
