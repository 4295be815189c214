import { getLocale, getMessages, getTranslations } from "next-intl/server";
import { BackLink } from "@/components/back-link";
import { Notice } from "@/components/notice";
import { PageColumns } from "@/components/page-columns";
import { PageHeading } from "@/components/page-heading";
import { Steps } from "@/components/steps";
import { WhereIsMyCode } from "@/components/where-is-my-code";
import { brand } from "@/lib/brand";
import { seekSession } from "@/app/gate";
import { SignedInAs } from "../signed-in-as";
import { CodeForm } from "./code-form";

export default async function PartnerCodePage({ searchParams }: { searchParams: Promise<{ again?: string }> }) {
  const { again } = await searchParams;
  const here = "/home/setup/partner-code";
  const session = await seekSession(here);
  const [t, common, locale, messages] = await Promise.all([
    getTranslations("partnerCode"),
    getTranslations("common"),
    getLocale(),
    getMessages(),
  ]);
  const words = {
    answer: messages.partnerCode.answer,
    title: t("title"),
    site: brand.site,
    error: common("error"),
    problem: common("problem"),
    label: t("label"),
    hint: t("hint"),
    submit: t("submit"),
    pending: common("pending"),
  };
  return (
    <PageColumns aside={<WhereIsMyCode />}>
      <meta name="description" content={t("lead")} />
      <CodeForm words={words} locale={locale}>
        <PageHeading
          title={t("title")}
          lead={t("lead")}
          above={
            <>
              <BackLink href="/home/setup">{common("back")}</BackLink>
              <Steps current="key" of="code" missing={session.status === "none" ? ["account"] : []} />
            </>
          }
        />
        {again === "expired" && (
          <div className="mb-8">
            <Notice tone="warning" title={t("expired.title")}>
              {t("expired.text")}
            </Notice>
          </div>
        )}
      </CodeForm>
      <SignedInAs session={session} here={here} otherwise={t("signInFirst")} />
      <p className="mt-3 text-small text-soft">
        {t("noCode")} <a href="/home/setup/key">{t("enterKey")}</a>
      </p>
    </PageColumns>
  );
}
