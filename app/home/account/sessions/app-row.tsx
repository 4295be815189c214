import { getTranslations } from "next-intl/server";
import { RowForm } from "@/components/row-form";
import type { AppSessionView } from "@/lib/account/oauth/app-sessions";
import { clientName } from "@/lib/account/oauth/clients";
import type { Locale } from "@/lib/messages/locale";
import { endApp } from "./actions";
import { inUse } from "./in-use";

type AppRowProps = { app: AppSessionView; account: { id: string; timeZone: string }; now: Date; locale: Locale };

/** One signed-in app: its name and device, since when, last seen, and a button to sign it out. */
export async function AppRow({ app, account, now, locale }: AppRowProps) {
  const [t, { since, lastSeen }] = await Promise.all([
    getTranslations("sessions"),
    inUse(app, { locale, timeZone: account.timeZone, now }),
  ]);
  const name = clientName(app.clientId);
  const where = app.deviceName === null ? name : t("appOn", { app: name, device: app.deviceName });
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3 border-t border-line py-5">
      <div className="min-w-0 grow basis-64">
        <h2 className="text-base font-bold wrap-break-word">{where}</h2>
        <p className="text-small text-soft">
          {lastSeen} · {since}
        </p>
      </div>
      <RowForm action={endApp} accountId={account.id} values={{ app: app.id }} label={t("end")} of={where} />
    </li>
  );
}
