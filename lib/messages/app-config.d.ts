import "next-intl";
import type en from "./en.json";
import type { Locale } from "./locale";

/** Types every message key, so that a missing message does not compile. */
declare module "next-intl" {
  interface AppConfig {
    Locale: Locale;
    Messages: typeof en;
  }
}
