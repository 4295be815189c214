import "server-only";
import { soldBy } from "@/lib/mail/about-keys";
import type { Parts, Written } from "@/lib/mail/parts";
import type { Post } from "@/lib/mail/post";

export function deviceReleased({ details }: Post, { t, locale, facts, button, words }: Parts): Written {
  return {
    subject: t("deviceReleased.subject"),
    lead: t("deviceReleased.lead", { product: soldBy(details, locale).name }),
    parts: [
      facts({ label: t("deviceReleased.device"), value: String(details["device"]) }),
      button(t("deviceReleased.action"), "/home/devices"),
      words(t("deviceReleased.ask")),
    ],
  };
}
