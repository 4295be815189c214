import { getTranslations } from "next-intl/server";
import { EmailAddress } from "@/components/email-address";
import { Facts } from "@/components/facts";
import { PageColumns } from "@/components/page-columns";
import { PageHeading } from "@/components/page-heading";
import { PageTitle } from "@/components/page-title";
import { Steps } from "@/components/steps";
import type { Caller } from "@/lib/account/session/caller";
import { brand, products } from "@/lib/brand";
import type { LeaseSource } from "@/lib/licence/sources/lease";
import type { SubscriptionView } from "@/lib/licence/subscriptions";
import { NextSteps } from "./next-steps";

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
        <NextSteps account={account} active={active} again={again && t("lease.again")} />
      </PageColumns>
    </>
  );
}
