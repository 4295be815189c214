import { redirect } from "next/navigation";
import { getLocale, getTranslations } from "next-intl/server";
import { z } from "zod";
import { ButtonLink } from "@/components/button";
import { EmailAddress } from "@/components/email-address";
import { Facts } from "@/components/facts";
import { KeyMask } from "@/components/key-mask";
import { Notice } from "@/components/notice";
import { PageHeading } from "@/components/page-heading";
import { PageTitle } from "@/components/page-title";
import { Steps } from "@/components/steps";
import { brand, products } from "@/lib/brand";
import { available, requireSession } from "@/app/gate";
import { daysLeft } from "@/lib/licence/coverage";
import { findRedemption } from "@/lib/licence/subscriptions";
import { formatDay, formatMoment, lastMomentOf } from "@/lib/messages/dates";
import { termInWords } from "@/lib/messages/term";
import { UnconfirmedAddress } from "@/app/home/unconfirmed-address";

/**
 * A path without a page, which answers a complete 404 page. Calling notFound() inside a page needs JavaScript to show
 * it.
 */
const nowhere = "/home/setup/done";

type DonePageProps = { params: Promise<{ id: string }>; searchParams: Promise<{ again?: string }> };

export default async function DonePage({ params, searchParams }: DonePageProps) {
  const [{ id }, { again }] = await Promise.all([params, searchParams]);
  const here = `/home/setup/done/${encodeURIComponent(id)}`;
  const { account } = await requireSession(here);
  const now = new Date();
  if (!z.uuid().safeParse(id).success) redirect(nowhere);
  const found = await available(here, findRedemption({ grantId: id, accountId: account.id }, { now }));
  if (!found) redirect(nowhere);

  const { grant, subscription } = found;
  const [t, common, locale] = await Promise.all([getTranslations("done"), getTranslations("common"), getLocale()]);
  const { timeZone } = account;
  const day = (endExclusive: Date) => formatDay(lastMomentOf(endExclusive, timeZone), locale, timeZone);
  const ends = { product: products[subscription.product].name, date: day(subscription.endsAt) };
  const { part, source } = grant;
  const standing = source.withdrawnAt ? "withdrawn" : subscription.state;
  const title = standing === "active" ? t("title") : t(`${standing}.title`);
  return (
    <div className="max-w-measure">
      <PageTitle title={title} site={brand.site} />
      <PageHeading
        title={title}
        lead={standing === "active" ? t("lead", ends) : t(`${standing}.lead`, ends)}
        above={standing === "active" && <Steps current="device" />}
        done={standing === "active"}
      />
      {again && standing === "active" && (
        <div className="mb-8">
          <Notice tone="info">{t("again")}</Notice>
        </div>
      )}
      <Facts
        facts={[
          { name: t("gave"), value: await termInWords(grant.term) },
          ...(part && grant.extends ? [{ name: t("before"), value: day(part.startsAt) }] : []),
          ...(part
            ? [{ name: t("until"), value: formatMoment(lastMomentOf(part.endsAt, timeZone), locale, timeZone) }]
            : []),
          ...(standing === "active"
            ? [
                {
                  name: t("daysLeft"),
                  value: common("days", { count: daysLeft(subscription.endsAt, now, timeZone) }),
                },
              ]
            : []),
          { name: t("devices"), value: common("devices", { count: subscription.seats }) },
          { name: t("account"), value: <EmailAddress>{account.email}</EmailAddress> },
          { name: t("key"), value: <KeyMask hint={source.hint} /> },
        ]}
      />
      {standing === "active" && (
        <>
          <h2 className="mt-10 text-h2 tracking-tight">{t("nextTitle")}</h2>
          <p className="mt-2">{t("nextText", { app: brand.app, email: account.email })}</p>
        </>
      )}
      <div className="mt-6 flex flex-wrap gap-3">
        {standing === "active" && <ButtonLink href="/home/setup/device">{t("setUp")}</ButtonLink>}
        <ButtonLink variant="quiet" href="/home/subscriptions">
          {t("subscriptions")}
        </ButtonLink>
      </div>
      {standing === "active" && <p className="mt-6 mb-8 text-small text-soft">{t("keptKey")}</p>}
      <UnconfirmedAddress account={account} />
    </div>
  );
}
