import "server-only";
import { tokenOf, type TokenPurpose } from "@/lib/account/tokens";
import { env } from "@/lib/env";
import type { Fact, Part } from "@/lib/mail/content";
import type { Post } from "@/lib/mail/post";
import type { MailWords } from "@/lib/mail/words";
import { formatMoment } from "@/lib/messages/dates";
import type { Locale } from "@/lib/messages/locale";

/** What an email says between its greeting and its small print. */
export type Written = {
  subject: string;
  lead: string;
  parts: Part[];
  /** How the recipient is related to the account. */
  why?: "account" | "given" | "former" | "reminders";
};

/** The page that a token's link opens. */
const tokenPages: Partial<Record<TokenPurpose, string>> = {
  "verify-email": "/verify-email",
  "change-email": "/verify-email",
  "restore-email": "/restore-email",
  "reset-password": "/reset-password",
  "delete-account": "/delete-account",
};

export type Parts = ReturnType<typeof partsFor>;

/** The building blocks of emails. */
export function partsFor(post: Post, { t, locale, now }: { t: MailWords; locale: Locale; now: Date }) {
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
