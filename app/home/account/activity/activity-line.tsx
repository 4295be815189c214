import { getTranslations } from "next-intl/server";
import { isProductCode, products } from "@/lib/brand";
import type { ActivityEntry } from "@/lib/account/profile/list-activity";
import { deviceInWords } from "@/lib/messages/browser-words";
import { termInWords } from "@/lib/messages/term";

type ActivityLineProps = { entry: ActivityEntry; timeZone: string };

/** One thing that happened: when, what, and by which browser or by whom. */
export async function ActivityLine({ entry: { at, action, actor, details, device }, timeZone }: ActivityLineProps) {
  const t = await getTranslations("activity");
  const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone });
  const product = String(details["product"] ?? "");
  const values = {
    to: String(details["to"] ?? ""),
    cause: String(details["cause"] ?? ""),
    count: Number(details["count"] ?? 1),
    product: isProductCode(product) ? products[product].name : product,
    length: await termInWords({ months: Number(details["months"] ?? 0), days: Number(details["days"] ?? 0) }),
  };
  const by = actor === "operator" ? t("byOperator") : device && (await deviceInWords(device));
  return (
    <li className="grid grid-cols-[3.5rem_minmax(0,1fr)] gap-x-4 border-t border-line py-3">
      <time dateTime={at.toISOString()} className="text-small/7 text-soft tabular-nums">
        {clock.format(at)}
      </time>
      <div>
        <p>{t(`events.${action}`, values)}</p>
        {by && <p className="text-small text-soft">{by}</p>}
      </div>
    </li>
  );
}
