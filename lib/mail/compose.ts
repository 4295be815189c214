import "server-only";
import { reminderToken } from "@/lib/account/profile/reminders";
import { browserName } from "@/lib/account/session/browser-name";
import { codeEndsAt, codeOf, tokenOf, type TokenPurpose } from "@/lib/account/tokens";
import { brand, isProductCode, products } from "@/lib/brand";
import { env } from "@/lib/env";
import type { Content, Fact, Part } from "@/lib/mail/content";
import type { Post } from "@/lib/mail/post";
import { commonWords, browserWords, mailWords, type MailWords } from "@/lib/mail/words";
import { formatEnd, formatMoment } from "@/lib/messages/dates";
import { writeBrowser } from "@/lib/messages/browser-words";
import type { Locale } from "@/lib/messages/locale";
import { writeTerm } from "@/lib/messages/term";

const { site, app } = brand;

/** The page that a token's link opens. */
const tokenPages: Partial<Record<TokenPurpose, string>> = {
  "verify-email": "/verify-email",
  "change-email": "/verify-email",
  "restore-email": "/restore-email",
  "reset-password": "/reset-password",
  "delete-account": "/delete-account",
};

type Written = {
  subject: string;
  lead: string;
  parts: Part[];
  /** How the recipient is related to the account. */
  why?: "account" | "given" | "former" | "reminders";
};

/** Composes an email: what happened, what to do, what to do if it was somebody else, and why it was sent. */
export function compose(post: Post, { locale, now }: { locale: Locale; now: Date }): Content {
  const t = mailWords(locale);
  const { subject, lead, parts, why = "account" } = write(post, partsFor(post, { t, locale, now }));
  return {
    subject,
    greeting: greeting(post, t),
    lead,
    parts,
    canStop: why === "reminders",
    smallPrint: [t(`why.${why}`, { address: post.recipient, site }), t("safety", { origin: env().authUrl })],
  };
}

/**
 * Greets by name only at a confirmed address. Somebody who enters another person's address can choose any name, even a
 * web address, which email programs turn into a link.
 */
function greeting({ account: { name, email, emailVerifiedAt }, recipient }: Post, t: MailWords): string {
  const isTheirs = emailVerifiedAt !== null && email === recipient;
  const looksLikeLink = /@|:\/\/|www\.|\.\p{L}{2}/iu.test(name);
  const written = name.replace(/[\p{C}\s]+/gu, " ").trim();
  return isTheirs && written && !looksLikeLink ? t("hello", { name: written }) : t("helloPlain");
}

type Parts = ReturnType<typeof partsFor>;

/** The building blocks of emails. */
function partsFor(post: Post, { t, locale, now }: { t: MailWords; locale: Locale; now: Date }) {
  const { token, account, createdAt } = post;
  const moment = (at: Date) => formatMoment(at, locale, account.timeZone);
  const words = (text: string): Part => ({ is: "words", text });
  const heading = (text: string): Part => ({ is: "heading", text });
  const url = (path: string) => env().authUrl + path;
  const link = (text: string, path: string): Part => ({ is: "link", text, url: url(path) });
  const button = (text: string, path: string): Part => ({
    is: "button",
    text,
    url: url(path),
    ifItFails: t("buttonFails"),
  });
  const when = { label: t("when"), value: moment(createdAt) };
  const changePassword = link(t("changePassword"), "/home/account/password");
  const chooseNew = link(t("chooseNewPassword"), "/forgot-password");
  const seeSignIns = link(t("seeSignIns"), "/home/account/sessions");

  return {
    ...{ t, locale, now, moment, words, heading, link, button, changePassword, chooseNew, seeSignIns },
    facts: (...more: Fact[]): Part => ({ is: "facts", facts: [...more, when] }),
    /** The button with the email's token, and how long it works. */
    tokenButton(text: string): Part {
      if (!token) throw new Error(`an email of kind "${post.kind}" must have a token`);
      return button(text, `${tokenPages[token.purpose]}?token=${tokenOf(token)}`);
    },
    ends: () => words(t("ends", { moment: moment(token!.expiresAt) })),
    /** Instructions for a person who did not do this. */
    notYou: (text: string, ...links: Part[]): Part[] => [heading(t("notYou")), words(text), ...links],
    notAsked: (text: string, ...links: Part[]): Part[] => [heading(t("notAsked")), words(text), ...links],
    takeBack: [changePassword, seeSignIns, link(t("ifPasswordFails"), "/forgot-password")],
  };
}

