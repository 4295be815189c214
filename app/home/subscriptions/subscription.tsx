import { getMessages, getTranslations } from "next-intl/server";
import { KeyCard } from "@/components/key-card";
import { SubscriptionCard } from "@/components/subscription-card";
import { products } from "@/lib/brand";
import { daysBetween, daysLeft } from "@/lib/licence/coverage";
import type { GrantView, SubscriptionView } from "@/lib/licence/subscriptions";
import { formatDay, formatMoment, lastMomentOf } from "@/lib/messages/dates";
import type { Locale } from "@/lib/messages/locale";
import { termInWords } from "@/lib/messages/term";
import { showKey } from "./actions";

type SubscriptionProps = { subscription: SubscriptionView; now: Date; timeZone: string; locale: Locale };

/** One subscription, formatted in the person's language and time zone. */
export async function Subscription({ subscription, now, timeZone, locale }: SubscriptionProps) {
  const [t, messages] = await Promise.all([getTranslations("subscriptions"), getMessages()]);
  const { id, product, seats, state, endsAt, grants } = subscription;
  const active = state === "active";
  const end = lastMomentOf(endsAt, timeZone);
  const left = daysLeft(endsAt, now, timeZone);
  const facts = active
    ? [
        { name: t("ends"), value: formatMoment(end, locale, timeZone) },
        { name: t("daysLeft"), value: left > 0 ? t("daysLeftValue", { count: left }) : t("lastDay") },
        { name: t("devices"), value: t("devicesValue", { count: seats }) },
      ]
    : [
        { name: t("endedOn"), value: formatMoment(end, locale, timeZone) },
        { name: t("devices"), value: t("devicesValue", { count: seats }) },
      ];
  const shown = grants.filter(({ undoneAt, source }) => !undoneAt && !source.withdrawnAt);

  return (
    <SubscriptionCard
      id={`subscription-${id}`}
      product={products[product].name}
      state={{ name: t(state), active }}
      facts={facts}
      note={active ? undefined : t("renew")}
      ribbon={active ? ribbonOf(grants, now, timeZone) : undefined}
      keys={shown.map((grant) => (
        <KeyCard
          key={grant.id}
          keyId={grant.id}
          hint={grant.source.hint}
          reveal={showKey}
          words={messages.subscriptions.key}
        />
      ))}
      ledgerTitle={t("ledger.title")}
      ledger={await Promise.all(
        grants.map(async (grant) => ({
          id: grant.id,
          when: formatDay(grant.grantedAt, locale, timeZone),
          what: await lineOf(grant, locale, timeZone),
          end: grant.part
            ? t("ledger.until", { date: formatDay(lastMomentOf(grant.part.endsAt, timeZone), locale, timeZone) })
            : t("ledger.undone"),
        })),
      )}
    />
  );
}

async function lineOf(grant: GrantView, locale: Locale, timeZone: string): Promise<string> {
  const t = await getTranslations("subscriptions.ledger");
  const { source } = grant;
  switch (source.kind) {
    case "key": {
      const words = { hint: source.hint, length: await termInWords(grant.term) };
      if (!source.withdrawnAt) return t(grant.extends ? "keyAdded" : "key", words);
      return t("withdrawn", { ...words, date: formatDay(source.withdrawnAt, locale, timeZone) });
    }
  }
}

/** The days of each grant in order, and how many days have passed. */
function ribbonOf(grants: readonly GrantView[], now: Date, timeZone: string) {
  const covered = grants.flatMap(({ part }) => part ?? []);
  const first = covered[0];
  if (!first) return undefined;
  return {
    parts: covered.map(({ startsAt, endsAt }) => daysBetween(startsAt, endsAt, timeZone)),
    passed: daysBetween(first.startsAt, now, timeZone),
  };
}
