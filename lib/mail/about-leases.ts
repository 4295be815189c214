import "server-only";
import { soldBy } from "@/lib/mail/about-keys";
import type { Parts, Written } from "@/lib/mail/parts";
import type { Post } from "@/lib/mail/post";
import type { Locale } from "@/lib/messages/locale";

/** What a lease gives, and who provides it. */
const leased = (details: Post["details"], locale: Locale) => ({
  product: soldBy(details, locale).name,
  partner: String(details["partner"]),
});

export function leaseStarted({ details }: Post, { t, locale, button, notYou, takeBack }: Parts): Written {
  return {
    subject: t("leaseStarted.subject"),
    lead: t("leaseStarted.lead", leased(details, locale)),
    parts: [button(t("leaseStarted.action"), "/home/subscriptions"), ...notYou(t("leaseStarted.notYou"), ...takeBack)],
  };
}

export function leaseSuspended({ details }: Post, { t, locale, button, words }: Parts): Written {
  const names = leased(details, locale);
  return {
    subject: t("leaseSuspended.subject"),
    lead: t("leaseSuspended.lead", names),
    parts: [button(t("leaseSuspended.action"), "/home/subscriptions"), words(t("leaseSuspended.ask", names))],
  };
}

export function leaseResumed({ details }: Post, { t, locale, button }: Parts): Written {
  return {
    subject: t("leaseResumed.subject"),
    lead: t("leaseResumed.lead", leased(details, locale)),
    parts: [button(t("leaseResumed.action"), "/home/subscriptions")],
  };
}

export function leaseEnded({ details }: Post, { t, locale, button, words }: Parts): Written {
  const names = leased(details, locale);
  return {
    subject: t("leaseEnded.subject"),
    lead: t("leaseEnded.lead", names),
    parts: [
      words(t("leaseEnded.key")),
      button(t("leaseEnded.action"), "/home/setup/key"),
      words(t("leaseEnded.ask", names)),
    ],
  };
}
