import { getLocale, getTranslations } from "next-intl/server";
import { ButtonLink } from "@/components/button";
import { Notice } from "@/components/notice";
import { OtherAccount } from "@/components/other-account";
import { PageHeading } from "@/components/page-heading";
import { PageTitle } from "@/components/page-title";
import { SubscriptionGroup } from "@/components/subscription-group";
import { brand } from "@/lib/brand";
import { available, requireSession } from "@/app/gate";
import { getHoldings, type SubscriptionView } from "@/lib/licence/subscriptions";
import { UnconfirmedAddress } from "../unconfirmed-address";
import { Kept } from "./kept";
import { NoSubscription } from "./no-subscription";
import { Subscription } from "./subscription";
import { currentTime } from "@/lib/clock";

type SubscriptionsPageProps = { searchParams: Promise<{ show?: string; kept?: string; again?: string }> };

export default async function SubscriptionsPage({ searchParams }: SubscriptionsPageProps) {
  const { show, kept: justKept, again } = await searchParams;
  const here = "/home/subscriptions";
  const { account } = await requireSession(here);
  const now = currentTime();
  const asked = { accountId: account.id, timeZone: account.timeZone };
  const { subscriptions, kept } = await available(here, getHoldings(asked, { now }));
  const [t, locale] = await Promise.all([getTranslations("subscriptions"), getLocale()]);
  const group = (wanted: SubscriptionView["state"]) => (
    <SubscriptionGroup state={wanted} title={t(`${wanted}Title`)}>
      {subscriptions
        .filter(({ state }) => state === wanted)
        .map((subscription) => (
          <Subscription
            key={subscription.id}
            subscription={subscription}
            wanted={show}
            now={now}
            timeZone={account.timeZone}
            locale={locale}
          />
        ))}
    </SubscriptionGroup>
  );
  return (
    <>
      <PageTitle title={t("title")} site={brand.site} />
      <PageHeading title={t("title")} lead={subscriptions.length > 0 && t("lead")} />
      {justKept && kept.length > 0 && (
        <div className="mb-8">
          <Notice tone="done">
            {t(justKept === "moved" ? "keyMoved" : justKept === "undone" ? "keyUndone" : "keyKept")}
          </Notice>
        </div>
      )}
      {again === "account" && <OtherAccount email={account.email} />}
      {again === "changed" && (
        <div className="mb-8">
          <Notice tone="warning" title={t("keyChanged.title")}>
            {t("keyChanged.text")}
          </Notice>
        </div>
      )}
      <UnconfirmedAddress account={account} />
      {subscriptions.length === 0 && kept.length === 0 ? (
        <NoSubscription email={account.email} />
      ) : (
        <>
          <div className="grid gap-12">
            {group("active")}
            {group("paused")}
            {kept.length > 0 && <Kept keys={kept} account={account} wanted={show} locale={locale} />}
            {group("ended")}
          </div>
          <div className="mt-10 flex flex-wrap gap-3">
            <ButtonLink href="/home/setup/key">{t("addKey")}</ButtonLink>
            <ButtonLink variant="quiet" href="/home/setup/device">
              {t("setUp")}
            </ButtonLink>
          </div>
          <p className="mt-4 print:hidden">
            <a href="/home/account/reminders" className="link inline-flex min-h-target items-center">
              {t("reminders")}
            </a>
          </p>
        </>
      )}
    </>
  );
}
