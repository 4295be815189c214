import type { ReactNode } from "react";
import { getTranslations } from "next-intl/server";
import { ButtonLink } from "@/components/button";
import { PageHeading } from "@/components/page-heading";
import { PageTitle } from "@/components/page-title";
import { brand } from "@/lib/brand";

/** Both accounts are told of a move by email, so both addresses must be confirmed. */
export async function Unconfirmed({ email, above }: { email: string; above: ReactNode }) {
  const t = await getTranslations("move.unconfirmed");
  return (
    <>
      <PageTitle title={t("title")} site={brand.site} />
      <PageHeading title={t("title")} lead={t("text", { email })} above={above} />
      <ButtonLink href="/verify-email">{t("link")}</ButtonLink>
    </>
  );
}
