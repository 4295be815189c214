import { getLocale, getTranslations } from "next-intl/server";
import { AccountField } from "@/components/account-field";
import { PageTitle } from "@/components/page-title";
import { SelectField } from "@/components/select-field";
import { SubmitButton } from "@/components/submit-button";
import { brand } from "@/lib/brand";
import { countryOptions } from "@/lib/account/profile/countries";
import { requireSession } from "@/app/gate";
import { findTyped } from "@/lib/account/session/typed-form";
import { AccountColumns } from "../account-columns";
import { AccountHeading } from "../account-heading";
import { saveCountry } from "./actions";
import { wayOf } from "./way";

type CountryPageProps = { searchParams: Promise<{ again?: string; next?: string | string[] }> };

export default async function CountryPage({ searchParams }: CountryPageProps) {
  const { again, next: wanted } = await searchParams;
  const { here, next } = wayOf(wanted);
  const { account } = await requireSession(here);
  const [t, common, wait, locale, typed] = await Promise.all([
    getTranslations("changeCountry"),
    getTranslations("accountForm"),
    getTranslations("common"),
    getLocale(),
    findTyped(here, account.id),
  ]);
  return (
    <AccountColumns current="country">
      <div className="max-w-form">
        <PageTitle title={t("title")} site={brand.site} />
        <AccountHeading title={t("title")} lead={t("lead")} email={account.email} again={again} />
        <form key={account.id} action={saveCountry}>
          <AccountField id={account.id} />
          <input type="hidden" name="next" value={next} />
          <SelectField
            id="country"
            name="country"
            label={t("label")}
            hint={t("hint")}
            autoComplete="country"
            options={countryOptions(locale).map(({ code, name }) => ({ value: code, label: name }))}
            defaultValue={typed["country"] ?? account.country}
          />
          <SubmitButton pending={wait("pending")}>{common("save")}</SubmitButton>
        </form>
      </div>
    </AccountColumns>
  );
}
