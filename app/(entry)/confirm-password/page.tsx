import { getTranslations } from "next-intl/server";
import { BackLink } from "@/components/back-link";
import { OtherAccount } from "@/components/other-account";
import { PageHeading } from "@/components/page-heading";
import { PasskeyButton } from "@/components/passkey-button";
import { listPasskeys } from "@/lib/account/passkeys/list-passkeys";
import { available, requireSession } from "@/app/gate";
import { formWords } from "@/lib/messages/form-words";
import { ConfirmPasswordForm } from "./confirm-password-form";
import { beginPasskeyConfirmation, finishPasskeyConfirmation } from "./passkey-actions";
import { readWay } from "./way";

type ConfirmPasswordPageProps = { searchParams: Promise<{ next?: string; again?: string }> };

export default async function ConfirmPasswordPage({ searchParams }: ConfirmPasswordPageProps) {
  const { next: wanted, again } = await searchParams;
  const { next, here, back } = readWay(wanted);
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
      <ConfirmPasswordForm key={account.id} account={account.id} next={next} email={account.email} words={words}>
        <PageHeading title={t("title")} lead={t("lead")} above={<BackLink href={back}>{t("back")}</BackLink>} />
        {again === "account" && <OtherAccount email={account.email} />}
        <p className="mb-6">{t("signedInAs", { email: account.email })}</p>
      </ConfirmPasswordForm>
      {passkeys.length > 0 && (
        <div className="mt-4">
          <PasskeyButton
            kind="prove"
            begin={beginPasskeyConfirmation}
            finish={finishPasskeyConfirmation}
            fields={{ next, account: account.id }}
            variant="quiet"
            words={{ locale, pending, errors, label: t("passkey") }}
          />
        </div>
      )}
      <p className="mt-5">
        <a
          href={`/forgot-password?next=${encodeURIComponent(next)}`}
          className="link inline-flex min-h-target items-center"
        >
          {t("forgot")}
        </a>
      </p>
    </div>
  );
}
