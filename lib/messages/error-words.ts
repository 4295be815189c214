import type { Locale } from "./locale";

type ErrorWords = Record<"title" | "lead" | "retry" | "setup" | "reference", string>;

/**
 * The words of the page for what went wrong in the program. They stand apart from the other words because that page
 * runs in the browser, where the whole of them would be too heavy.
 */
export const errorWords: Record<Locale, ErrorWords> = {
  en: {
    title: "That did not work",
    lead: "Something went wrong on our side; it was not your doing. A key you typed was not lost.",
    retry: "Try again",
    setup: "Go to the start",
    reference: "Reference for support:",
  },
  fr: {
    title: "Cela n’a pas fonctionné",
    lead: "Une erreur s’est produite de notre côté\u202f; vous n’y êtes pour rien. Une clé déjà saisie n’est pas perdue.",
    retry: "Réessayer",
    setup: "Aller à l’accueil",
    reference: "Référence pour l’assistance\u00a0:",
  },
};
