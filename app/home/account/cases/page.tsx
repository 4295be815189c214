import type { ReactNode } from "react";
import { getLocale, getTranslations } from "next-intl/server";
import { available, requireSession } from "@/app/gate";
import { Facts } from "@/components/facts";
import { PageTitle } from "@/components/page-title";
import { brand, products } from "@/lib/brand";
import { listDisputes } from "@/lib/licence/disputes/list-disputes";
import { formatDay } from "@/lib/messages/dates";
import { AccountColumns } from "../account-columns";
import { AccountHeading } from "../account-heading";

const here = "/home/account/cases";

export default async function CasesPage() {
  const { account } = await requireSession(here);
  const [cases, t, locale] = await Promise.all([
    available(here, listDisputes({ accountId: account.id })),
    getTranslations("cases"),
    getLocale(),
  ]);
  const day = (at: Date) => formatDay(at, locale, account.timeZone);
  const code = (text: ReactNode) => (
    <code dir="ltr" className="font-mono whitespace-nowrap">
      {text}
    </code>
  );
  return (
    <AccountColumns current="cases">
      <div className="max-w-measure">
        <PageTitle title={t("title")} site={brand.site} />
        <AccountHeading title={t("title")} lead={t("lead")} email={account.email} again={undefined} />
        {cases.length === 0 && <p className="text-soft">{t("empty")}</p>}
        {cases.map(({ id, caseCode, product, lastGroup, shop, openedAt, answer, answeredAt }) => (
          <section key={id} className="mb-12">
            <h2 className="mb-3 text-h3">{t.rich("case", { code: caseCode, strong: code })}</h2>
            {answer && (
              <div className="mb-5">
                <h3 className="mb-1 text-small/7 font-normal text-soft">{t("answer")}</h3>
                <blockquote className="border-s-4 border-green ps-5 wrap-break-word whitespace-pre-line">
                  {answer}
                </blockquote>
              </div>
            )}
            <Facts
              facts={[
                { name: t("state"), value: answeredAt ? t("answered", { date: day(answeredAt) }) : t("open") },
                { name: t("product"), value: products[product].name },
                { name: t("key"), value: code(lastGroup) },
                { name: t("shop"), value: shop },
                { name: t("opened"), value: day(openedAt) },
              ]}
            />
          </section>
        ))}
      </div>
    </AccountColumns>
  );
}
