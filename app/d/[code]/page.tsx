import { getLocale, getTranslations } from "next-intl/server";
import { headers } from "next/headers";
import { ButtonLink } from "@/components/button";
import { PageHeading } from "@/components/page-heading";
import { PageTitle } from "@/components/page-title";
import { available } from "@/app/gate";
import { detectSystem, phoneSystems } from "@/app/phone-system";
import { findCode } from "@/lib/account/handoff/find-code";
import { printHandoffCode, readHandoffCode } from "@/lib/account/handoff/handoff-code";
import { referencePhoneIsOn } from "@/lib/account/oauth/clients";
import { readClient } from "@/lib/account/session/session";
import { brand } from "@/lib/brand";
import { currentTime } from "@/lib/clock";
import { formatClock } from "@/lib/messages/dates";

type ScannedPageProps = { params: Promise<{ code: string }> };

/**
 * What a scanned code leads to on a device whose app does not take the link by itself. It only looks: link previews open
 * it too, and the app claims the code.
 */
export default async function ScannedPage({ params }: ScannedPageProps) {
  const [{ code: given }, t, locale, client] = await Promise.all([
    params,
    getTranslations("scanned"),
    getLocale(),
    readClient(),
  ]);
  const now = currentTime();
  const code = readHandoffCode(decoded(given));
  // The address has the code, so it is not kept: after an outage the person scans it again.
  const found = code
    ? await available("/home/setup/device", findCode(code, { network: client.addressPrefix, now }))
    : ({ status: "unknown" } as const);

  if (found.status === "limited") {
    const clock = formatClock(found.until, locale, "UTC");
    return <Calm title={t("limited.title")} lead={t("limited.lead", { clock })} />;
  }
  const state = found.status === "found" ? found.handoff.state : "expired";
  if (code && found.status === "found" && state === "open") {
    const minutes = Math.max(1, Math.ceil((found.handoff.expiresAt.getTime() - now.getTime()) / 60_000));
    return <OpenCode code={code} minutes={minutes} />;
  }
  if (state === "claimed" || state === "confirmed") return <Calm title={t("used.title")} lead={t("used.lead")} />;
  return (
    <Calm title={t("gone.title")} lead={t("gone.lead")}>
      <p className="max-w-measure">{t("gone.next")}</p>
      <div className="mt-6">
        <ButtonLink variant="quiet" href="/home/setup/device">
          {t("gone.signIn")}
        </ButtonLink>
      </div>
    </Calm>
  );
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return "";
  }
}

const Head = ({ title }: { title: string }) => (
  <>
    <PageTitle title={title} site={brand.site} />
    <meta name="robots" content="noindex" />
  </>
);

type CalmProps = { title: string; lead: string; children?: React.ReactNode };

const Calm = ({ title, lead, children }: CalmProps) => (
  <>
    <Head title={title} />
    <PageHeading mark="refused" title={title} lead={lead} />
    {children}
  </>
);

/** The code to type into the app, and where to get the app. */
async function OpenCode({ code, minutes }: { code: string; minutes: number }) {
  const [t, device, request] = await Promise.all([
    getTranslations("scanned.open"),
    getTranslations("device"),
    headers(),
  ]);
  const { app } = brand;
  const detected = detectSystem(request.get("user-agent"));
  return (
    <>
      <Head title={t("title")} />
      <PageHeading title={t("title")} lead={t("lead", { app })} />
      <div className="max-w-measure">
        <p>{t("appHere", { app })}</p>
        <p className="mt-2 font-mono text-h1 font-bold tracking-wider" dir="ltr" translate="no">
          {printHandoffCode(code)}
        </p>
        <p className="mt-3 text-soft">{t("compare")}</p>
        <p className="text-soft">{t("ends", { minutes })}</p>
        {referencePhoneIsOn() && (
          <p className="mt-5">
            <a href={`/phone?handoff=${code}`} className="link">
              {t("reference")}
            </a>
          </p>
        )}
        <h2 className="mt-10 text-h3">{t("stores", { app })}</h2>
        <p className="mt-1">{t("noApp")}</p>
        <div className="mt-4 flex flex-wrap gap-3">
          {phoneSystems
            .filter((system) => detected === null || system === detected)
            .map((system) => (
              <ButtonLink key={system} href={brand.stores[system]} variant={detected ? "primary" : "quiet"}>
                {device(`${system}.store`)}
              </ButtonLink>
            ))}
        </div>
      </div>
    </>
  );
}
