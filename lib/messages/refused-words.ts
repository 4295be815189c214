import type { Locale } from "./locale";

type RefusedWords = Record<"stale" | "unreadable" | "overload", Record<"title" | "lead" | "again", string>>;

/**
 * The words for a form that reached no server action: its page is from an older build (`stale`), or its body could not be
 * parsed (`unreadable`). Also for any request while there are too many (`overload`). They are not in en.json because no page is rendered for these answers.
 */
export const refusedWords: Record<Locale, RefusedWords> = {
  en: {
    stale: {
      title: "This page has been updated",
      lead: "Nothing was changed or used. Open the page again, then enter your details again.",
      again: "Open the page again",
    },
    unreadable: {
      title: "We could not read your request",
      lead: "Nothing was changed or used. Open the page again, then try again.",
      again: "Open the page again",
    },
    overload: {
      title: "Many people are here right now",
      lead: "Nothing was changed or used. Wait a moment, then try again.",
      again: "Try again",
    },
  },
  fr: {
    stale: {
      title: "Cette page a été mise à jour",
      lead: "Rien n’a été modifié ni utilisé. Ouvrez la page à nouveau, puis ressaisissez vos informations.",
      again: "Ouvrir la page à nouveau",
    },
    unreadable: {
      title: "Nous n’avons pas pu lire votre demande",
      lead: "Rien n’a été modifié ni utilisé. Ouvrez la page à nouveau, puis réessayez.",
      again: "Ouvrir la page à nouveau",
    },
    overload: {
      title: "Il y a beaucoup de monde en ce moment",
      lead: "Rien n’a été modifié ni utilisé. Patientez un instant, puis réessayez.",
      again: "Réessayer",
    },
  },
};
