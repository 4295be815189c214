import { getMessages, getTranslations } from "next-intl/server";
import { CopyKey } from "@/components/copy-key";
import { MOST_LINES } from "@/components/day-ledger";
import { KeyMask } from "@/components/key-mask";
import { MOST_KEYS, SubscriptionCard } from "@/components/subscription-card";
import { isAnswer } from "@/app/gate";
import { products } from "@/lib/brand";
import { daysBetween, daysLeft } from "@/lib/licence/coverage";
import type { KeySource } from "@/lib/licence/sources/key";
import type { LeaseSource } from "@/lib/licence/sources/lease";
import type { GrantView, HeldSubscription } from "@/lib/licence/subscriptions";
import { formatDay, formatEnd, formatMoment } from "@/lib/messages/dates";
import type { Locale } from "@/lib/messages/locale";
import { termInWords } from "@/lib/messages/term";
import { MoveLink } from "../move-link";
import { CertificateLink } from "../certificate-link";
import { UndoLink } from "../undo-link";
import { showKey } from "./actions";
import { historyInWords } from "./history";

type SubscriptionProps = {
  subscription: HeldSubscription;
  /** The key to show because its owner asked for it before confirming their password. */
  wanted: string | undefined;
  now: Date;
  timeZone: string;
  locale: Locale;
};

/** One subscription, formatted in the person's language and time zone. */
export async function Subscription({ subscription, wanted, now, timeZone, locale }: SubscriptionProps) {
  const [t, messages] = await Promise.all([getTranslations("subscriptions"), getMessages()]);
  const { id, product, seats, seatsTaken, state, endsAt, grants, history, lease } = subscription;
  const active = state === "active";
  const left = daysLeft(endsAt, now, timeZone);
  const devices = {
    name: t("devices"),
    value:
      active || seatsTaken > 0 ? (
        <a href="/home/devices" className="link -my-2 inline-flex min-h-target items-center">
          {t("devicesTaken", { taken: seatsTaken, count: seats })}
        </a>
      ) : (
        t("devicesValue", { count: seats })
      ),
  };
  const facts = lease
    ? [leaseFact(lease, { t, locale, timeZone }), { name: t("lease.provider"), value: lease.partner }, devices]
    : active
      ? [
          { name: t("ends"), value: formatEnd(endsAt, locale, timeZone) },
          { name: t("daysLeft"), value: left > 0 ? t("daysLeftValue", { count: left }) : t("lastDay") },
          devices,
        ]
      : [{ name: t("endedOn"), value: formatEnd(endsAt, locale, timeZone) }, devices];
  // What was taken back is among the kept keys again. The newest comes first, as in the ledger.
  const standing = grants
    .filter(isOfKey)
    .filter(({ undoneAt }) => !undoneAt)
    .reverse();
  const keys = await Promise.all(
    standing.map(async (grant) => ({
      id: grant.id,
      what: await keyInWords(grant, locale, timeZone),
      end: grant.part ? t("keyLine.until", { date: formatEnd(grant.part.endsAt, locale, timeZone) }) : "",
      links: (
        <>
          {grant.canMove && <MoveLink id={grant.id} />}
          <CertificateLink grant={grant} />
        </>
      ),
      undo: <UndoLink grant={grant} locale={locale} timeZone={timeZone} />,
      key: grant.source.withdrawnAt ? (
        <KeyMask hint={grant.source.hint} />
      ) : (
        <CopyKey
          keyId={grant.id}
          hint={grant.source.hint}
          isWanted={grant.id === wanted}
          reveal={showKey}
          words={messages.subscriptions.key}
        />
      ),
    })),
  );
  const folded = keys.slice(MOST_KEYS);
  const lines = await historyInWords(history, { locale, timeZone });

  return (
    <SubscriptionCard
      id={`subscription-${id}`}
      product={products[product].name}
      state={{ name: t(state), active }}
      facts={facts}
      note={
        lease ? (
          !active && t(`lease.${state === "paused" ? "pausedNote" : "endedNote"}`, { partner: lease.partner })
        ) : active ? (
          <a
            href={`/home/subscriptions/${id}/calendar`}
            className="link inline-flex min-h-target items-center text-small print:hidden"
          >
            {t("calendar.add")}
          </a>
        ) : (
          t("renew")
        )
      }
      ribbon={active && !lease ? ribbonOf(grants, now, timeZone) : undefined}
      words={{ today: t("today"), end: t("end"), keys: t("keys"), ledger: t("ledger.title") }}
      keys={{
        lines: keys,
        earlier: t("earlier", { count: folded.length }),
        isOpen: (await isAnswer()) || folded.some(({ id }) => id === wanted),
      }}
      ledger={{ lines, earlier: t("ledger.earlier", { count: Math.max(0, lines.length - MOST_LINES) }) }}
    />
  );
}

type KeyGrant = GrantView & { source: KeySource };

const isOfKey = (grant: GrantView): grant is KeyGrant => grant.source.kind === "key";

async function keyInWords(grant: KeyGrant, locale: Locale, timeZone: string): Promise<string> {
  const t = await getTranslations("subscriptions.keyLine");
  const { source } = grant;
  const words = {
    length: await termInWords(grant.term),
    date: formatDay(source.withdrawnAt ?? grant.grantedAt, locale, timeZone),
  };
  if (source.withdrawnAt) return t("withdrawn", words);
  return t(grant.extends ? "keyAdded" : "key", words);
}

type Wording = { t: Awaited<ReturnType<typeof getTranslations<"subscriptions">>>; locale: Locale; timeZone: string };

/** Until when a lease runs, or since when it does not. */
function leaseFact({ state, partner, changedAt }: LeaseSource, { t, locale, timeZone }: Wording) {
  if (state === "running") return { name: t("lease.runs"), value: t("lease.running", { partner }) };
  return {
    name: state === "suspended" ? t("lease.pausedOn") : t("endedOn"),
    value: formatMoment(changedAt, locale, timeZone),
  };
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
