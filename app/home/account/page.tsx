import { getLocale, getTranslations } from "next-intl/server";
import { EmailAddress } from "@/components/email-address";
import { Notice } from "@/components/notice";
import { PageHeading } from "@/components/page-heading";
import { PageTitle } from "@/components/page-title";
import { SubmitButton } from "@/components/submit-button";
import { SummaryList } from "@/components/summary-list";
import { brand } from "@/lib/brand";
import { requireSession } from "@/lib/account/session";
import { signOut } from "./actions";
import { LanguageLinks } from "./language-links";

type AccountPageProps = { searchParams: Promise<{ saved?: string }> };

export default async function AccountPage({ searchParams }: AccountPageProps) {
  const { account } = await requireSession("/home/account");
  const [t, common, locale, { saved }] = await Promise.all([
    getTranslations("account"),
    getTranslations("common"),
    getLocale(),
    searchParams,
  ]);
  const change = (page: "name") => ({ href: `/home/account/${page}`, label: t("change"), what: t(`what.${page}`) });
  return (
    <div className="max-w-card">
      <PageTitle title={t("title")} site={brand.site} />
      <PageHeading title={t("title")} lead={t("lead")} />
      {saved && (
        <div className="-mt-2 mb-10">
          <Notice tone="done">{t("saved")}</Notice>
        </div>
      )}
      <section>
        <h2 className="mb-3 text-h2 tracking-tight">{t("sections.details")}</h2>
        <SummaryList
          rows={[
            { name: t("rows.name"), value: account.name, action: change("name") },
            {
              name: t("rows.email"),
              value: (
                <>
                  <EmailAddress>{account.email}</EmailAddress>
                  <p className="text-small font-normal text-soft">
                    {t(account.emailVerifiedAt ? "confirmed" : "notConfirmed")}
                  </p>
                </>
              ),
            },
            {
              name: t("rows.country"),
              value: new Intl.DisplayNames(locale, { type: "region" }).of(account.country),
            },
            { name: t("rows.language"), value: <LanguageLinks /> },
          ]}
        />
      </section>
      <form action={signOut} className="mt-12">
        <p className="mb-4 text-soft">{t("signOutText")}</p>
        <SubmitButton variant="quiet" pending={common("pending")}>
          {t("signOut")}
        </SubmitButton>
      </form>
    </div>
  );
}
