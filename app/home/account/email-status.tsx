import { getTranslations } from "next-intl/server";
import { EmailAddress } from "@/components/email-address";

type EmailStatusProps = { account: { email: string; emailVerifiedAt: Date | null } };

/** The account's address, and whether it is known to be the person's. */
export async function EmailStatus({ account }: EmailStatusProps) {
  const t = await getTranslations("account");
  return (
    <>
      <EmailAddress>{account.email}</EmailAddress>
      <p className="text-small font-normal text-soft">
        {account.emailVerifiedAt ? (
          t("confirmed")
        ) : (
          <>
            {t("notConfirmed")} <a href="/verify-email">{t("confirmIt")}</a>
          </>
        )}
      </p>
    </>
  );
}
