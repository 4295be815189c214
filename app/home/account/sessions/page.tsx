import { getLocale, getTranslations } from "next-intl/server";
import { AccountField } from "@/components/account-field";
import { Notice } from "@/components/notice";
import { PageTitle } from "@/components/page-title";
import { SubmitButton } from "@/components/submit-button";
import { brand } from "@/lib/brand";
import { listAppSessions } from "@/lib/account/oauth/app-sessions";
import { listSessions } from "@/lib/account/session/list-sessions";
import { available, requireSession } from "@/app/gate";
import { AccountColumns } from "../account-columns";
import { AccountHeading } from "../account-heading";
import { endOthers } from "./actions";
import { AppRow } from "./app-row";
import { SessionRow } from "./session-row";
import { currentTime } from "@/lib/clock";

const here = "/home/account/sessions";

type SessionsPageProps = { searchParams: Promise<{ again?: string; ended?: string }> };

export default async function SessionsPage({ searchParams }: SessionsPageProps) {
  const {
    account,
    credential: { sessionId: current },
  } = await requireSession(here);
  const now = currentTime();
  const [t, common, locale, sessions, apps, { again, ended }] = await Promise.all([
    getTranslations("sessions"),
    getTranslations("common"),
    getLocale(),
    available(here, listSessions({ accountId: account.id })),
    available(here, listAppSessions({ accountId: account.id }, { now })),
    searchParams,
  ]);
  const others = sessions.filter(({ id }) => id !== current);
  return (
    <AccountColumns current="sessions">
      <div>
        <PageTitle title={t("title")} site={brand.site} />
        <AccountHeading title={t("title")} lead={t("lead")} email={account.email} again={again} />
        {(ended === "one" || ended === "app" || ended === "others") && (
          <div className="-mt-2 mb-8">
            <Notice tone="done">{t(`ended.${ended}`)}</Notice>
          </div>
        )}
        <ul className="border-b border-line">
          {[...sessions.filter(({ id }) => id === current), ...others].map((session) => (
            <SessionRow
              key={session.id}
              session={session}
              isThis={session.id === current}
              account={account}
              now={now}
              locale={locale}
            />
          ))}
          {apps.map((app) => (
            <AppRow key={app.id} app={app} account={account} now={now} locale={locale} />
          ))}
        </ul>
        {others.length + apps.length === 0 ? (
          <p className="mt-6 max-w-measure text-soft">{t("onlyThis")}</p>
        ) : (
          <form action={endOthers} className="mt-10">
            <AccountField id={account.id} />
            <p className="mb-4 max-w-measure text-soft">{t("othersText")}</p>
            <SubmitButton variant="quiet" pending={common("pending")}>
              {t("endOthers")}
            </SubmitButton>
          </form>
        )}
      </div>
    </AccountColumns>
  );
}
