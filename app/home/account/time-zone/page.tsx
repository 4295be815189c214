import { getLocale, getTranslations } from "next-intl/server";
import { AccountField } from "@/components/account-field";
import { PageTitle } from "@/components/page-title";
import { SelectField } from "@/components/select-field";
import { SubmitButton } from "@/components/submit-button";
import { brand } from "@/lib/brand";
import { requireSession } from "@/app/gate";
import { timeZoneOptions } from "@/lib/account/profile/time-zones";
import { findTyped } from "@/lib/account/session/typed-form";
import { formatMoment } from "@/lib/messages/dates";
import { AccountColumns } from "../account-columns";
import { AccountHeading } from "../account-heading";
import { saveTimeZone } from "./actions";
import { currentTime } from "@/lib/clock";

type TimeZonePageProps = { searchParams: Promise<{ again?: string }> };

/** For the example: a year from now. */
const YEAR_MS = 365 * 86_400_000;

export default async function TimeZonePage({ searchParams }: TimeZonePageProps) {
  const here = "/home/account/time-zone";
  const { account } = await requireSession(here);
  const [t, common, wait, locale, typed, { again }] = await Promise.all([
    getTranslations("changeTimeZone"),
    getTranslations("accountForm"),
    getTranslations("common"),
    getLocale(),
    findTyped(here, account.id),
    searchParams,
  ]);
  const { inCountry, elsewhere, current } = timeZoneOptions(
    { country: account.country, current: account.timeZone },
    locale,
  );
  const listed = (group: string, zones: typeof inCountry) =>
    zones.length > 0 ? [{ group, options: zones.map(({ zone, name }) => ({ value: zone, label: name })) }] : [];
  const end = new Date(currentTime().getTime() + YEAR_MS);
  return (
    <AccountColumns current="time-zone">
      <div className="max-w-form">
        <PageTitle title={t("title")} site={brand.site} />
        <AccountHeading title={t("title")} lead={t("lead")} email={account.email} again={again} />
        <form key={account.id} action={saveTimeZone}>
          <AccountField id={account.id} />
          <SelectField
            id="timeZone"
            name="timeZone"
            label={t("label")}
            hint={t("example", { moment: formatMoment(end, locale, account.timeZone) })}
            options={[
              ...listed(new Intl.DisplayNames(locale, { type: "region" }).of(account.country) ?? "", inCountry),
              ...listed(t("elsewhere"), elsewhere),
            ]}
            defaultValue={typed["timeZone"] ?? current}
          />
          <SubmitButton pending={wait("pending")}>{common("save")}</SubmitButton>
        </form>
      </div>
    </AccountColumns>
  );
}
