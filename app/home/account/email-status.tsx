import { getTranslations } from "next-intl/server";
import { EmailAddress } from "@/components/email-address";
import type { Confirmation } from "@/lib/account/email/ask-to-confirm";

type EmailStatusProps = { account: { email: string; emailVerifiedAt: Date | null }; waiting: Confirmation | null };

/** The account's address, whether it is known to be the person's, and the one that is to take its place. */
export async function EmailStatus({ account, waiting }: EmailStatusProps) {
  const t = await getTranslations("account");
  const wished = waiting?.purpose === "change-email" ? waiting.email : null;
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
