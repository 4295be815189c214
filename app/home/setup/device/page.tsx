import { getTranslations } from "next-intl/server";
import { headers } from "next/headers";
import { EmailAddress } from "@/components/email-address";
import { PageHeading } from "@/components/page-heading";
import { PageTitle } from "@/components/page-title";
import { Steps, type Step } from "@/components/steps";
import { available, seekSession } from "@/app/gate";
import { detectSystem, phoneSystems } from "@/app/phone-system";
import { OtherAccount } from "@/components/other-account";
import { findHandoff } from "@/lib/account/handoff/handoffs";
import { brand } from "@/lib/brand";
import { listSubscriptions } from "@/lib/licence/subscriptions";
import { Handoff } from "./handoff";
import { Missing } from "./missing";
import { SystemSteps } from "./system-steps";
import { currentTime } from "@/lib/clock";

type DevicePageProps = { searchParams: Promise<{ os?: string; again?: string; email?: string }> };

/** The step from the browser to the app: a code that signs the device in, or the same by hand. */
export default async function DevicePage({ searchParams }: DevicePageProps) {
  const here = "/home/setup/device";
  const [t, request, session, { os, again, email }] = await Promise.all([
    getTranslations("device"),
    headers(),
    seekSession(here),
    searchParams,
  ]);
  const account = session.status === "valid" ? session.account : null;
  const now = currentTime();
  const [subscriptions, handoff] =
    session.status === "valid"
      ? await available(
          here,
          Promise.all([
            listSubscriptions({ accountId: session.account.id }, { now }),
            findHandoff({ sessionId: session.credential.sessionId }, { now }),
          ]),
        )
      : [[], null];
  const isProtected = subscriptions.some(({ state }) => state === "active");
  const missing: Step[] = [
    ...(account ? [] : ["account" as const]),
    ...(isProtected ? [] : (["key", "check"] as const)),
  ];

  const detected = detectSystem(request.get("user-agent"));
  const shown = phoneSystems.find((system) => system === os) ?? detected ?? phoneSystems[0];
  return (
    <>
      <PageTitle title={t("title")} site={brand.site} />
      <meta name="description" content={t("lead", { app: brand.app })} />
      <PageHeading
        above={<Steps current="device" missing={missing} />}
        title={t("title")}
        lead={t(isProtected ? "leadCode" : "lead", { app: brand.app })}
      />
      {account && again === "account" && <OtherAccount email={account.email} />}
      {account && isProtected && (
        <>
          <Handoff view={handoff} account={account} inHand={detected !== null} again={again} email={email} />
          <h2 className="mt-14 mb-5 text-h2 tracking-tight">{t("byHand")}</h2>
        </>
      )}
      {account === null ? (
        <p className="max-w-measure border-s-4 border-amber ps-5">
          {t("signedOut")}{" "}
          <a href="/sign-in?next=/home/setup/device" className="link font-bold">
            {t("signIn")}
          </a>
        </p>
      ) : isProtected ? (
        <div className="max-w-measure border-s-4 border-green ps-5">
          <p className="text-small text-soft">{t("signInWith")}</p>
          <p className="text-h2 font-bold tracking-tight select-all">
            <EmailAddress>{account.email}</EmailAddress>
          </p>
          <p className="text-small text-soft">{t("samePassword")}</p>
        </div>
      ) : (
        <Missing here={here} account={account} now={now} />
      )}
      <nav aria-label={t("systems")} className="mt-12 flex flex-wrap gap-x-8 border-b border-line">
        {phoneSystems.map((system) => (
          <a
            key={system}
            href={`${here}?os=${system}`}
            aria-current={system === shown ? "true" : undefined}
            className={`-mb-px inline-flex min-h-target items-center border-b-4 text-h3 font-bold no-underline ${system === shown ? "border-green" : "border-transparent text-soft hover:border-edge"}`}
          >
            {t(`${system}.title`)}
          </a>
        ))}
      </nav>
      <div className="mt-8 max-w-measure">
        <SystemSteps system={shown} inHand={shown === detected} scans={!isProtected} />
        <div className="border-t border-line pt-5">
          <p>{t("finished")}</p>
          <p className="text-soft">{t("online")}</p>
        </div>
      </div>
    </>
  );
}
