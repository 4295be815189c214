import { getTranslations } from "next-intl/server";
import { ButtonLink } from "@/components/button";
import { EmailAddress } from "@/components/email-address";
import { PageHeading } from "@/components/page-heading";
import { PageTitle } from "@/components/page-title";
import { brand } from "@/lib/brand";

/** The address is confirmed, now or earlier. */
export async function Confirmed({ email, signedIn }: { email: string; signedIn: boolean }) {
  const t = await getTranslations("verifyEmail.confirmed");
  return (
    <div className="max-w-measure">
      <PageTitle title={t("title")} site={brand.site} />
      <PageHeading title={t("title")} lead={<EmailAddress>{email}</EmailAddress>} mark="done" />
      <p className="mb-8">{t("text")}</p>
      {signedIn ? (
        <ButtonLink href="/home/setup">{t("on")}</ButtonLink>
      ) : (
        <ButtonLink href="/sign-in">{t("signIn")}</ButtonLink>
      )}
    </div>
  );
}
