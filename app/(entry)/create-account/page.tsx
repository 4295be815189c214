import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { getLocale, getTranslations } from "next-intl/server";
import { Notice } from "@/components/notice";
import { PageColumns } from "@/components/page-columns";
import { PageHeading } from "@/components/page-heading";
import { Steps } from "@/components/steps";
import { countryOptions, likelyCountry } from "@/lib/account/profile/countries";
import { isAnswer, seekSession } from "@/app/gate";
import { formWords } from "@/lib/messages/form-words";
import { findHeld } from "@/app/typed-key";
import { entryPath, leadsToKey, readEntry } from "../entry";
import { Fork } from "../fork";
import { Purpose } from "../purpose";
import { CreateAccountForm } from "./create-account-form";

type CreateAccountPageProps = { searchParams: Promise<{ next?: string; switch?: string }> };

export default async function CreateAccountPage({ searchParams }: CreateAccountPageProps) {
  const entry = readEntry(await searchParams, "/home/setup/key");
  const session = await seekSession(entryPath("/create-account", entry));
  if (session.status === "valid" && !entry.switching && !(await isAnswer())) redirect(entry.next);

  const t = await getTranslations("createAccount");
  const guess = likelyCountry((await headers()).get("accept-language"));
  const held = await findHeld(entry.next);
  const signIn = entryPath("/sign-in", entry);
  const words = {
    ...(await formWords("name", "email", "password", "country", "tooManyAttempts")),
    title: t("title"),
    name: t("name"),
    email: t("email"),
    emailHint: t("emailHint"),
    password: t("password"),
    country: t("country"),
    countryHint: t(guess ? "countryGuessed" : "countryHint"),
    countryChoose: t("countryChoose"),
    submit: t("submit"),
  };
  const toKey = held !== null || leadsToKey(entry);
  return (
    <PageColumns aside={<Purpose />}>
      <meta name="description" content={t("lead")} />
      <CreateAccountForm
        entry={entry}
        countries={countryOptions(await getLocale()).map(({ code, name }) => ({ value: code, label: name }))}
        likelyCountry={guess}
        signInLink={{ href: signIn, label: t("signIn") }}
        words={words}
      >
        <PageHeading title={t("title")} lead={t("lead")} above={toKey && <Steps current="account" />} />
        {toKey && <Fork entry={entry} current="new" />}
        {held && (
          <div className="mb-8">
            <Notice tone="done">{t(`${held.kind}Held`)}</Notice>
          </div>
        )}
      </CreateAccountForm>
      <p className="mt-10 border-t border-line pt-5">
        {t("hasAccount")} <a href={signIn}>{t("signIn")}</a>
      </p>
    </PageColumns>
  );
}
