import { getTranslations } from "next-intl/server";
import { headers } from "next/headers";
import { EmailAddress } from "@/components/email-address";
import { PageHeading } from "@/components/page-heading";
import { PageTitle } from "@/components/page-title";
import { Steps } from "@/components/steps";
import { seekSession } from "@/app/gate";
import { brand } from "@/lib/brand";
import { detectSystem, systems } from "./detect-system";
import { SystemSteps } from "./system-steps";

/** The step from the browser to the app: what to install, and the address to sign in with. */
export default async function DevicePage() {
  const [t, request, session] = await Promise.all([
    getTranslations("device"),
    headers(),
    seekSession("/home/setup/device"),
  ]);
  const detected = detectSystem(request.get("user-agent"));
  const inOrder = systems.toSorted((a, b) => Number(b === detected) - Number(a === detected));
  return (
    <>
      <PageTitle title={t("title")} site={brand.site} />
      <PageHeading above={<Steps current="device" />} title={t("title")} lead={t("lead", { app: brand.app })} />
      {session.status === "valid" ? (
        <div className="max-w-measure border-s-4 border-green ps-5">
          <p className="text-small text-soft">{t("signInWith")}</p>
          <p className="text-h2 font-bold tracking-tight select-all">
            <EmailAddress>{session.account.email}</EmailAddress>
          </p>
          <p className="text-small text-soft">{t("samePassword")}</p>
        </div>
      ) : (
        <p className="max-w-measure border-s-4 border-amber ps-5">
          {t("signedOut")}{" "}
          <a href="/sign-in?next=/home/setup/device" className="link font-bold">
            {t("signIn")}
          </a>
        </p>
      )}
      <div className="mt-12 grid gap-x-16 gap-y-14 md:mt-16 lg:grid-cols-2">
        {inOrder.map((system) => (
          <SystemSteps key={system} system={system} inHand={system === detected} />
        ))}
      </div>
      <div className="mt-14 border-t border-line pt-5">
        <p>{t("finished")}</p>
        <p className="text-soft">{t("online")}</p>
      </div>
    </>
  );
}
