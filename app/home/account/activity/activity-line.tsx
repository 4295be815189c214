import { getLocale, getTranslations } from "next-intl/server";
import { clientName } from "@/lib/account/oauth/clients";
import { isProductCode, products } from "@/lib/brand";
import type { ActivityEntry } from "@/lib/account/profile/list-activity";
import { browserInWords } from "@/lib/messages/browser-words";
import { formatClock } from "@/lib/messages/dates";
import { termInWords } from "@/lib/messages/term";

type ActivityLineProps = { entry: ActivityEntry; timeZone: string };

/** One event: its time and action, and the browser or actor. */
export async function ActivityLine({ entry: { at, action, actor, details, browser }, timeZone }: ActivityLineProps) {
  const [t, locale] = await Promise.all([getTranslations("activity"), getLocale()]);
  const product = String(details["product"] ?? "");
  const values = {
    to: String(details["to"] ?? ""),
    cause: String(details["cause"] ?? ""),
    of: String(details["of"] ?? ""),
    app: clientName(String(details["client"] ?? "")),
    count: Number(details["count"] ?? 1),
    product: isProductCode(product) ? products[product].name : product,
    length: await termInWords({ months: Number(details["months"] ?? 0), days: Number(details["days"] ?? 0) }),
  };
  const by =
    actor === "operator"
      ? t("byOperator")
      : actor === "partner"
        ? t("byPartner")
        : browser && !action.startsWith("app.") && (await browserInWords(browser));
  return (
    <li className="grid grid-cols-[4rem_minmax(0,1fr)] gap-x-4 border-t border-line py-3">
      <time dateTime={at.toISOString()} className="text-small/7 text-soft [font-variant-numeric:tabular-nums]">
        {formatClock(at, locale, timeZone)}
      </time>
      <div>
        <p>{t(`events.${action}`, values)}</p>
        {by && <p className="text-small text-soft">{by}</p>}
      </div>
    </li>
  );
}
