import { getTranslations } from "next-intl/server";
import { HiddenFields } from "@/components/hidden-fields";
import { SubmitButton } from "@/components/submit-button";
import { PageTitle } from "@/components/page-title";
import { available, requireSession } from "@/app/gate";
import { brand } from "@/lib/brand";
import { hasReminders } from "@/lib/account/profile/reminders";
import { AccountColumns } from "../account-columns";
import { AccountHeading } from "../account-heading";
import { saveReminders } from "./actions";

const here = "/home/account/reminders";

type RemindersPageProps = { searchParams: Promise<{ again?: string }> };

export default async function RemindersPage({ searchParams }: RemindersPageProps) {
  const { account } = await requireSession(here);
  const [t, common, on, { again }] = await Promise.all([
    getTranslations("reminders"),
    getTranslations("common"),
    available(here, hasReminders(account.id)),
    searchParams,
  ]);
  return (
    <AccountColumns current="reminders">
      <div className="max-w-form">
        <PageTitle title={t("title")} site={brand.site} />
        <AccountHeading title={t("title")} lead={t("lead")} email={account.email} again={again} />
        <p className="mb-6">{t(on ? "areOn" : "areOff")}</p>
        <form action={saveReminders}>
          <HiddenFields values={{ account: account.id, to: on ? "off" : "on" }} />
          <SubmitButton pending={common("pending")}>{t(on ? "stop" : "start")}</SubmitButton>
        </form>
      </div>
    </AccountColumns>
  );
}
