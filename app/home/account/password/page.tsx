import { getTranslations } from "next-intl/server";
import { ButtonLink } from "@/components/button";
import { PageHeading } from "@/components/page-heading";
import { PageTitle } from "@/components/page-title";
import { brand } from "@/lib/brand";
import { requireFresh, requireSession } from "@/app/gate";
import { NewPasswordForm } from "@/app/new-password-form";
import { formWords } from "@/lib/messages/form-words";
import { AccountColumns } from "../account-columns";
import { AccountHeading } from "../account-heading";
import { savePassword } from "./actions";

const here = "/home/account/password";

type PasswordPageProps = { searchParams: Promise<{ again?: string; changed?: string }> };

export default async function PasswordPage({ searchParams }: PasswordPageProps) {
  const { again, changed } = await searchParams;
  const t = await getTranslations("changePassword");
  if (changed) {
    await requireSession(here);
    return (
      <AccountColumns current="password">
        <div className="max-w-measure">
          <PageTitle title={t("changed.title")} site={brand.site} />
          <PageHeading title={t("changed.title")} lead={t("changed.lead")} mark="done" />
          <ButtonLink href="/home/account">{t("changed.on")}</ButtonLink>
        </div>
      </AccountColumns>
    );
  }
  const { account } = await requireFresh(here);
  const words = {
    ...(await formWords("password", "tooManyAttempts")),
    title: t("title"),
    password: t("password"),
    submit: t("submit"),
  };
  return (
    <AccountColumns current="password">
      <div className="max-w-form">
        <NewPasswordForm
          key={account.id}
          action={savePassword}
          hidden={{ account: account.id }}
          email={account.email}
          words={words}
        >
          <AccountHeading title={t("title")} lead={t("lead")} email={account.email} again={again} />
        </NewPasswordForm>
      </div>
    </AccountColumns>
  );
}
