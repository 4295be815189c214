import { getLocale, getTranslations } from "next-intl/server";
import { BackLink } from "@/components/back-link";
import { Notice } from "@/components/notice";
import { PageColumns } from "@/components/page-columns";
import { PageHeading } from "@/components/page-heading";
import { Steps } from "@/components/steps";
import { WhereIsMyKey } from "@/components/where-is-my-key";
import { brand } from "@/lib/brand";
import { seekSession } from "@/app/gate";
import { keyWords } from "@/lib/messages/key-words";
import { SignedInAs } from "../signed-in-as";
import { KeyForm } from "./key-form";

export default async function KeyPage({ searchParams }: { searchParams: Promise<{ again?: string }> }) {
  const { again } = await searchParams;
  const session = await seekSession("/home/setup/key");
  const [t, common, review, refusal, dispute, locale] = await Promise.all([
    getTranslations("key"),
    getTranslations("common"),
    getTranslations("review"),
    getTranslations("refusal"),
    getTranslations("dispute"),
    getLocale(),
  ]);
  const words = {
    answer: await keyWords(),
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
    <PageColumns aside={<WhereIsMyKey />}>
      <meta name="description" content={t("lead")} />
      <KeyForm words={words} locale={locale}>
        <PageHeading
          title={t("title")}
          lead={t("lead")}
          above={
            <>
              <BackLink href="/home/setup">{common("back")}</BackLink>
              <Steps current="key" missing={session.status === "none" ? ["account"] : []} />
            </>
          }
        />
        {(again === "expired" || again === "dispute") && (
          <div className="mb-8">
            <Notice tone="warning" title={review("expired.title")}>
              {again === "dispute" ? dispute("expired", { dispute: refusal("dispute") }) : review("expired.text")}
            </Notice>
          </div>
        )}
      </KeyForm>
      <SignedInAs session={session} here="/home/setup/key" otherwise={t("signInFirst")} />
    </PageColumns>
  );
}
