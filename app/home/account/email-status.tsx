import { getTranslations } from "next-intl/server";
import { EmailAddress } from "@/components/email-address";

type EmailStatusProps = {
  account: { email: string; emailVerifiedAt: Date | null };
  /** The address that will replace the account's once it is confirmed. */
  wished: string | null;
};

/** The account's email address, whether it is confirmed, and the address that waits to replace it. */
export async function EmailStatus({ account, wished }: EmailStatusProps) {
  const t = await getTranslations("account");
  return (
    <>
      <EmailAddress>{account.email}</EmailAddress>
      <p className="text-small font-normal text-soft">
        {account.emailVerifiedAt ? (
          t("confirmed")
        ) : (
          <>
            {t("notConfirmed")} · <a href="/verify-email">{t("confirmIt")}</a>
          </>
        )}
      </p>
      {wished && (
        <p className="mt-1 text-small font-normal">
          {t("wished", { email: wished })} <a href="/home/account/email">{t("wishedMore")}</a>
        </p>
      )}
    </>
  );
}
