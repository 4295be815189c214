import { getLocale, getTranslations } from "next-intl/server";
import { Notice } from "@/components/notice";
import { PageHeading } from "@/components/page-heading";
import { PageTitle } from "@/components/page-title";
import { SummaryList, type SummaryRow } from "@/components/summary-list";
import { brand } from "@/lib/brand";
import { getOverview } from "@/lib/account/profile/get-overview";
import { available, requireSession } from "@/app/gate";
import { zonePlace } from "@/lib/messages/zone-place";
import { EmailStatus } from "./email-status";
import { LanguageLinks } from "./language-links";
import { currentTime } from "@/lib/clock";

const here = "/home/account";

type AccountPageProps = { searchParams: Promise<{ saved?: string; kept?: string }> };

export default async function AccountPage({ searchParams }: AccountPageProps) {
  const { account } = await requireSession(here);
  const [t, locale, overview, { saved, kept }] = await Promise.all([
    getTranslations("account"),
    getLocale(),
    available(here, getOverview({ accountId: account.id }, { now: currentTime() })),
    searchParams,
  ]);
  const lead = (page: string, what: string, label = t("change")) => ({ href: `${here}/${page}`, label, what });
  const country = new Intl.DisplayNames(locale, { type: "region" }).of(account.country);
  const sections: { title: string; rows: SummaryRow[] }[] = [
    {
      title: t("sections.details"),
      rows: [
        { name: t("rows.name"), value: account.name, action: lead("name", t("what.name")) },
        {
          name: t("rows.email"),
          value: <EmailStatus account={account} wished={overview.wishedEmail} />,
          action: lead("email", t("what.email")),
        },
        { name: t("rows.country"), value: country, action: lead("country", t("what.country")) },
        { name: t("rows.language"), value: <LanguageLinks /> },
        {
          name: t("rows.timeZone"),
          value: zonePlace(account.timeZone, locale),
          action: lead("time-zone", t("what.timeZone")),
        },
        {
          name: t("rows.reminders"),
          value: t(overview.reminders ? "reminders.on" : "reminders.off"),
          action: lead("reminders", t("what.reminders")),
        },
      ],
    },
    {
      title: t("sections.signIn"),
      rows: [
        { name: t("rows.password"), note: t("password"), action: lead("password", t("what.password")) },
        {
          name: t("rows.passkeys"),
          ...(overview.passkeys > 0
            ? { value: t("passkeys", { count: overview.passkeys }) }
            : { note: t("noPasskeys") }),
          action: lead("passkeys", t("what.passkeys"), t("see")),
        },
        {
          name: t("rows.sessions"),
          value: t("sessions", { browsers: overview.sessions, apps: overview.apps }),
          action: lead("sessions", t("what.sessions"), t("see")),
        },
      ],
    },
    {
      title: t("sections.data"),
      rows: [
        ...(overview.cases > 0
          ? [
              {
                name: t("rows.cases"),
                value: t("cases", { count: overview.cases }),
                action: lead("cases", t("what.cases"), t("see")),
              },
            ]
          : []),
        {
          name: t("rows.activity"),
          note: t("activity"),
          action: lead("activity", t("what.activity"), t("see")),
        },
        { name: t("rows.export"), note: t("export"), action: lead("export", t("what.export"), t("download")) },
        { name: t("rows.delete"), note: t("delete"), action: lead("delete", t("what.delete"), t("deleteAction")) },
      ],
    },
  ];
  return (
    <div>
      <PageTitle title={t("title")} site={brand.site} />
      <PageHeading title={t("title")} lead={t("lead")} />
      {(saved || kept === "email") && (
        <div className="-mt-2 mb-10">
          <Notice tone="done">{t(saved ? "saved" : "emailKept")}</Notice>
        </div>
      )}
      {sections.map(({ title, rows }) => (
        <section key={title} className="mb-12">
          <h2 className="mb-3 text-h2 tracking-tight">{title}</h2>
          <SummaryList rows={rows} />
        </section>
      ))}
    </div>
  );
}
