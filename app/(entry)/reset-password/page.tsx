import { getTranslations } from "next-intl/server";
import { ButtonLink } from "@/components/button";
import { PageColumns } from "@/components/page-columns";
import { PageHeading } from "@/components/page-heading";
import { PageTitle } from "@/components/page-title";
import { brand } from "@/lib/brand";
import { findResetLink } from "@/lib/account/password/reset-password";
import { available } from "@/app/gate";
import { NewPasswordForm } from "@/app/new-password-form";
import { formWords } from "@/lib/messages/form-words";
import { Purpose } from "../purpose";
import { submitNewPassword } from "./actions";
import { readLinkToken } from "../link-token";
import { currentTime } from "@/lib/clock";

type ResetPasswordPageProps = { searchParams: Promise<{ token?: string | string[] }> };

/** Opened by an emailed link. Opening it does not use the link, because email scanners open links too. */
export default async function ResetPasswordPage({ searchParams }: ResetPasswordPageProps) {
  const token = readLinkToken((await searchParams).token);
  const here = `/reset-password?token=${encodeURIComponent(token)}`;
  const found = await available(here, findResetLink(token, { now: currentTime() }));
  const t = await getTranslations("resetPassword");
  if (found.status !== "open") {
    return (
      <div className="max-w-measure">
        <PageTitle title={t("over.title")} site={brand.site} />
        <PageHeading title={t("over.title")} lead={t(`over.${found.status}`)} />
        <p className="mb-8">{t("over.unchanged")}</p>
        <div className="flex flex-wrap gap-3">
          <ButtonLink href="/forgot-password">{t("over.again")}</ButtonLink>
          <ButtonLink href="/sign-in" variant="quiet">
            {t("over.signIn")}
          </ButtonLink>
        </div>
      </div>
    );
  }
  const words = {
    ...(await formWords("password", "tooManyAttempts")),
    title: t("title"),
    password: t("password"),
    submit: t("submit"),
  };
  return (
    <PageColumns aside={<Purpose />}>
      <div className="max-w-form">
        <NewPasswordForm action={submitNewPassword} hidden={{ token }} email={found.email} words={words}>
          <PageHeading
            title={t("title")}
            lead={<span className="wrap-anywhere">{t("lead", { email: found.email })}</span>}
          />
          <p className="mb-8">{t("ends")}</p>
        </NewPasswordForm>
      </div>
    </PageColumns>
  );
}