function write(post: Post, parts: Parts): Written {
  switch (post.kind) {
    case "confirm-address":
      return post.token?.purpose === "change-email" ? confirmNewAddress(post, parts) : confirmAddress(post, parts);
    case "reset-password":
      return resetPassword(parts);
    case "password-changed":
      return passwordChanged(post, parts);
    case "new-sign-in":
      return newSignIn(post, parts);
    case "key-redeemed":
      return keyRedeemed(post, parts);
    case "key-kept":
      return keyKept(post, parts);
    case "key-moved-away":
      return keyMovedAway(post, parts);
    case "key-moved-here":
      return keyMovedHere(post, parts);
    case "key-withdrawn":
      return keyWithdrawn(post, parts);
    case "key-restored":
      return keyRestored(post, parts);
    case "dispute-answered":
      return disputeAnswered(post, parts);
    case "subscription-ends":
      return subscriptionEnds(post, parts);
    case "subscription-continues":
      return subscriptionContinues(post, parts);
    case "address-changed":
      return addressChanged(post, parts);
    case "address-restorable":
      return addressRestorable(post, parts);
    case "address-restored":
      return addressRestored(post, parts);
    case "passkey-added":
      return passkeyAdded(parts);
    case "passkey-removed":
      return passkeyRemoved(parts);
    case "confirm-deletion":
      return confirmDeletion(parts);
    case "account-leaving":
      return accountLeaving(post, parts);
    case "account-kept":
      return accountKept(parts);
  }
}

const confirmAddress = (post: Post, parts: Parts): Written => ({
  subject: parts.t("confirmAddress.subject"),
  lead: parts.t("confirmAddress.lead"),
  parts: [
    ...confirmation(post, parts),
    parts.heading(parts.t("confirmAddress.notYou.title")),
    parts.words(parts.t("confirmAddress.notYou.text")),
  ],
  why: "given",
});

const confirmNewAddress = (post: Post, parts: Parts): Written => ({
  subject: parts.t("confirmNewAddress.subject"),
  lead: parts.t("confirmNewAddress.lead", { address: post.recipient, site }),
  parts: [...confirmation(post, parts), ...parts.notAsked(parts.t("confirmNewAddress.notAsked"))],
  why: "given",
});

/** The link and, while it is valid, the six-digit code. */
function confirmation({ token }: Post, { t, now, words, moment, tokenButton, ends, link }: Parts): Part[] {
  const action = tokenButton(t("confirmAddress.action"));
  const codeEnds = codeEndsAt(token!);
  const code: Part[] =
    codeEnds > now
      ? [words(t("confirmAddress.code", { moment: moment(codeEnds) })), { is: "code", code: codeOf(token!) }]
      : [];
  return [action, words(t("confirmAddress.opens")), ...code, ends(), link(t("askAgain"), "/verify-email")];
}

const resetPassword = ({ t, words, tokenButton, ends, link, notAsked }: Parts): Written => ({
  subject: t("resetPassword.subject"),
  lead: t("resetPassword.lead", { site }),
  parts: [
    tokenButton(t("chooseNewPassword")),
    words(t("resetPassword.after")),
    ends(),
    link(t("askAgain"), "/forgot-password"),
    ...notAsked(t("resetPassword.notAsked")),
  ],
});

const passwordChanged = ({ details }: Post, { t, facts, words, notYou, chooseNew }: Parts): Written => ({
  subject: t("passwordChanged.subject"),
  lead: t("passwordChanged.lead", { site, app }),
  parts: [
    facts(),
    ...(Number(details.passkeysRemoved) > 0 ? [words(t("passwordChanged.passkeys"))] : []),
    ...notYou(t("passwordChanged.notYou"), chooseNew),
  ],
});

const newSignIn = ({ details }: Post, { t, locale, facts, notYou, takeBack }: Parts): Written => ({
  subject: t("newSignIn.subject"),
  lead: t("newSignIn.lead", { site }),
  parts: [
    facts({
      label: t("browser"),
      value: writeBrowser(browserName(String(details.userAgent ?? "")), browserWords(locale)),
    }),
    ...notYou(t("newSignIn.notYou"), ...takeBack),
  ],
});

