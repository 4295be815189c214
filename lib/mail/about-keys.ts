import "server-only";
import { reminderToken } from "@/lib/account/profile/reminders";
import { brand, isProductCode, products } from "@/lib/brand";
import type { Parts, Written } from "@/lib/mail/parts";
import type { Post } from "@/lib/mail/post";
import { commonWords } from "@/lib/mail/words";
import { formatEnd } from "@/lib/messages/dates";
import type { Locale } from "@/lib/messages/locale";
import { writeTerm } from "@/lib/messages/term";

/* Emails about product keys, subscriptions and disputes. */

const { site } = brand;

export function keyRedeemed({ details, account }: Post, parts: Parts): Written {
  const { t, locale, button, words, notYou, takeBack } = parts;
  const { endsAt } = details;
  const { name, term } = soldBy(details, locale);
  return {
    subject: t("keyRedeemed.subject"),
    lead: t("keyRedeemed.lead", { product: name, moment: formatEnd(new Date(endsAt!), locale, account.timeZone) }),
    parts: [
      parts.facts({ label: t("keyRedeemed.gave"), value: term }),
      button(t("keyRedeemed.action"), "/home/subscriptions"),
      words(t("keyRedeemed.noKey")),
      ...notYou(t("keyRedeemed.notYou"), ...takeBack),
    ],
  };
}

export function keyKept({ details }: Post, { t, locale, button, words, notYou, takeBack }: Parts): Written {
  const { name, term } = soldBy(details, locale);
  return {
    subject: t("keyKept.subject"),
    lead: t("keyKept.lead", { product: name, length: term }),
    parts: [
      button(t("keyKept.action"), "/home/subscriptions"),
      words(t("keyKept.noKey")),
      ...notYou(t("keyKept.notYou"), ...takeBack),
    ],
  };
}

export function keyMovedAway({ details }: Post, { t, locale, button, notYou, takeBack }: Parts): Written {
  const { name, term } = soldBy(details, locale);
  return {
    subject: t("keyMovedAway.subject"),
    lead: t("keyMovedAway.lead", { product: name, length: term }),
    parts: [button(t("keyMovedAway.action"), "/home/subscriptions"), ...notYou(t("keyMovedAway.notYou"), ...takeBack)],
  };
}

export function keyMovedHere({ details }: Post, { t, locale, button, words, notYou, takeBack }: Parts): Written {
  const { name, term } = soldBy(details, locale);
  return {
    subject: t("keyMovedHere.subject"),
    lead: t("keyMovedHere.lead", { product: name, length: term }),
    parts: [
      button(t("keyMovedHere.action"), "/home/subscriptions"),
      words(t("keyKept.noKey")),
      ...notYou(t("keyKept.notYou"), ...takeBack),
    ],
  };
}

export function keyWithdrawn({ details }: Post, { t, locale, button, words }: Parts): Written {
  const { name, term } = soldBy(details, locale);
  return {
    subject: t("keyWithdrawn.subject"),
    lead: t("keyWithdrawn.lead", { product: name, length: term, reason: String(details["reason"]) }),
    parts: [
      words(t("keyWithdrawn.days")),
      button(t("keyWithdrawn.action"), "/home/subscriptions"),
      words(t("keyWithdrawn.ask")),
    ],
  };
}

export function keyRestored({ details }: Post, { t, locale, button }: Parts): Written {
  const { name, term } = soldBy(details, locale);
  return {
    subject: t("keyRestored.subject"),
    lead: t("keyRestored.lead", { product: name, length: term }),
    parts: [button(t("keyRestored.action"), "/home/subscriptions")],
  };
}

export function disputeAnswered({ details }: Post, { t, button }: Parts): Written {
  const code = String(details["caseCode"]);
  return {
    subject: t("disputeAnswered.subject", { code }),
    lead: t("disputeAnswered.lead", { site }),
    parts: [
      { is: "quote", text: String(details["answer"]) },
      button(t("disputeAnswered.action"), "/home/account/cases"),
    ],
  };
}

export function subscriptionEnds({ details, account }: Post, { t, locale, button, link, words }: Parts): Written {
  const product = soldBy(details, locale).name;
  const days = Number(details["days"]);
  const moment = formatEnd(new Date(details["endsAt"]!), locale, account.timeZone);
  return {
    subject: t("subscriptionEnds.subject", { product, days }),
    lead: t("subscriptionEnds.lead", { product, moment }),
    parts: [
      words(t("subscriptionEnds.nothing")),
      button(t("subscriptionEnds.action"), "/home/setup/key"),
      link(t("subscriptionEnds.see"), "/home/subscriptions"),
      link(t("subscriptionEnds.stop"), `/reminders?token=${reminderToken(account.id)}`),
    ],
    why: "reminders",
  };
}

export function subscriptionContinues({ details, account }: Post, { t, locale, button, link }: Parts): Written {
  const product = soldBy(details, locale).name;
  const moment = formatEnd(new Date(details["endsAt"]!), locale, account.timeZone);
  return {
    subject: t("subscriptionContinues.subject", { product }),
    lead: t("subscriptionContinues.lead", { product, moment }),
    parts: [
      button(t("subscriptionContinues.action"), "/home/subscriptions"),
      link(t("subscriptionEnds.stop"), `/reminders?token=${reminderToken(account.id)}`),
    ],
    why: "reminders",
  };
}

/** What a key gives, in words. */
export function soldBy({ product, months, days }: Post["details"], locale: Locale): { name: string; term: string } {
  return {
    name: isProductCode(String(product)) ? products[product as keyof typeof products].name : String(product),
    term: writeTerm({ months: Number(months), days: Number(days) }, commonWords(locale)),
  };
}
