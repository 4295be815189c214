import { getLocale, getMessages, getTranslations } from "next-intl/server";
import { ButtonLink } from "@/components/button";
import { PageTitle } from "@/components/page-title";
import { RefusalPage } from "@/components/refusal-page";
import { brand } from "@/lib/brand";
import { env } from "@/lib/env";
import type { CodeRefusal } from "@/lib/licence/leases/preview-code";
import { formatClock, formatDate, formatMoment } from "@/lib/messages/dates";

type CodeRefusedProps = {
  refusal: CodeRefusal | { status: "limited"; until: Date };
  timeZone: string;
  /** The path to return to after switching the account. */
  here: string;
};

/** The page for a refused partner code: what happened, that nothing changed, what to do next. */
export async function CodeRefused({ refusal, timeZone, here }: CodeRefusedProps) {
  const [t, key, review, locale, messages] = await Promise.all([
    getTranslations("partnerCode.refusal"),
    getTranslations("refusal"),
    getTranslations("review"),
    getLocale(),
    getMessages(),
  ]);
  const isLimited = refusal.status === "limited";
  const reason = isLimited ? "tooMany" : refusal.reason;
  const values = {
    time: isLimited ? formatMoment(refusal.until, locale, timeZone) : "",
    date: isLimited || !refusal.redeemBy ? "" : formatDate(refusal.redeemBy, locale),
  };
  const words = (name: string) => t(name as "unknown.title", values as never);
  const { support } = env().links;

  const again = { label: t("enterAgain"), href: "/home/setup/partner-code" };
  const other = { label: t("enterOther"), href: "/home/setup/partner-code" };
  const subscriptions = { label: key("subscriptions"), href: "/home/subscriptions" };
  const account = { label: review("switchAccount"), href: `/sign-in?switch=1&next=${encodeURIComponent(here)}` };
  const later = isLimited && {
    label: key("tryAgainAt", { clock: formatClock(refusal.until, locale, timeZone) }),
    href: here,
  };
  /** The likeliest way out, and another one. */
  const ways = {
    unknown: [again, subscriptions],
    usedByAnother: [account, other],
    expired: [other, subscriptions],
    tooMany: [later || again, subscriptions],
  }[reason];

  return (
    <>
      <PageTitle title={words(`${reason}.title`)} site={brand.site} />
      <RefusalPage
        title={words(`${reason}.title`)}
        what={words(`${reason}.what`)}
        changed={words(`${reason}.changed`)}
        nextTitle={key("nextTitle")}
        next={Object.keys(messages.partnerCode.refusal[reason].next).map((step) => words(`${reason}.next.${step}`))}
        caseCode={
          isLimited
            ? undefined
            : {
                label: key("caseCode"),
                code: refusal.caseCode,
                support: support && (
                  <a href={support} className="link inline-flex min-h-target items-center text-ink">
                    {key("contactSupport")}
                  </a>
                ),
              }
        }
        actions={ways.map(({ label, href }, index) => (
          <ButtonLink key={label} variant={index === 0 ? "primary" : "quiet"} href={href}>
            {label}
          </ButtonLink>
        ))}
      />
    </>
  );
}
