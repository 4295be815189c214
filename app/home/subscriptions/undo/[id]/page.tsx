import { redirect } from "next/navigation";
import { getLocale, getTranslations } from "next-intl/server";
import { z } from "zod";
import { BackLink } from "@/components/back-link";
import { ButtonLink } from "@/components/button";
import { Facts } from "@/components/facts";
import { HiddenFields } from "@/components/hidden-fields";
import { KeyMask } from "@/components/key-mask";
import { Notice } from "@/components/notice";
import { OtherAccount } from "@/components/other-account";
import { PageHeading } from "@/components/page-heading";
import { PageTitle } from "@/components/page-title";
import { SubmitButton } from "@/components/submit-button";
import { available, requireSession } from "@/app/gate";
import { brand } from "@/lib/brand";
import { currentTime } from "@/lib/clock";
import { findUndo } from "@/lib/licence/undo-redemption";
import { formatEnd, formatMoment } from "@/lib/messages/dates";
import { termInWords } from "@/lib/messages/term";
import { undo } from "./actions";

type UndoPageProps = { params: Promise<{ id: string }>; searchParams: Promise<{ again?: string }> };

/** What undoing an activation would change, before anything changes. */
export default async function UndoPage({ params, searchParams }: UndoPageProps) {
  const [{ id }, { again }] = await Promise.all([params, searchParams]);
  const here = `/home/subscriptions/undo/${encodeURIComponent(id)}`;
  const { account } = await requireSession(here);
  const [t, common, subscriptions, locale] = await Promise.all([
    getTranslations("undo"),
    getTranslations("common"),
    getTranslations("subscriptions"),
    getLocale(),
  ]);
  // An unknown id, and somebody else's, look like one that comes too late.
  if (!z.uuid().safeParse(id).success) redirect("/home/subscriptions");
  const found = await available(here, findUndo({ grantId: id, accountId: account.id }, { now: currentTime() }));
  const back = <BackLink href="/home/subscriptions">{subscriptions("title")}</BackLink>;
  if (!found || found.isUsed) {
    const why = found ? "used" : "notPossible";
    return (
      <>
        <PageTitle title={t(`${why}.title`)} site={brand.site} />
        <PageHeading title={t(`${why}.title`)} lead={t(`${why}.text`)} above={back} />
        <div className="flex flex-wrap gap-3">
          <ButtonLink href="/home/subscriptions">{subscriptions("title")}</ButtonLink>
          {found && (
            <ButtonLink variant="quiet" href="/home/devices">
              {t("used.devices")}
            </ButtonLink>
          )}
        </div>
      </>
    );
  }
  const { timeZone } = account;
  return (
    <>
      <PageTitle title={t("title")} site={brand.site} />
      <PageHeading title={t("title")} lead={t("lead")} above={back} />
      {again === "account" && <OtherAccount email={account.email} />}
      {again === "changed" && (
        <div className="mb-8">
          <Notice tone="warning" title={t("changed.title")}>
            {t("changed.text")}
          </Notice>
        </div>
      )}
      <div className="max-w-measure">
        <Facts
          facts={[
            { name: t("key"), value: <KeyMask hint={found.hint} /> },
            { name: t("time"), value: await termInWords(found.term) },
            { name: t("endsNow"), value: formatEnd(found.endsAt, locale, timeZone) },
            {
              name: t("endsAfter"),
              value: found.endsAfter
                ? formatEnd(found.endsAfter, locale, timeZone)
                : found.startsNext
                  ? t("next", { hint: found.startsNext })
                  : t("nothing"),
            },
          ]}
        />
        <form action={undo} className="mt-8 flex flex-wrap gap-3">
          <HiddenFields values={{ grant: id, end: found.endsAfter?.toISOString() ?? "", account: account.id }} />
          <SubmitButton pending={common("pending")}>{t("submit")}</SubmitButton>
          <ButtonLink variant="quiet" href="/home/subscriptions">
            {t("cancel")}
          </ButtonLink>
        </form>
        <p className="mt-4 text-small text-soft">
          {t("until", { moment: formatMoment(found.until, locale, timeZone) })}
        </p>
      </div>
    </>
  );
}
