import { getTranslations } from "next-intl/server";
import { BackLink } from "@/components/back-link";
import { PageColumns } from "@/components/page-columns";
import { PageHeading } from "@/components/page-heading";
import { formWords } from "@/lib/messages/form-words";
import { Purpose } from "../purpose";
import { entryPath, readEntry } from "../entry";
import { ForgotPasswordForm } from "./forgot-password-form";

type ForgotPasswordPageProps = { searchParams: Promise<{ next?: string; switch?: string }> };

export default async function ForgotPasswordPage({ searchParams }: ForgotPasswordPageProps) {
  const entry = readEntry(await searchParams, "/home/setup");
  const t = await getTranslations("forgotPassword");
  const words = {
    ...(await formWords("email", "tooManyAttempts")),
    title: t("title"),
    email: t("email"),
    submit: t("submit"),
    sentTitle: t("sent.title"),
    sentLead: t.raw("sent.lead") as string,
    again: t("again.title"),
    sendAgain: t("again.submit"),
  };
  const waiting = (
    <ul>
      {(["open", "spam", "minute", "address"] as const).map((what) => (
        <li key={what} className="border-t border-line py-3">
          {t(`sent.${what}`)}
        </li>
      ))}
    </ul>
  );
  return (
    <PageColumns aside={<Purpose />}>
      <div className="max-w-form">
        <ForgotPasswordForm entry={entry} waiting={waiting} words={words}>
          <PageHeading
            title={t("title")}
            lead={t("lead")}
            above={<BackLink href={entryPath("/sign-in", entry)}>{t("back")}</BackLink>}
          />
        </ForgotPasswordForm>
      </div>
    </PageColumns>
  );
}
