import type { ReactNode } from "react";
import { getTranslations } from "next-intl/server";
import { products } from "@/lib/brand";
import type { SeatedDevices } from "@/lib/licence/devices/list-devices";
import type { SubscriptionView } from "@/lib/licence/subscriptions";
import { formatDay, formatEnd } from "@/lib/messages/dates";
import { DeviceRow, type Wording } from "./device-row";

type SeatsProps = Wording & SeatedDevices & { children: ReactNode };

/** A subscription with its seats and the devices that hold them. */
export async function Seats({ subscription, devices, children, ...wording }: SeatsProps) {
  const [t, said] = await Promise.all([getTranslations("devices"), getTranslations("subscriptions")]);
  const { id, product, seats, state } = subscription;
  const isActive = state === "active";
  const taken = devices.length;
  return (
    <section
      aria-labelledby={`seats-${id}`}
      className="rounded-lg border border-line bg-sheet px-5 pt-6 pb-1 card-shadow max-xs:px-3 sm:px-8 sm:pt-7"
    >
      <header className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1">
        <h2 id={`seats-${id}`} className="text-h2 tracking-tight">
          {products[product].name}
        </h2>
        <p className={`flex items-center gap-2 font-bold ${isActive ? "text-green" : "text-brick"}`}>
          <span
            aria-hidden="true"
            className={`size-2.5 rounded-full ${isActive ? "bg-green" : "border-2 border-brick"}`}
          />
          {isActive ? said("active") : t("inactive")}
        </p>
      </header>
      <p className="mt-1 text-small text-soft">{await untilWhen(subscription, wording)}</p>
      {isActive && (
        <div className="mt-5 mb-5 flex flex-wrap items-center gap-x-4 gap-y-2">
          <p className="font-bold">{said("devicesTaken", { taken, count: seats })}</p>
          <span aria-hidden="true" className="flex flex-wrap gap-1.5">
            {Array.from({ length: Math.max(seats, taken) }, (_, seat) => (
              <span key={seat} className={`h-3 w-6 rounded-xs ${seat < taken ? "bg-green" : "border-2 border-edge"}`} />
            ))}
          </span>
        </div>
      )}
      {!isActive && <p className="mt-4 mb-5">{t("unprotected")}</p>}
      {devices.length > 0 && (
        <ul>
          {devices.map((activation) => (
            <DeviceRow
              key={activation.id}
              device={{ ...activation.device, lastSeenAt: activation.lastSeenAt }}
              activation={activation}
              {...wording}
            />
          ))}
        </ul>
      )}
      {children}
    </section>
  );
}

async function untilWhen({ state, endsAt, lease }: SubscriptionView, { account, locale }: Wording): Promise<string> {
  const t = await getTranslations("devices");
  const { timeZone } = account;
  if (lease && state === "active") return t("leased", { partner: lease.partner });
  if (lease && state === "paused")
    return t("paused", { partner: lease.partner, date: formatDay(lease.changedAt, locale, timeZone) });
  return state === "active"
    ? t("until", { date: formatEnd(endsAt, locale, timeZone) })
    : t("ended", { date: formatDay(endsAt, locale, timeZone) });
}
