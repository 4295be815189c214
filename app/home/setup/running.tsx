import { getLocale, getTranslations } from "next-intl/server";
import { products } from "@/lib/brand";
import { daysLeft } from "@/lib/licence/coverage";
import type { SubscriptionView } from "@/lib/licence/subscriptions";
import { formatEnd } from "@/lib/messages/dates";
import { currentTime } from "@/lib/clock";

/** What protects the person now, and until when. */
export async function Running({ subscription, timeZone }: { subscription: SubscriptionView; timeZone: string }) {
  const [t, done, locale] = await Promise.all([getTranslations("setup"), getTranslations("done"), getLocale()]);
  const { product, endsAt, lease } = subscription;
  return (
    <div className="mb-8 border-s-4 border-green ps-5">
      <p className="text-h2 font-bold tracking-tight">{products[product].name}</p>
      <p>
        {lease ? (
          t("providedBy", { partner: lease.partner })
        ) : (
          <>
            {t("until", { date: formatEnd(endsAt, locale, timeZone) })}{" "}
            <span className="text-soft">{done("daysLeft", { count: daysLeft(endsAt, currentTime(), timeZone) })}</span>
          </>
        )}
      </p>
    </div>
  );
}
