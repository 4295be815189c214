import { getTranslations } from "next-intl/server";
import { RowForm } from "@/components/row-form";
import type { SessionView } from "@/lib/account/session/list-sessions";
import { browserInWords } from "@/lib/messages/browser-words";
import type { Locale } from "@/lib/messages/locale";
import { endOne } from "./actions";
import { inUse } from "./in-use";

type SessionRowProps = {
  session: SessionView;
  /** Whether this is the browser that shows the page. */
  isThis: boolean;
  account: { id: string; timeZone: string };
  now: Date;
  locale: Locale;
};

/** One signed-in browser: its name, since when, last seen, and a button to sign it out. */
export async function SessionRow({ session, isThis, account, now, locale }: SessionRowProps) {
  const [t, browser] = await Promise.all([getTranslations("sessions"), browserInWords(session)]);
  const { since, lastSeen } = await inUse(session, { locale, timeZone: account.timeZone, now, isThis });
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3 border-t border-line py-5">
      <div className="min-w-0 grow basis-64">
        <h2 className="text-base font-bold">{browser}</h2>
        <p className="text-small text-soft">
          {lastSeen} · {since}
        </p>
      </div>
      {isThis ? (
        <p className="flex items-center gap-2 font-bold text-green">
          <span aria-hidden="true" className="size-2.5 rounded-full bg-green" />
          {t("this")}
        </p>
      ) : (
        <RowForm
          action={endOne}
          accountId={account.id}
          values={{ session: session.id }}
          label={t("end")}
          of={browser}
        />
      )}
    </li>
  );
}
