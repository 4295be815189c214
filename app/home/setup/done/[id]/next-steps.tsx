import { getTranslations } from "next-intl/server";
import { ButtonLink } from "@/components/button";
import { Notice } from "@/components/notice";
import { UnconfirmedAddress } from "@/app/home/unconfirmed-address";
import type { Caller } from "@/lib/account/session/caller";
import { brand } from "@/lib/brand";

type NextStepsProps = {
  account: Caller["account"];
  /** Whether the subscription runs. Otherwise there is no device to set up. */
  active: boolean;
  /** What a repeated activation says. */
  again: string | false;
};

/** What comes after an activation, on the phone or tablet. */
export async function NextSteps({ account, active, again }: NextStepsProps) {
  const t = await getTranslations("done");
  return (
    <>
      {again && active && (
        <div className="mb-8">
          <Notice tone="info">{again}</Notice>
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
    </>
  );
}
