import type { Locale } from "./locale";

type RefusedWords = Record<"stale" | "unreadable", Record<"title" | "lead" | "again", string>>;

/** The words for a form that reached no action. They stand apart because no page is there to ask for the other words. */
export const refusedWords: Record<Locale, RefusedWords> = {
  en: {
    stale: {
      title: "This page has changed meanwhile",
      lead: "Nothing was changed or used. Open the page again and send once more what you typed.",
      again: "Open the page again",
    },
    unreadable: {
      title: "We could not read what was sent",
      lead: "Nothing was changed or used. Open the page again and try once more.",
      again: "Open the page again",
    },
  },
  fr: {
    stale: {
      title: "Cette page a changé entre-temps",
      lead: "Rien n’a été modifié ni utilisé. Ouvrez la page à nouveau, puis renvoyez ce que vous avez saisi.",
      again: "Ouvrir la page à nouveau",
    },
    unreadable: {
      title: "Votre envoi n’a pas pu être lu",
      lead: "Rien n’a été modifié ni utilisé. Ouvrez la page à nouveau, puis réessayez.",
      again: "Ouvrir la page à nouveau",
    },
  },
};
