import { getLocale, getTranslations } from "next-intl/server";
import { ButtonLink } from "@/components/button";
import { Notice } from "@/components/notice";
import { PageTitle } from "@/components/page-title";
import { WherePasskeysWork } from "@/components/where-passkeys-work";
import { brand } from "@/lib/brand";
import { MOST_PASSKEYS } from "@/lib/account/passkeys/add-passkey";
import { listPasskeys } from "@/lib/account/passkeys/list-passkeys";
import { available, requireSession } from "@/app/gate";
import { formatDay } from "@/lib/messages/dates";
import { AccountColumns } from "../account-columns";
import { AccountHeading } from "../account-heading";

const here = "/home/account/passkeys";

/** The kind of notice for each value of `?done=`. */
const done = { renamed: "done", removed: "done", gone: "info" } as const;

type PasskeysPageProps = { searchParams: Promise<{ done?: string; again?: string }> };

export default async function PasskeysPage({ searchParams }: PasskeysPageProps) {
  const { account } = await requireSession(here);
  const [passkeys, t, locale, query] = await Promise.all([
    available(here, listPasskeys(account.id)),
    getTranslations("passkeys"),
    getLocale(),
    searchParams,
  ]);
  const day = (at: Date) => formatDay(at, locale, account.timeZone);
  const said = (Object.keys(done) as (keyof typeof done)[]).find((one) => one === query.done);
  return (
    <AccountColumns current="passkeys">
      <div className="max-w-measure">
        <PageTitle title={t("title")} site={brand.site} />
        <AccountHeading title={t("title")} lead={t("lead")} email={account.email} again={query.again} />
        {said && (
          <div className="mb-8">
            <Notice tone={done[said]}>{t(`done.${said}`)}</Notice>
          </div>
        )}
        {passkeys.length === 0 ? (
          <p className="mb-8">{t("empty")}</p>
        ) : (
          <ul className="mb-8 border-b border-line">
            {passkeys.map(({ id, name, createdAt, lastUsedAt }) => (
              <li
                key={id}
                className="flex flex-wrap items-center justify-between gap-x-8 gap-y-1 border-t border-line py-3.5"
              >
                <div className="min-w-0 grow basis-60">
                  <p className="font-bold wrap-break-word">{name}</p>
                  <p className="text-small text-soft">
                    {t("added", { date: day(createdAt) })}
                    <br />
                    {lastUsedAt ? t("used", { date: day(lastUsedAt) }) : t("notUsed")}
                  </p>
                </div>
                <p className="flex gap-x-6">
                  {[
                    { href: `${here}/${id}`, label: t("rename") },
                    { href: `${here}/${id}/remove`, label: t("remove") },
                  ].map(({ href, label }) => (
                    <a key={href} href={href} className="link inline-flex min-h-target items-center">
                      {label}
                      <span className="sr-only">&nbsp;{name}</span>
                    </a>
                  ))}
                </p>
              </li>
            ))}
          </ul>
        )}
        {passkeys.length < MOST_PASSKEYS ? (
          <WherePasskeysWork words={{ withoutScripts: t("withoutScripts"), unsupported: t("unsupported") }}>
            <ButtonLink href={`${here}/add`}>{t("add")}</ButtonLink>
          </WherePasskeysWork>
        ) : (
          <p>{t("full", { count: MOST_PASSKEYS })}</p>
        )}
      </div>
    </AccountColumns>
  );
}
