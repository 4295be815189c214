import { getTranslations } from "next-intl/server";
import { ButtonLink } from "@/components/button";
import { HandOverDrawing } from "@/components/drawings";
import { Notice } from "@/components/notice";
import { PageHeading } from "@/components/page-heading";
import { PageTitle } from "@/components/page-title";
import { available, seekSession } from "@/app/gate";
import { brand } from "@/lib/brand";
import { listSubscriptions } from "@/lib/licence/subscriptions";
import { KeyInAddress } from "./key-in-address";
import { Running } from "./running";
import { currentTime } from "@/lib/clock";

const stages = ["account", "key", "check", "device"] as const;

/** The one printed address, where everybody with a key starts. */
export default async function SetupPage({ searchParams }: { searchParams: Promise<{ "signed-out"?: string }> }) {
  const [t, entry, session, query] = await Promise.all([
    getTranslations("setup"),
    getTranslations("signIn"),
    seekSession("/home/setup"),
    searchParams,
  ]);
  const account = session.status === "valid" ? session.account : null;
  const subscriptions = account
    ? await available("/home/setup", listSubscriptions({ accountId: account.id }, { now: currentTime() }))
    : [];
  const running = subscriptions.find(({ state }) => state === "active");
  return (
    <>
      <PageTitle title={t("title")} site={brand.site} />
      <meta name="description" content={t("lead")} />
      <KeyInAddress />
      <div className="grid items-center gap-x-16 lg:grid-cols-[minmax(0,1fr)_22rem]">
        <div>
          {query["signed-out"] && !account && (
            <div className="mb-8">
              <Notice tone="done">{entry("signedOut")}</Notice>
            </div>
          )}
          <PageHeading title={t("title")} lead={running ? undefined : t("lead")} />
          {account ? (
            <>
              {running && <Running subscription={running} timeZone={account.timeZone} />}
              <div className="flex flex-wrap gap-3">
                {running && <ButtonLink href="/home/setup/device">{t("device")}</ButtonLink>}
                <ButtonLink href="/home/setup/key" variant={running ? "quiet" : "primary"}>
                  {t("enterNewKey")}
                </ButtonLink>
              </div>
              <div className="mt-6 flex flex-wrap items-center gap-x-8 text-soft">
                {running ? (
                  <a href="/home/subscriptions" className="link inline-flex min-h-target items-center text-ink">
                    {t("subscriptions")}
                  </a>
                ) : (
                  <p>{t("leadSignedIn", { email: account.email })}</p>
                )}
                <PlainLink href="/home/setup/partner-code">{t("enterPartnerCode")}</PlainLink>
                <PlainLink href="/help/find-your-key">{t("findKey")}</PlainLink>
              </div>
            </>
          ) : (
            <>
              <div className="flex flex-wrap items-center gap-x-7 gap-y-3">
                <ButtonLink href="/sign-in?next=/home/setup/key">{t("enterKey")}</ButtonLink>
                <PlainLink href="/help/find-your-key">{t("findKey")}</PlainLink>
              </div>
              <div className="mt-6 flex flex-wrap gap-x-8 text-soft">
                <p className="flex flex-wrap items-center gap-x-2">
                  {t("noAccount")}
                  <a href="/create-account" className="link inline-flex min-h-target items-center text-ink">
                    {t("createAccount")}
                  </a>
                </p>
                <p className="flex flex-wrap items-center gap-x-2">
                  {t("hasAccount")}
                  <a href="/sign-in" className="link inline-flex min-h-target items-center text-ink">
                    {t("signIn")}
                  </a>
                </p>
                <p className="flex flex-wrap items-center gap-x-2">
                  {t("hasCode")}
                  <PlainLink href="/sign-in?next=/home/setup/partner-code">{t("enterPartnerCode")}</PlainLink>
                </p>
              </div>
            </>
          )}
        </div>
        <HandOverDrawing className="w-full max-lg:hidden" />
      </div>
      <section aria-labelledby="how" className="mt-16 md:mt-24">
        <h2 id="how" className="text-h2 tracking-tight">
          {t("howTitle")}
        </h2>
        <ol className="mt-6 grid gap-x-8 gap-y-8 sm:grid-cols-2 lg:grid-cols-4">
          {stages.map((stage, index) => (
            <li key={stage} className="border-t-2 border-green pt-4">
              <p aria-hidden="true" className="font-mono text-small font-bold text-green">
                {index + 1}
              </p>
              <h3 className="mt-1 text-h3">{t(`how.${stage}.title`)}</h3>
              <p className="mt-1 text-small text-soft">{t(`how.${stage}.text`)}</p>
            </li>
          ))}
        </ol>
      </section>
    </>
  );
}

const PlainLink = ({ href, children }: { href: string; children: string }) => (
  <a href={href} className="link inline-flex min-h-target items-center text-ink">
    {children}
  </a>
);
