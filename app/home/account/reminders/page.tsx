import { getTranslations } from "next-intl/server";
import { AccountField } from "@/components/account-field";
import { ChoiceField } from "@/components/choice-field";
import { Notice } from "@/components/notice";
import { PageTitle } from "@/components/page-title";
import { SubmitButton } from "@/components/submit-button";
import { brand } from "@/lib/brand";
import { getOverview } from "@/lib/account/profile/get-overview";
import { available, requireSession } from "@/app/gate";
import { findTyped } from "@/lib/account/session/typed-form";
import { AccountHeading } from "../account-heading";
import { saveReminders } from "./actions";

type RemindersPageProps = { searchParams: Promise<{ again?: string }> };

export default async function RemindersPage({ searchParams }: RemindersPageProps) {
  const here = "/home/account/reminders";
  const { account } = await requireSession(here);
  const [t, common, wait, typed, overview, { again }] = await Promise.all([
    getTranslations("changeReminders"),
    getTranslations("accountForm"),
    getTranslations("common"),
    findTyped(here, account.id),
    available(here, getOverview({ accountId: account.id }, { now: new Date() })),
    searchParams,
  ]);
  return (
    <div className="max-w-form">
      <PageTitle title={t("title")} site={brand.site} />
      <AccountHeading title={t("title")} lead={t("lead")} email={account.email} again={again} />
      {!account.emailVerifiedAt && (
        <div className="mb-8">
          <Notice tone="info">{t("notConfirmed")}</Notice>
        </div>
      )}
      <form key={account.id} action={saveReminders}>
        <AccountField id={account.id} />
        <ChoiceField
          name="reminders"
          label={t("label")}
          options={[
            { value: "on", label: t("on"), hint: t("onHint") },
            { value: "off", label: t("off"), hint: t("offHint") },
          ]}
          defaultValue={typed["reminders"] ?? (overview.reminders ? "on" : "off")}
        />
        <SubmitButton pending={wait("pending")}>{common("save")}</SubmitButton>
      </form>
    </div>
  );
}
