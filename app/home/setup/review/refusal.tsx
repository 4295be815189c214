import { getLocale, getMessages, getTranslations } from "next-intl/server";
import { ButtonLink } from "@/components/button";
import { HiddenFields } from "@/components/hidden-fields";
import { KeyMask } from "@/components/key-mask";
import { PageTitle } from "@/components/page-title";
import { RefusalPage } from "@/components/refusal-page";
import { SubmitButton } from "@/components/submit-button";
import { brand } from "@/lib/brand";
import { env } from "@/lib/env";
import { type Refusal as KeyRefusal } from "@/lib/licence/refusal";
import { languageTags } from "@/lib/messages/locale";
import { formatClock, formatDate, formatDay, formatMoment } from "@/lib/messages/dates";
import { activate } from "./actions";
import { disputePath } from "./dispute/paths";

/** The key becomes possible at some instant of a day. The next day is the first on which it is possible all day. */
const DAY_MS = 86_400_000;

type RefusalProps = {
  /** The key's last group. */
  hint: string;
  refusal: KeyRefusal | { status: "limited"; until: Date };
  /** The key belongs to another account that was signed in to in this browser. */
  isOtherHere: boolean;
  account: { id: string; country: string; timeZone: string };
  previewId: string;
  /** The path to return to after switching the account or its country. */
  here: string;
};

type Way = { label: string; href: string };

/** The page for a refused key: what happened, that nothing changed, what to do next. */
export async function Refusal({ hint, refusal, isOtherHere, account, previewId, here }: RefusalProps) {
  const [t, review, common, locale, messages] = await Promise.all([
    getTranslations("refusal"),
    getTranslations("review"),
    getTranslations("common"),
    getLocale(),
    getMessages(),
  ]);
  const reason = refusal.status === "limited" ? "tooMany" : isOtherHere ? "usedHere" : refusal.reason;
  const country = new Intl.DisplayNames(locale, { type: "region" });
  const values =
    refusal.status === "limited"
      ? {
          time: formatMoment(refusal.until, locale, account.timeZone),
          clock: formatClock(refusal.until, locale, account.timeZone),
        }
      : {
          date: refusal.redeemBy
            ? formatDate(refusal.redeemBy, locale)
            : refusal.possibleFrom
              ? formatDay(new Date(refusal.possibleFrom.getTime() + DAY_MS), locale, account.timeZone)
              : "",
          regions: new Intl.ListFormat(languageTags[locale]).format(
            (refusal.regions ?? []).map((code) => country.of(code) ?? code),
          ),
          country: country.of(account.country) ?? account.country,
          time: "",
          clock: "",
        };
  const words = (key: string) => t(key as "unknown.title", values as never);
  const next = Object.keys(messages.refusal[reason].next).map((step) => words(`${reason}.next.${step}`));
  const { support } = env().links;
  const caseCode =
    refusal.status === "refused"
      ? {
          label: t("caseCode"),
          code: refusal.caseCode,
          support: support && (
            <a href={support} className="link inline-flex min-h-target items-center text-ink">
              {t("contactSupport")}
            </a>
          ),
        }
      : undefined;

  const back = encodeURIComponent(here);
  const enterOther = { label: t("enterOther"), href: "/home/setup/key" };
  const enterAgain = { label: t("enterAgain"), href: "/home/setup/key" };
  const findKey = { label: t("findKey"), href: "/help/find-your-key" };
  const subscriptions = { label: t("subscriptions"), href: "/home/subscriptions" };
  /** The likeliest way out, and another one. */
  const ways: Record<typeof reason, [Way, Way]> = {
    unknown: [enterAgain, findKey],
    withdrawn: [enterOther, subscriptions],
    usedByAnother: [
      { label: review("switchAccount"), href: `/sign-in?switch=1&next=${back}` },
      { label: t("dispute"), href: disputePath(previewId) },
    ],
    usedHere: [{ label: review("switchAccount"), href: `/sign-in?switch=1&next=${back}` }, enterOther],
    notReleased: [{ label: t("tryAgain"), href: here }, enterOther],
    expired: [enterOther, subscriptions],
    region: [{ label: t("changeCountry"), href: `/home/account/country?next=${back}` }, enterOther],
    ceiling: [subscriptions, enterOther],
    tooMany: [{ label: t("tryAgainAt", { clock: values.clock }), href: here }, findKey],
  };
  const [way, beside] = ways[reason];
  const canKeep = refusal.status === "refused" && refusal.canKeep;

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
            {canKeep && (
              <form action={activate} className="contents">
                <HiddenFields values={{ preview: previewId, account: account.id, choice: "keep" }} />
                <SubmitButton pending={common("pending")}>{t("keepKey")}</SubmitButton>
              </form>
            )}
            <ButtonLink variant={canKeep ? "quiet" : "primary"} href={way.href}>
              {way.label}
            </ButtonLink>
            {!canKeep && (
              <ButtonLink variant="quiet" href={beside.href}>
                {beside.label}
              </ButtonLink>
            )}
          </>
        }
      />
    </>
  );
}
