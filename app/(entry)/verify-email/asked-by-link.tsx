import { getTranslations } from "next-intl/server";
import { ButtonLink } from "@/components/button";
import { EmailAddress } from "@/components/email-address";
import { Notice } from "@/components/notice";
import { PageHeading } from "@/components/page-heading";
import { PageTitle } from "@/components/page-title";
import { SubmitButton } from "@/components/submit-button";
import { brand } from "@/lib/brand";
import { findConfirmationLink } from "@/lib/account/email/confirm-email";
import { available } from "@/app/gate";
import { confirmByLink } from "./actions";
import { Confirmed } from "./confirmed";
import { currentTime } from "@/lib/clock";

type AskedByLinkProps = {
  token: string;
  /** Another account already uses the requested address. */
  taken: boolean;
  signedIn: { id: string; email: string } | null;
};

/** Asks before it confirms, because email scanners open links too. Only the button uses the link. */
export async function AskedByLink({ token, taken, signedIn }: AskedByLinkProps) {
  const here = `/verify-email?token=${encodeURIComponent(token)}`;
  const found = await available(here, findConfirmationLink(token, { now: currentTime() }));
  const [t, common] = await Promise.all([getTranslations("verifyEmail"), getTranslations("common")]);
  if (found.status === "confirmed") return <Confirmed email={found.email} signedIn={signedIn !== null} />;
  if (found.status === "over" || found.status === "unknown") {
    return (
      <div className="max-w-measure">
        <PageTitle title={t("over.title")} site={brand.site} />
        <PageHeading title={t("over.title")} lead={t(found.status === "over" ? "over.lead" : "over.unknown")} />
        <ButtonLink href="/verify-email">{t("over.again")}</ButtonLink>
      </div>
    );
  }
  return (
    <div className="max-w-measure">
      <PageTitle title={t("link.title")} site={brand.site} />
      <PageHeading title={t("link.title")} lead={t("link.lead")} />
      {taken && (
        <div className="mb-8">
          <Notice tone="error" title={t("taken.title")}>
            {t("taken.text")}
          </Notice>
        </div>
      )}
      {signedIn && signedIn.id !== found.accountId && (
        <div className="mb-8">
          <Notice tone="info">{t("link.otherAccount", { other: signedIn.email })}</Notice>
        </div>
      )}
      <p className="mb-8 font-bold">
        <EmailAddress>{found.email}</EmailAddress>
      </p>
      <form action={confirmByLink}>
        <input type="hidden" name="token" value={token} />
        <SubmitButton pending={common("pending")}>{t("link.submit")}</SubmitButton>
      </form>
    </div>
  );
}
