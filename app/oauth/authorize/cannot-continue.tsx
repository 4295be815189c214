import { getTranslations } from "next-intl/server";
import { ButtonLink } from "@/components/button";
import { PageHeading } from "@/components/page-heading";
import { PageTitle } from "@/components/page-title";
import { brand } from "@/lib/brand";

type CannotContinueProps = { why: "unknownApp" | "unknownAddress" | "over"; app?: string };

/** Says why a sign-in from an app cannot go on, where the app itself cannot be told. */
export async function CannotContinue({ why, app = "" }: CannotContinueProps) {
  const t = await getTranslations("authorize.cannot");
  return (
    <div className="max-w-measure">
      <PageTitle title={t(`${why}.title`, { app })} site={brand.site} />
      <PageHeading title={t(`${why}.title`, { app })} lead={t(`${why}.text`, { app })} mark="refused" />
      <ButtonLink href="/home/setup" variant="quiet">
        {t("home")}
      </ButtonLink>
    </div>
  );
}
