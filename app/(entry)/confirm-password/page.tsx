import { getTranslations } from "next-intl/server";
import { BackLink } from "@/components/back-link";
import { PageHeading } from "@/components/page-heading";
import { PasskeyButton } from "@/components/passkey-button";
import { listPasskeys } from "@/lib/account/passkeys/list-passkeys";
import { available, requireSession } from "@/lib/account/session";
import { formWords } from "@/lib/messages/form-words";
import { ConfirmPasswordForm } from "./confirm-password-form";
import { beginPasskeyConfirmation, finishPasskeyConfirmation } from "./passkey-actions";
import { readWay } from "./way";

type ConfirmPasswordPageProps = { searchParams: Promise<{ next?: string }> };

export default async function ConfirmPasswordPage({ searchParams }: ConfirmPasswordPageProps) {
  const { next, here, back } = readWay((await searchParams).next);
  const { account } = await requireSession(here);
  const [t, passkeys] = await Promise.all([
    getTranslations("confirmPassword"),
    available(here, listPasskeys(account.id)),
  ]);
  const words = {
    ...(await formWords("password", "credentials")),
    title: t("title"),
    password: t("password"),
    submit: t("submit"),
  };
  const { locale, pending, errors } = await formWords("passkey", "tooManyAttempts");
  return (
    <div className="max-w-form">
      <ConfirmPasswordForm next={next} email={account.email} words={words}>
        <PageHeading title={t("title")} lead={t("lead")} above={<BackLink href={back}>{t("back")}</BackLink>} />
        <p className="mb-6">{t("signedInAs", { email: account.email })}</p>
      </ConfirmPasswordForm>
      {passkeys.length > 0 && (
        <div className="mt-4">
          <PasskeyButton
            kind="prove"
            begin={beginPasskeyConfirmation}
            finish={finishPasskeyConfirmation}
            fields={{ next }}
            variant="quiet"
            words={{ locale, pending, errors, label: t("passkey") }}
          />
        </div>
      )}
    </div>
  );
}