function keyRedeemed({ details, account }: Post, parts: Parts): Written {
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

function keyKept({ details }: Post, { t, locale, button, words, notYou, takeBack }: Parts): Written {
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

function keyMovedAway({ details }: Post, { t, locale, button, notYou, takeBack }: Parts): Written {
  const { name, term } = soldBy(details, locale);
  return {
    subject: t("keyMovedAway.subject"),
    lead: t("keyMovedAway.lead", { product: name, length: term }),
    parts: [button(t("keyMovedAway.action"), "/home/subscriptions"), ...notYou(t("keyMovedAway.notYou"), ...takeBack)],
  };
}

function keyMovedHere({ details }: Post, { t, locale, button, words, notYou, takeBack }: Parts): Written {
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

function keyWithdrawn({ details }: Post, { t, locale, button, words }: Parts): Written {
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

function keyRestored({ details }: Post, { t, locale, button }: Parts): Written {
  const { name, term } = soldBy(details, locale);
  return {
    subject: t("keyRestored.subject"),
    lead: t("keyRestored.lead", { product: name, length: term }),
    parts: [button(t("keyRestored.action"), "/home/subscriptions")],
  };
}

function disputeAnswered({ details }: Post, { t, button }: Parts): Written {
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

function subscriptionEnds({ details, account }: Post, { t, locale, button, link, words }: Parts): Written {
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

function subscriptionContinues({ details, account }: Post, { t, locale, button, link }: Parts): Written {
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
function soldBy({ product, months, days }: Post["details"], locale: Locale): { name: string; term: string } {
  return {
    name: isProductCode(String(product)) ? products[product as keyof typeof products].name : String(product),
    term: writeTerm({ months: Number(months), days: Number(days) }, commonWords(locale)),
  };
}

const addressChanged = ({ recipient }: Post, { t, facts, button, notYou, chooseNew }: Parts): Written => ({
  subject: t("addressChanged.subject"),
  lead: t("addressChanged.lead", { address: recipient, site, app }),
  parts: [
    facts(),
    button(t("addressChanged.action"), "/home/account"),
    ...notYou(t("addressChanged.notYou"), chooseNew),
  ],
});

const addressRestorable = ({ recipient, token }: Post, parts: Parts): Written => ({
  subject: parts.t("addressRestorable.subject"),
  lead: parts.t("addressRestorable.lead", { address: recipient, site }),
  parts: [
    parts.facts(),
    ...parts.notYou(
      parts.t("addressRestorable.notYou", { moment: parts.moment(token!.expiresAt) }),
      parts.tokenButton(parts.t("addressRestorable.action")),
      parts.chooseNew,
    ),
  ],
  why: "former",
});

const addressRestored = (
  { recipient, details }: Post,
  { t, words, tokenButton, ends, link, notYou }: Parts,
): Written => ({
  subject: t("addressRestored.subject"),
  lead: t("addressRestored.lead", { address: recipient, site }),
  parts: [
    ...(Number(details.passkeysRemoved) > 0 ? [words(t("addressRestored.passkeys"))] : []),
    tokenButton(t("chooseNewPassword")),
    ends(),
    link(t("askAgain"), "/forgot-password"),
    ...notYou(t("addressRestored.notYou")),
  ],
});

const passkeyAdded = ({ t, facts, notYou, link, changePassword, seeSignIns }: Parts): Written => ({
  subject: t("passkeyAdded.subject"),
  lead: t("passkeyAdded.lead", { site }),
  parts: [
    facts(),
    ...notYou(
      t("passkeyAdded.notYou"),
      link(t("passkeyAdded.see"), "/home/account/passkeys"),
      changePassword,
      seeSignIns,
    ),
  ],
});

const passkeyRemoved = ({ t, facts, notYou, link, changePassword }: Parts): Written => ({
  subject: t("passkeyRemoved.subject"),
  lead: t("passkeyRemoved.lead", { site }),
  parts: [
    facts(),
    ...notYou(t("passkeyRemoved.notYou"), changePassword, link(t("passkeyAdded.see"), "/home/account/passkeys")),
  ],
});

const confirmDeletion = ({ t, words, tokenButton, ends, link, notAsked, takeBack }: Parts): Written => ({
  subject: t("confirmDeletion.subject"),
  lead: t("confirmDeletion.lead", { site }),
  parts: [
    tokenButton(t("confirmDeletion.action")),
    words(t("confirmDeletion.after")),
    ends(),
    link(t("askAgain"), "/home/account/delete"),
    ...notAsked(t("confirmDeletion.notAsked"), ...takeBack),
  ],
});

const accountLeaving = ({ details }: Post, { t, moment, words, button, notYou, takeBack }: Parts): Written => ({
  subject: t("accountLeaving.subject"),
  lead: t("accountLeaving.lead", { site, moment: moment(new Date(details.until!)) }),
  parts: [
    words(t("accountLeaving.keep")),
    button(t("accountLeaving.action"), "/sign-in"),
    ...notYou(t("accountLeaving.notYou"), ...takeBack),
  ],
});

const accountKept = ({ t, facts, notYou, takeBack }: Parts): Written => ({
  subject: t("accountKept.subject"),
  lead: t("accountKept.lead", { site }),
  parts: [facts(), ...notYou(t("accountKept.notYou"), ...takeBack)],
});
