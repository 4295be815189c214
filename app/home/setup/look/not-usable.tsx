import { getLocale, getMessages, getTranslations } from "next-intl/server";
import { ButtonLink } from "@/components/button";
import { KeyMask } from "@/components/key-mask";
import { PageTitle } from "@/components/page-title";
import { RefusalPage } from "@/components/refusal-page";
import { brand } from "@/lib/brand";
import type { Sight } from "@/lib/licence/look-at-key";
import { formatClock, formatDate, formatMoment } from "@/lib/messages/dates";

type NotUsableProps = {
  /** The key's last group. */
  hint: string;
  sight: Extract<Sight, { status: "refused" | "limited" }>;
  here: string;
};

/** A key that nobody can activate now, for somebody who is not signed in. There is no account, so there is no case. */
export async function NotUsable({ hint, sight, here }: NotUsableProps) {
  const [t, review, locale, messages] = await Promise.all([
    getTranslations("refusal"),
    getTranslations("review"),
    getLocale(),
    getMessages(),
  ]);
  const reason = sight.status === "limited" ? "tooMany" : sight.reason;
  const clock = sight.status === "limited" ? formatClock(sight.until, locale, "UTC") : "";
  const values = {
    time: sight.status === "limited" ? formatMoment(sight.until, locale, "UTC") : "",
    date: sight.status === "refused" && sight.redeemBy ? formatDate(sight.redeemBy, locale) : "",
  };
  const words = (key: string) => t(`${reason}.${key}` as "unknown.title", values as never);
  // That step asks for the case code.
  const steps = Object.keys(messages.refusal[reason].next).filter(
    (step) => reason !== "withdrawn" || step !== "receipt",
  );
  const canComeBack = reason === "tooMany" || reason === "notReleased";
  return (
    <>
      <PageTitle title={words("title")} site={brand.site} />
      <RefusalPage
        title={words("title")}
        what={words("what")}
        about={
          <>
            {review("key")} <KeyMask hint={hint} />
          </>
        }
        changed={words("changed")}
        nextTitle={t("nextTitle")}
        next={steps.map((step) => words(`next.${step}`))}
        actions={
          <>
            {canComeBack ? (
              <ButtonLink href={here}>{reason === "tooMany" ? t("tryAgainAt", { clock }) : t("tryAgain")}</ButtonLink>
            ) : (
              <ButtonLink href="/home/setup/key">{t(reason === "unknown" ? "enterAgain" : "enterOther")}</ButtonLink>
            )}
            <ButtonLink variant="quiet" href="/help/find-your-key">
              {t("findKey")}
            </ButtonLink>
          </>
        }
      />
    </>
  );
}
