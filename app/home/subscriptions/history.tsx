import { getTranslations } from "next-intl/server";
import type { DayLine } from "@/components/day-ledger";
import { OPEN_END } from "@/lib/licence/coverage";
import type { HistoryLine } from "@/lib/licence/subscriptions";
import { formatDay, formatEnd } from "@/lib/messages/dates";
import type { Locale } from "@/lib/messages/locale";
import { termInWords } from "@/lib/messages/term";

type Shown = { locale: Locale; timeZone: string };

/** A subscription's history in words, the newest first, as an account statement. */
export async function historyInWords(history: readonly HistoryLine[], { locale, timeZone }: Shown): Promise<DayLine[]> {
  const t = await getTranslations("subscriptions.ledger");
  const lines = history.map(async (line, index) => ({
    id: String(index),
    date: formatDay(line.at, locale, timeZone),
    what: await eventInWords(line, index === 0),
    // The days of a lease count once it has stopped.
    days:
      line.endsAt && line.endsAt >= OPEN_END
        ? ""
        : line.days === 0
          ? t("none")
          : t(line.days > 0 ? "given" : "taken", { count: Math.abs(line.days) }),
    end:
      line.endsAt === null
        ? t("noEnd")
        : line.endsAt >= OPEN_END
          ? t("openEnd")
          : t("end", { date: formatEnd(line.endsAt, locale, timeZone) }),
  }));
  return (await Promise.all(lines)).reverse();
}

/** @param isFirst the first line of its subscription */
async function eventInWords({ what, at, source, term }: HistoryLine, isFirst: boolean) {
  const t = await getTranslations("subscriptions.ledger");
  switch (source.kind) {
    case "key":
      return t.rich(what, {
        hint: source.hint,
        length: await termInWords(term),
        strong: (hint) => (
          <strong dir="ltr" translate="no" className="font-mono">
            {hint}
          </strong>
        ),
      });
    case "lease": {
      const { partner, state, changedAt } = source;
      if (what !== "withdrawn") return t(isFirst ? "leaseStarted" : "leaseResumed", { partner });
      return t(state === "ended" && at >= changedAt ? "leaseEnded" : "leasePaused", { partner });
    }
  }
}
