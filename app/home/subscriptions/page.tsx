import { getLocale, getTranslations } from "next-intl/server";
import { ButtonLink } from "@/components/button";
import { Notice } from "@/components/notice";
import { PageHeading } from "@/components/page-heading";
import { PageTitle } from "@/components/page-title";
import { brand } from "@/lib/brand";
import { available, requireSession } from "@/app/gate";
import { listSubscriptions } from "@/lib/licence/subscriptions";
import { UnconfirmedAddress } from "../unconfirmed-address";
import { NoSubscription } from "./no-subscription";
import { Subscription } from "./subscription";
import { currentTime } from "@/lib/clock";

type SubscriptionsPageProps = { searchParams: Promise<{ show?: string; kept?: string }> };

export default async function SubscriptionsPage({ searchParams }: SubscriptionsPageProps) {
  const { show, kept } = await searchParams;
  const here = "/home/subscriptions";
  const { account } = await requireSession(here);
  const now = currentTime();
  const subscriptions = await available(here, listSubscriptions({ accountId: account.id }, { now }));
  const [t, locale] = await Promise.all([getTranslations("subscriptions"), getLocale()]);
  return (
    <>
      <PageTitle title={t("title")} site={brand.site} />
      <PageHeading title={t("title")} lead={subscriptions.length > 0 && t("lead")} />
      {kept && (
        <div className="mb-8">
          <Notice tone="info">{t("keyKept")}</Notice>
        </div>
      )}
      <UnconfirmedAddress account={account} />
      {subscriptions.length === 0 ? (
        <NoSubscription email={account.email} />
      ) : (
        <>
          <div className="grid gap-8">
            {subscriptions.map((subscription) => (
              <Subscription
                key={subscription.id}
                subscription={subscription}
                wanted={show}
                now={now}
                timeZone={account.timeZone}
                locale={locale}
              />
            ))}
          </div>
          <div className="mt-10 flex flex-wrap gap-3">
            <ButtonLink href="/home/setup/key">{t("addKey")}</ButtonLink>
            <ButtonLink variant="quiet" href="/home/setup/device">
              {t("setUp")}
            </ButtonLink>
          </div>
        </>
      )}
    </>
  );
}
