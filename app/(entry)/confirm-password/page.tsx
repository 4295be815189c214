import { getTranslations } from "next-intl/server";
import { BackLink } from "@/components/back-link";
import { PageHeading } from "@/components/page-heading";
import { safeNext } from "@/lib/account/safe-next";
import { requireSession } from "@/lib/account/session";
import { formWords } from "@/lib/messages/form-words";
import { ConfirmPasswordForm } from "./confirm-password-form";

type ConfirmPasswordPageProps = { searchParams: Promise<{ next?: string }> };

export default async function ConfirmPasswordPage({ searchParams }: ConfirmPasswordPageProps) {
  const next = safeNext((await searchParams).next, "/home/subscriptions");
  // My account asks before it shows these pages: back there would lead here again.
  const back = next.startsWith("/home/account/") ? "/home/account" : next;
  const { account } = await requireSession(`/confirm-password?next=${encodeURIComponent(next)}`);
  const t = await getTranslations("confirmPassword");
  const words = {
    ...(await formWords("password", "credentials")),
    title: t("title"),
    password: t("password"),
    submit: t("submit"),
  };
  return (
    <div className="max-w-form">
      <ConfirmPasswordForm next={next} email={account.email} words={words}>
        <PageHeading title={t("title")} lead={t("lead")} above={<BackLink href={back}>{t("back")}</BackLink>} />
        <p className="mb-6">{t("signedInAs", { email: account.email })}</p>
      </ConfirmPasswordForm>
    </div>
  );
}
