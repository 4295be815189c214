import "next-intl";
import type en from "./en.json";
import type { Locale } from "./locale";

/** Makes every message key a type: a word that is missing is a compile error. */
declare module "next-intl" {
  interface AppConfig {
    Locale: Locale;
    Messages: typeof en;
  }
}
