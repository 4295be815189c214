import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { headers } from "next/headers";
import { notFound } from "next/navigation";
import { PageTitle } from "@/components/page-title";
import { brand } from "@/lib/brand";
import { printHandoffCode, readHandoffCode } from "@/lib/account/handoff/handoff-code";
import { referencePhoneIsOn } from "@/lib/account/oauth/clients";
import { detectSystem } from "@/app/phone-system";
import { Phone } from "./screens/phone";
import { phoneWords } from "./screens/words";

export const metadata: Metadata = { manifest: "/phone/manifest.webmanifest", robots: { index: false } };

/** The reference phone app. It shows what an app does with the portal, and uses only OAuth and the device API. */
export default async function PhonePage({ searchParams }: { searchParams: Promise<{ handoff?: string }> }) {
  if (!referencePhoneIsOn()) notFound();
  const [locale, t, common, words, request, { handoff }] = await Promise.all([
    getLocale(),
    getTranslations("phone"),
    getTranslations("common"),
    phoneWords(),
    headers(),
    searchParams,
  ]);
  const code = readHandoffCode(String(handoff ?? ""));
  const system = detectSystem(request.get("user-agent")) ?? "ios";
  return (
    <>
      <PageTitle title={t("title", { app: brand.app })} site={brand.site} />
      <p className="mx-auto mb-6 max-w-sm text-center text-note text-soft">{t("reference")}</p>
      <noscript>
        <p className="mx-auto max-w-sm">{t("needsScripts")}</p>
      </noscript>
      <Phone
        words={words}
        pending={common("pending")}
        locale={locale}
        system={system}
        code={code ? printHandoffCode(code) : ""}
      />
    </>
  );
}
