import { getTranslations } from "next-intl/server";
import { ButtonLink } from "@/components/button";
import { available } from "@/app/gate";
import type { Caller } from "@/lib/account/session/caller";
import { getHoldings } from "@/lib/licence/subscriptions";

type MissingProps = { here: string; account: Caller["account"]; now: Date };

/** What a device needs before it can be protected: a subscription that runs. */
export async function Missing({ here, account, now }: MissingProps) {
  const asked = { accountId: account.id, timeZone: account.timeZone };
  const [t, { subscriptions, kept }] = await Promise.all([
    getTranslations("device"),
    available(here, getHoldings(asked, { now })),
  ]);
  const why = kept.length > 0 ? "onlyKept" : subscriptions.length > 0 ? "notRunning" : "noSubscription";
  return (
    <div className="max-w-measure border-s-4 border-amber ps-5">
      <p className="font-bold">{t(`${why}.title`)}</p>
      <p>{t(`${why}.text`, { email: account.email })}</p>
      <div className="mt-4 flex flex-wrap gap-3">
        {why === "noSubscription" ? (
          <ButtonLink href="/home/setup/key">{t("noSubscription.action")}</ButtonLink>
        ) : (
          <>
            <ButtonLink href="/home/subscriptions">{t("toSubscriptions")}</ButtonLink>
            <ButtonLink variant="quiet" href="/home/setup/key">
              {t("noSubscription.action")}
            </ButtonLink>
          </>
        )}
      </div>
    </div>
  );
}
