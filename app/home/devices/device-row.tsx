import { getTranslations } from "next-intl/server";
import { LookAgainIcon } from "@/components/icons";
import { RowForm } from "@/components/row-form";
import { systemNames } from "@/lib/brand";
import type { ActivationView, DeviceView } from "@/lib/licence/devices/devices";
import { formatDay } from "@/lib/messages/dates";
import type { Locale } from "@/lib/messages/locale";
import { release } from "./actions";

export type Wording = { account: { id: string; timeZone: string }; now: Date; locale: Locale };

type DeviceRowProps = Wording & {
  device: DeviceView & { lastSeenAt: Date };
  /** Null: it holds no seat. */
  activation: ActivationView | null;
};

/** One device: what it is, since when it has a seat, when it was last seen, and a button that releases it. */
export async function DeviceRow({ device, activation, account, now, locale }: DeviceRowProps) {
  const t = await getTranslations("devices");
  const day = (at: Date) => formatDay(at, locale, account.timeZone);
  const { name, model, system, lastSeenAt } = device;
  const seen = day(lastSeenAt) === day(now) ? t("seen.today") : t("seen.on", { date: day(lastSeenAt) });
  const hint = activation?.duplicateOf ? t("duplicate", { name }) : activation?.silent && t("silent");
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3 border-t border-line py-4">
      <div className="min-w-0 grow basis-64">
        <h3 className="text-base font-bold wrap-break-word">{name}</h3>
        <p className="text-small text-soft">
          {[model, systemNames[system]].filter(Boolean).join(" · ")}
          <span className="block">
            {activation ? `${t("since", { date: day(activation.activatedAt) })} · ${seen}` : seen}
          </span>
        </p>
        {hint && (
          <p className="mt-1 flex gap-2 text-small">
            <LookAgainIcon className="mt-1 size-4 text-amber" />
            <span className="min-w-0">{hint}</span>
          </p>
        )}
      </div>
      {activation && (
        <RowForm
          action={release}
          accountId={account.id}
          values={{ activation: activation.id }}
          label={t("release")}
          of={name}
        />
      )}
    </li>
  );
}
