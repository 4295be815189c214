import { getLocale, getMessages, getTranslations } from "next-intl/server";
import { ButtonLink } from "@/components/button";
import { KeyMask } from "@/components/key-mask";
import { PageTitle } from "@/components/page-title";
import { RefusalPage } from "@/components/refusal-page";
import { brand } from "@/lib/brand";
import { type Refusal as KeyRefusal } from "@/lib/licence/refusal";
import { languageTags } from "@/lib/messages/locale";
import { formatDay, formatMoment } from "@/lib/messages/dates";

/** The key becomes possible at some instant of a day. The next day is the first on which it is possible all day. */
const DAY_MS = 86_400_000;

type RefusalProps = {
  /** The key's last group. */
  hint: string;
  refusal: KeyRefusal | { status: "limited"; until: Date };
  account: { country: string; timeZone: string };
  /** The path to return to after switching the account. */
  here: string;
};

/** The page for a refused key: what happened, that nothing changed, what to do next. */
export async function Refusal({ hint, refusal, account, here }: RefusalProps) {
  const [t, review, locale, messages] = await Promise.all([
    getTranslations("refusal"),
    getTranslations("review"),
    getLocale(),
    getMessages(),
  ]);
  const reason = refusal.status === "limited" ? "tooMany" : refusal.reason;
  const country = new Intl.DisplayNames(locale, { type: "region" });
  const values =
    refusal.status === "limited"
      ? { time: formatMoment(refusal.until, locale, account.timeZone) }
      : {
          // A calendar date has no zone. Noon UTC, formatted in UTC, gives the date as printed.
          date: refusal.redeemBy
            ? formatDay(new Date(`${refusal.redeemBy}T12:00:00Z`), locale, "UTC")
            : refusal.possibleFrom
              ? formatDay(new Date(refusal.possibleFrom.getTime() + DAY_MS), locale, account.timeZone)
              : "",
          regions: new Intl.ListFormat(languageTags[locale]).format(
            (refusal.regions ?? []).map((code) => country.of(code) ?? code),
          ),
          country: country.of(account.country) ?? account.country,
          time: "",
        };
  const words = (key: string) => t(key as "unknown.title", values as never);
  const next = Object.keys(messages.refusal[reason].next).map((step) => words(`${reason}.next.${step}`));
  const caseCode = refusal.status === "refused" ? { label: t("caseCode"), code: refusal.caseCode } : undefined;

  return (
    <>
      <PageTitle title={words(`${reason}.title`)} site={brand.site} />
      <RefusalPage
        title={words(`${reason}.title`)}
        what={words(`${reason}.what`)}
        about={
          <>
            {review("key")} <KeyMask hint={hint} />
          </>
        }
        changed={words(`${reason}.changed`)}
        nextTitle={t("nextTitle")}
        next={next}
        caseCode={caseCode}
        actions={
          <>
            <ButtonLink href="/home/setup/key">{t("enterAgain")}</ButtonLink>
            {reason === "usedByAnother" ? (
              <ButtonLink variant="quiet" href={`/sign-in?switch=1&next=${encodeURIComponent(here)}`}>
                {review("switchAccount")}
              </ButtonLink>
            ) : (
              <ButtonLink variant="quiet" href="/help/find-your-key">
                {t("findKey")}
              </ButtonLink>
            )}
          </>
        }
      />
    </>
  );
}
