import { redirect } from "next/navigation";
import { getLocale, getTranslations } from "next-intl/server";
import { z } from "zod";
import { CertificateSheet } from "@/components/certificate-sheet";
import { PageTitle } from "@/components/page-title";
import { available } from "@/app/gate";
import { qrCode } from "@/app/qr-code";
import { brand, products } from "@/lib/brand";
import { currentTime } from "@/lib/clock";
import { env } from "@/lib/env";
import { findCertificate, type CertificateState } from "@/lib/licence/certificate";
import { formatDay, formatEnd, formatMoment } from "@/lib/messages/dates";
import type { Locale } from "@/lib/messages/locale";
import { termInWords } from "@/lib/messages/term";
import { Signature } from "./signature";

/** A path without a page: see the done page. */
const nowhere = "/certificates";

/** The reader is a stranger in an unknown place. */
const timeZone = "UTC";

const tones = { active: "good", waiting: "good", ended: "past", withdrawn: "bad", undone: "bad" } as const;

/** The certificate of an activation, for everybody who has its address. */
export default async function CertificatePage({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  const here = `/certificates/${encodeURIComponent(id)}`;
  if (!z.uuid().safeParse(id).success) redirect(nowhere);
  const now = currentTime();
  const certificate = await available(here, findCertificate(id.toLowerCase(), { now }));
  if (!certificate) redirect(nowhere);
  const [t, common, locale] = await Promise.all([
    getTranslations("certificate"),
    getTranslations("common"),
    getLocale(),
  ]);
  const { product, devices, term, activatedAt, state, signed } = certificate;
  const { authUrl } = env();
  const address = `${authUrl}/certificates/${certificate.id}`;
  const site = new URL(authUrl).host;
  return (
    <>
      <PageTitle title={t("title")} site={brand.site} />
      <meta name="robots" content="noindex" />
      <CertificateSheet
        site={brand.site}
        title={t("title")}
        lead={t("lead", { site })}
        product={products[product].name}
        facts={[
          { name: t("term"), value: await termInWords(term) },
          { name: t("devices"), value: common("devices", { count: devices }) },
          { name: t("activated"), value: t("day", { date: formatDay(activatedAt, locale, timeZone) }) },
          { name: t("issuer"), value: site },
          { name: t("number"), value: certificate.id },
        ]}
        state={{
          tone: tones[state.name],
          name: t(`state.${state.name}`, datesOf(state, locale)),
          meaning: t(`meaning.${state.name}`),
          asOf: t("asOf", { moment: formatMoment(now, locale, timeZone) }),
        }}
        check={{
          title: t("check.title"),
          scan: t("check.scan"),
          address,
          code: { ...qrCode(address), label: t("check.code") },
        }}
      >
        <Signature signed={signed} />
      </CertificateSheet>
    </>
  );
}

/** The dates in the words of a state. */
function datesOf(state: CertificateState, locale: Locale): { date: string; start: string } {
  const end = (at: Date) => formatEnd(at, locale, timeZone);
  switch (state.name) {
    case "active":
    case "ended":
      return { date: end(state.endsAt), start: "" };
    case "waiting":
      return { date: end(state.endsAt), start: formatDay(state.startsAt, locale, timeZone) };
    case "withdrawn":
    case "undone":
      return { date: formatMoment(state.at, locale, timeZone), start: "" };
  }
}
