import { getLocale, getTranslations } from "next-intl/server";
import { ButtonLink } from "@/components/button";
import { PageHeading } from "@/components/page-heading";
import { PageTitle } from "@/components/page-title";
import { SubmitButton } from "@/components/submit-button";
import { brand } from "@/lib/brand";
import { erasedOn, findDeletionLink } from "@/lib/account/deletion/delete-account";
import { available } from "@/app/gate";
import { formatDay } from "@/lib/messages/dates";
import { giveUp } from "./actions";
import { readLinkToken } from "../link-token";
import { currentTime } from "@/lib/clock";

type DeleteAccountPageProps = { searchParams: Promise<{ token?: string }> };

/** Opened by an emailed link. Opening it does not use the link, because email scanners open links too. */
export default async function DeleteAccountPage({ searchParams }: DeleteAccountPageProps) {
  const token = readLinkToken((await searchParams).token);
  const here = `/delete-account?token=${encodeURIComponent(token)}`;
  const [t, common, locale] = await Promise.all([
    getTranslations("deleteAccount"),
    getTranslations("common"),
    getLocale(),
  ]);
  const now = currentTime();
  const seen = await available(here, findDeletionLink(token, { now }));
  const dayOf = (at: Date) => formatDay(at, locale, "UTC");
  if (seen.status === "leaving") {
    return (
      <div className="max-w-measure">
        <PageTitle title={t("left.title")} site={brand.site} />
        <PageHeading title={t("left.title")} lead={t("left.lead", { date: dayOf(seen.at) })} mark="done" />
        <ButtonLink href="/sign-in?next=/home/account" variant="quiet">
          {t("left.comeBack")}
        </ButtonLink>
      </div>
    );
  }
  if (seen.status !== "open") {
    return (
      <div className="max-w-measure">
        <PageTitle title={t("over.title")} site={brand.site} />
        <PageHeading title={t("over.title")} lead={t(seen.status === "over" ? "over.lead" : "over.unknown")} />
        <ButtonLink href="/home/account/delete">{t("over.again")}</ButtonLink>
      </div>
    );
  }
  return (
    <div className="max-w-measure">
      <PageTitle title={t("confirm.title")} site={brand.site} />
      <PageHeading title={t("confirm.title")} lead={t("confirm.lead", { date: dayOf(erasedOn(now)) })} />
      <form action={giveUp}>
        <input type="hidden" name="token" value={token} />
        <div className="flex flex-wrap gap-3">
          <SubmitButton pending={common("pending")} variant="danger">
            {t("confirm.submit")}
          </SubmitButton>
          <ButtonLink href="/home/setup" variant="quiet">
            {t("confirm.keep")}
          </ButtonLink>
        </div>
      </form>
    </div>
  );
}
