import { getTranslations } from "next-intl/server";
import type { GrantView } from "@/lib/licence/subscriptions";
import { formatMoment } from "@/lib/messages/dates";
import type { Locale } from "@/lib/messages/locale";

/** Leads to undoing an activation while that is possible, and says until when. */
export async function UndoLink({ grant, locale, timeZone }: { grant: GrantView; locale: Locale; timeZone: string }) {
  if (!grant.undoUntil) return null;
  const t = await getTranslations("subscriptions");
  return (
    <p className="mt-2 text-small text-soft print:hidden">
      {t("undoUntil", { moment: formatMoment(grant.undoUntil, locale, timeZone) })}{" "}
      <a href={`/home/subscriptions/undo/${grant.id}`} className="link inline-flex min-h-target items-center text-ink">
        {t("undo")}
      </a>
    </p>
  );
}
