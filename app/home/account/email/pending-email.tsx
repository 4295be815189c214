import { getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import { AccountField } from "@/components/account-field";
import { ButtonLink } from "@/components/button";
import { EmailAddress } from "@/components/email-address";
import { Facts } from "@/components/facts";
import { PageTitle } from "@/components/page-title";
import { SubmitButton } from "@/components/submit-button";
import { brand } from "@/lib/brand";
import { cancelChange } from "./actions";

type PendingEmailProps = {
  /** The heading. */
  children: ReactNode;
  account: { id: string; email: string };
  /** The address the email was sent to. */
  wished: string;
};

/** A new address that waits for confirmation, and what to do until then. */
export async function PendingEmail({ account, wished, children }: PendingEmailProps) {
  const [t, common] = await Promise.all([getTranslations("changeEmail"), getTranslations("common")]);
  return (
    <div className="max-w-measure">
      <PageTitle title={t("pending.title")} site={brand.site} />
      {children}
      <div className="mb-8">
        <Facts
          facts={[
            { name: t("pending.sentTo"), value: <EmailAddress>{wished}</EmailAddress> },
            { name: t("now"), value: <EmailAddress>{account.email}</EmailAddress> },
          ]}
        />
      </div>
      <div className="flex flex-wrap gap-3">
        <ButtonLink href="/verify-email">{t("pending.enterCode")}</ButtonLink>
        <ButtonLink href="/home/account/email?other=1" variant="quiet">
          {t("pending.other")}
        </ButtonLink>
        <form action={cancelChange} className="max-sm:w-full">
          <AccountField id={account.id} />
          <SubmitButton variant="quiet" pending={common("pending")}>
            {t("pending.cancel")}
          </SubmitButton>
        </form>
      </div>
    </div>
  );
}
