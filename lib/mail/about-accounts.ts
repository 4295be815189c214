import "server-only";
import { handoffCodeOf, handoffPath } from "@/lib/account/handoff/handoff-code";
import { browserName } from "@/lib/account/session/browser-name";
import { clientName } from "@/lib/account/oauth/clients";
import { codeEndsAt, codeOf } from "@/lib/account/tokens";
import { brand, systemNames } from "@/lib/brand";
import type { Part } from "@/lib/mail/content";
import type { Parts, Written } from "@/lib/mail/parts";
import type { Post } from "@/lib/mail/post";
import { browserWords } from "@/lib/mail/words";
import { writeBrowser } from "@/lib/messages/browser-words";

/* Emails about addresses, passwords, passkeys, sign-ins and the account itself. */

const { site, app } = brand;

export const confirmAddress = (post: Post, parts: Parts): Written => ({
  subject: parts.t("confirmAddress.subject"),
  lead: parts.t("confirmAddress.lead"),
  parts: [
    ...confirmation(post, parts),
    parts.heading(parts.t("confirmAddress.notYou.title")),
    parts.words(parts.t("confirmAddress.notYou.text")),
  ],
  why: "given",
});

export const confirmNewAddress = (post: Post, parts: Parts): Written => ({
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

export const resetPassword = ({ t, words, tokenButton, ends, link, notAsked }: Parts): Written => ({
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

export const passwordChanged = ({ details }: Post, { t, facts, words, notYou, chooseNew }: Parts): Written => ({
  subject: t("passwordChanged.subject"),
  lead: t("passwordChanged.lead", { site, app }),
  parts: [
    facts(),
    ...(Number(details.passkeysRemoved) > 0 ? [words(t("passwordChanged.passkeys"))] : []),
    ...notYou(t("passwordChanged.notYou"), chooseNew),
  ],
});

export const newSignIn = ({ details }: Post, { t, locale, facts, notYou, takeBack }: Parts): Written => ({
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

export const newAppSignIn = ({ details }: Post, { t, facts, notYou, takeBack }: Parts): Written => {
  const name = clientName(String(details.client));
  const named = (systemNames as Record<string, string>)[String(details.system ?? "")];
  const system = named ?? browserName(String(details.userAgent ?? "")).system;
  return {
    subject: t("newAppSignIn.subject", { name }),
    lead: system ? t("newAppSignIn.leadOn", { name, system, site }) : t("newAppSignIn.lead", { name, site }),
    parts: [facts(), ...notYou(t("newAppSignIn.notYou"), ...takeBack)],
  };
};

export const handoffLink = ({ details }: Post, { t, moment, words, button, notAsked, takeBack }: Parts): Written => ({
  subject: t("handoffLink.subject", { app }),
  lead: t("handoffLink.lead", { app }),
  parts: [
    button(t("handoffLink.action"), handoffPath(handoffCodeOf(String(details.handoff)))),
    words(t("handoffLink.after", { moment: moment(new Date(details.until!)) })),
    ...notAsked(t("handoffLink.notAsked"), ...takeBack),
  ],
});

export const addressChanged = ({ recipient }: Post, { t, facts, button, notYou, chooseNew }: Parts): Written => ({
  subject: t("addressChanged.subject"),
  lead: t("addressChanged.lead", { address: recipient, site, app }),
  parts: [
    facts(),
    button(t("addressChanged.action"), "/home/account"),
    ...notYou(t("addressChanged.notYou"), chooseNew),
  ],
});

export const addressRestorable = ({ recipient, token }: Post, parts: Parts): Written => ({
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

export const addressRestored = (
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

export const passkeyAdded = ({ t, facts, notYou, link, changePassword, seeSignIns }: Parts): Written => ({
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

export const passkeyRemoved = ({ t, facts, notYou, link, changePassword }: Parts): Written => ({
  subject: t("passkeyRemoved.subject"),
  lead: t("passkeyRemoved.lead", { site }),
  parts: [
    facts(),
    ...notYou(t("passkeyRemoved.notYou"), changePassword, link(t("passkeyAdded.see"), "/home/account/passkeys")),
  ],
});

export const confirmDeletion = ({ t, words, tokenButton, ends, link, notAsked, takeBack }: Parts): Written => ({
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

export const accountLeaving = ({ details }: Post, { t, moment, words, button, notYou, takeBack }: Parts): Written => ({
  subject: t("accountLeaving.subject"),
  lead: t("accountLeaving.lead", { site, moment: moment(new Date(details.until!)) }),
  parts: [
    words(t("accountLeaving.keep")),
    button(t("accountLeaving.action"), "/sign-in"),
    ...notYou(t("accountLeaving.notYou"), ...takeBack),
  ],
});

export const accountKept = ({ t, facts, notYou, takeBack }: Parts): Written => ({
  subject: t("accountKept.subject"),
  lead: t("accountKept.lead", { site }),
  parts: [facts(), ...notYou(t("accountKept.notYou"), ...takeBack)],
});
