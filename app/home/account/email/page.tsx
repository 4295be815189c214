import { getTranslations } from "next-intl/server";
import { EmailAddress } from "@/components/email-address";
import { Facts } from "@/components/facts";
import { findConfirmation } from "@/lib/account/email/ask-to-confirm";
import { available, isAnswer, requireFresh } from "@/app/gate";
import { findTyped } from "@/lib/account/session/typed-form";
import { formWords } from "@/lib/messages/form-words";
import { AccountColumns } from "../account-columns";
import { AccountHeading } from "../account-heading";
import { EmailForm } from "./email-form";
import { PendingEmail } from "./pending-email";
import { currentTime } from "@/lib/clock";

const here = "/home/account/email";

type EmailPageProps = { searchParams: Promise<{ again?: string; other?: string }> };

export default async function EmailPage({ searchParams }: EmailPageProps) {
  const { account } = await requireFresh(here);
  const [t, typed, waiting, { again, other }] = await Promise.all([
    getTranslations("changeEmail"),
    findTyped(here, account.id),
    available(here, findConfirmation({ accountId: account.id }, { now: currentTime() })),
    searchParams,
  ]);
  const heading = (title: string, lead: string) => (
    <AccountHeading title={title} lead={lead} email={account.email} again={again} />
  );
  const waits = waiting?.purpose === "change-email" && !other && !typed["email"];
  if (waits && !(await isAnswer())) {
    return (
      <PendingEmail account={account} wished={waiting.email}>
        {heading(t("pending.title"), t("pending.lead"))}
      </PendingEmail>
    );
  }
  const words = {
    ...(await formWords("email", "newEmail")),
    title: t("title"),
    label: t("label"),
    hint: t("hint"),
    submit: t("submit"),
  };
  return (
    <AccountColumns current="email">
      <div className="max-w-form">
        <EmailForm key={account.id} account={account.id} email={typed["email"] ?? ""} words={words}>
          {heading(t("title"), t(account.emailVerifiedAt ? "lead" : "leadUnconfirmed"))}
          <div className="mb-8">
            <Facts facts={[{ name: t("now"), value: <EmailAddress>{account.email}</EmailAddress> }]} />
          </div>
        </EmailForm>
      </div>
    </AccountColumns>
  );
}
