import { getTranslations } from "next-intl/server";
import { ButtonLink } from "@/components/button";
import { HiddenFields } from "@/components/hidden-fields";
import { PageHeading } from "@/components/page-heading";
import { PageTitle } from "@/components/page-title";
import { SubmitButton } from "@/components/submit-button";
import { available } from "@/app/gate";
import { brand } from "@/lib/brand";
import { hasReminders, readReminderToken } from "@/lib/account/profile/reminders";
import { stopReminders } from "./actions";

type RemindersPageProps = { searchParams: Promise<{ token?: string | string[] }> };

/** Opened by the link of a reminder. Opening it changes nothing, because email scanners open links too. */
export default async function RemindersPage({ searchParams }: RemindersPageProps) {
  const { token: given } = await searchParams;
  const token = typeof given === "string" ? given.slice(0, 100) : "";
  const here = `/reminders?token=${encodeURIComponent(token)}`;
  const [t, common] = await Promise.all([getTranslations("reminders"), getTranslations("common")]);
  const accountId = readReminderToken(token);
  const state = !accountId ? "unknown" : (await available(here, hasReminders(accountId))) ? "on" : "off";
  return (
    <div className="max-w-measure">
      <PageTitle title={t(`${state}.title`)} site={brand.site} />
      <PageHeading title={t(`${state}.title`)} lead={t(`${state}.lead`)} mark={state === "off" ? "done" : undefined} />
      {state === "on" ? (
        <form action={stopReminders}>
          <HiddenFields values={{ token }} />
          <div className="flex flex-wrap gap-3">
            <SubmitButton pending={common("pending")}>{t("stop")}</SubmitButton>
            <ButtonLink href="/home/setup" variant="quiet">
              {t("keep")}
            </ButtonLink>
          </div>
        </form>
      ) : (
        <ButtonLink href="/home/account/reminders" variant="quiet">
          {t("account")}
        </ButtonLink>
      )}
    </div>
  );
}
