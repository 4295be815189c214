import { getLocale, getTranslations } from "next-intl/server";
import { PageTitle } from "@/components/page-title";
import { brand } from "@/lib/brand";
import { listActivity, type ActivityEntry } from "@/lib/account/profile/list-activity";
import { available, requireSession } from "@/app/gate";
import { formatDay } from "@/lib/messages/dates";
import { AccountColumns } from "../account-columns";
import { AccountHeading } from "../account-heading";
import { ActivityLine } from "./activity-line";

type ActivityPageProps = { searchParams: Promise<{ before?: string }> };

export default async function ActivityPage({ searchParams }: ActivityPageProps) {
  const before = String((await searchParams).before ?? "");
  const here = before ? `/home/account/activity?before=${encodeURIComponent(before)}` : "/home/account/activity";
  const { account } = await requireSession(here);
  const [t, locale, { entries, next }] = await Promise.all([
    getTranslations("activity"),
    getLocale(),
    available(here, listActivity({ accountId: account.id, before })),
  ]);
  const dayOf = ({ at }: ActivityEntry) => formatDay(at, locale, account.timeZone);
  const days = [...new Set(entries.map(dayOf))];
  return (
    <AccountColumns current="activity">
      <div>
        <PageTitle title={t("title")} site={brand.site} />
        <AccountHeading title={t("title")} lead={t("lead")} email={account.email} again={undefined} />
        {entries.length === 0 && <p className="text-soft">{t("nothing")}</p>}
        {days.map((day) => (
          <section key={day} className="mb-10">
            <h2 className="mb-2 text-h3">{day}</h2>
            <ol className="border-b border-line">
              {entries
                .filter((entry) => dayOf(entry) === day)
                .map((entry) => (
                  <ActivityLine key={entry.id} entry={entry} timeZone={account.timeZone} />
                ))}
            </ol>
          </section>
        ))}
        {(next || before) && (
          <nav aria-label={t("pages")} className="flex flex-wrap gap-x-8">
            {before && (
              <a href="/home/account/activity" className="link inline-flex min-h-target items-center">
                {t("newest")}
              </a>
            )}
            {next && (
              <a href={`/home/account/activity?before=${next}`} className="link inline-flex min-h-target items-center">
                {t("older")}
              </a>
            )}
          </nav>
        )}
      </div>
    </AccountColumns>
  );
}
