import { getTranslations } from "next-intl/server";
import { ButtonLink } from "@/components/button";
import { EmailAddress } from "@/components/email-address";
import { Facts } from "@/components/facts";
import { PageHeading } from "@/components/page-heading";
import { PageTitle } from "@/components/page-title";
import { SubmitButton } from "@/components/submit-button";
import { brand } from "@/lib/brand";
import { findRestorationLink } from "@/lib/account/email/restore-email";
import { available } from "@/app/gate";
import { haveBack } from "./actions";
import { readLinkToken } from "../link-token";
import { currentTime } from "@/lib/clock";

type RestoreEmailPageProps = { searchParams: Promise<{ token?: string }> };

/**
 * Opened by the link in the email about a changed address. Opening it does not use the link, because email scanners
 * open links too.
 */
export default async function RestoreEmailPage({ searchParams }: RestoreEmailPageProps) {
  const token = readLinkToken((await searchParams).token);
  const here = `/restore-email?token=${encodeURIComponent(token)}`;
  const [t, common, seen] = await Promise.all([
    getTranslations("restoreEmail"),
    getTranslations("common"),
    available(here, findRestorationLink(token, { now: currentTime() })),
  ]);
  const title = t(`${seen.status}.title`);
  return (
    <div className="max-w-measure">
      <PageTitle title={title} site={brand.site} />
      <PageHeading
        title={title}
        lead={t(`${seen.status}.lead`)}
        mark={seen.status === "restored" ? "done" : undefined}
      />
      {(seen.status === "open" || seen.status === "restored") && (
        <div className="mb-8">
          <Facts facts={[{ name: t("address"), value: <EmailAddress>{seen.email}</EmailAddress> }]} />
        </div>
      )}
      {seen.status === "open" && (
        <>
          <h2 className="mb-3 text-h3">{t("what")}</h2>
          <ul className="mb-8 border-b border-line">
            {(["address", "sessions", "password"] as const).map((part) => (
              <li key={part} className="border-t border-line py-3">
                {t(`happens.${part}`)}
              </li>
            ))}
          </ul>
          <form action={haveBack}>
            <input type="hidden" name="token" value={token} />
            <SubmitButton pending={common("pending")}>{t("submit")}</SubmitButton>
          </form>
          <p className="mt-6 text-small text-soft">{t("wasYou")}</p>
        </>
      )}
      {seen.status === "restored" && <ButtonLink href="/sign-in">{t("signIn")}</ButtonLink>}
      {(seen.status === "over" || seen.status === "unknown") && (
        <ButtonLink href="/sign-in" variant="quiet">
          {t("signIn")}
        </ButtonLink>
      )}
    </div>
  );
}
