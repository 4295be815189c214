import { getTranslations } from "next-intl/server";
import { ButtonLink } from "@/components/button";
import { EmailAddress } from "@/components/email-address";
import { Facts } from "@/components/facts";
import { Notice } from "@/components/notice";
import { PageColumns } from "@/components/page-columns";
import { PageHeading } from "@/components/page-heading";
import { PageTitle } from "@/components/page-title";
import { Steps } from "@/components/steps";
import { UnconfirmedAddress } from "@/app/home/unconfirmed-address";
import type { Caller } from "@/lib/account/session/caller";
import { brand, products } from "@/lib/brand";
import type { LeaseSource } from "@/lib/licence/sources/lease";
import type { SubscriptionView } from "@/lib/licence/subscriptions";

type LeaseDoneProps = {
  lease: LeaseSource;
  subscription: SubscriptionView;
  account: Caller["account"];
  /** The code was redeemed before. */
  again: boolean;
};

/** The done page of a partner code. */
export async function LeaseDone({ lease, subscription, account, again }: LeaseDoneProps) {
  const [t, common] = await Promise.all([getTranslations("done"), getTranslations("common")]);
  const { state } = subscription;
  const names = { product: products[subscription.product].name, partner: lease.partner };
  const active = state === "active";
  const title = active ? t("title") : t(`lease.${state}.title`);
  return (
    <>
      <PageTitle title={title} site={brand.site} />
      <PageHeading
        title={title}
        lead={active ? t("lease.lead", names) : t(`lease.${state}.lead`, names)}
        above={active && <Steps current="device" of="code" />}
        mark={active ? "done" : undefined}
      />
      <PageColumns
        aside={
          <>
            <h2 className="mb-4 text-h3">{t("receipt")}</h2>
            <Facts
              facts={[
                { name: t("lease.provider"), value: lease.partner },
                ...(active ? [{ name: t("lease.ends"), value: t("lease.endsWithProvider", names) }] : []),
                { name: t("devices"), value: common("devices", { count: subscription.seats }) },
                { name: t("account"), value: <EmailAddress>{account.email}</EmailAddress> },
              ]}
            />
          </>
        }
      >
        {again && active && (
          <div className="mb-8">
            <Notice tone="info">{t("lease.again")}</Notice>
          </div>
        )}
        {active && (
          <>
            <h2 className="text-h2 tracking-tight">{t("nextTitle")}</h2>
            <p className="mt-2">{t("nextText", { app: brand.app, email: account.email })}</p>
          </>
        )}
        <div className="mt-6 mb-8 flex flex-wrap gap-3">
          {active && <ButtonLink href="/home/setup/device">{t("setUp")}</ButtonLink>}
          <ButtonLink variant="quiet" href="/home/subscriptions">
            {t("subscriptions")}
          </ButtonLink>
        </div>
        <UnconfirmedAddress account={account} />
      </PageColumns>
    </>
  );
}
