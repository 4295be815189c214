import { redirect } from "next/navigation";
import { getLocale, getTranslations } from "next-intl/server";
import { available, requireSession } from "@/app/gate";
import { products } from "@/lib/brand";
import { currentTime } from "@/lib/clock";
import { env } from "@/lib/env";
import { listSubscriptions } from "@/lib/licence/subscriptions";
import { endCalendar } from "@/lib/messages/end-calendar";
import { formatEnd } from "@/lib/messages/dates";

type Given = { params: Promise<{ id: string }> };

/** The end of one of the person's subscriptions as a calendar file (RFC 5545). Another person's does not exist. */
export async function GET(_request: Request, { params }: Given): Promise<Response> {
  const { id } = await params;
  const here = "/home/subscriptions";
  const { account } = await requireSession(here);
  const now = currentTime();
  const all = await available(here, listSubscriptions({ accountId: account.id }, { now }));
  const found = all.find((one) => one.id === id);
  // A lease has no end to note.
  if (!found || found.lease) redirect(here);
  const [t, locale] = await Promise.all([getTranslations("subscriptions.calendar"), getLocale()]);
  const product = products[found.product].name;
  const { authUrl } = env();
  const file = endCalendar({
    id: `${id}@${new URL(authUrl).hostname}`,
    endsAt: found.endsAt,
    timeZone: account.timeZone,
    title: t("title", { product }),
    text: t("text", { product, date: formatEnd(found.endsAt, locale, account.timeZone) }),
    url: `${authUrl}${here}`,
    now,
  });
  return new Response(file, {
    headers: {
      "Content-Type": "text/calendar; charset=utf-8",
      "Content-Disposition": 'attachment; filename="subscription-end.ics"',
      "Cache-Control": "no-store",
    },
  });
}
