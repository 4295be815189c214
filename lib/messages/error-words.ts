import type { Locale } from "./locale";

type ErrorWords = Record<"title" | "lead" | "retry" | "setup" | "reference", string>;

/**
 * The words of the error page (app/error.tsx). That page runs in the browser, and loading all of en.json or fr.json there
 * would be too heavy.
 */
export const errorWords: Record<Locale, ErrorWords> = {
  en: {
    title: "Something went wrong",
    lead: "The error is on our side, not yours. If you typed a product key, it is not lost.",
    retry: "Try again",
    setup: "Go to the start page",
    reference: "Reference for support:",
  },
  fr: {
    title: "Une erreur s’est produite",
    lead: "L’erreur vient de notre côté, pas du vôtre. Si vous avez saisi une clé de produit, elle n’est pas perdue.",
    retry: "Réessayer",
    setup: "Aller à l’accueil",
    reference: "Référence pour l’assistance\u00a0:",
  },
};
