import { redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { Notice } from "@/components/notice";
import { PageColumns } from "@/components/page-columns";
import { PasskeyButton } from "@/components/passkey-button";
import { PageHeading } from "@/components/page-heading";
import { Steps } from "@/components/steps";
import { brand } from "@/lib/brand";
import { isAnswer, seekSession } from "@/app/gate";
import { formWords } from "@/lib/messages/form-words";
import { findHeld } from "@/app/typed-key";
import { entryPath, leadsToKey, readEntry } from "../entry";
import { Fork } from "../fork";
import { Purpose } from "../purpose";
import { beginPasskeySignIn, finishPasskeySignIn } from "./passkey-actions";
import { SignInForm } from "./sign-in-form";

type SignInPageProps = { searchParams: Promise<{ next?: string; switch?: string; ended?: string; reset?: string }> };

export default async function SignInPage({ searchParams }: SignInPageProps) {
  const query = await searchParams;
  const entry = readEntry(query, "/home/setup");
  const session = await seekSession(entryPath("/sign-in", entry));
  if (session.status === "valid" && !entry.switching && !query.reset && !(await isAnswer())) redirect(entry.next);

  const t = await getTranslations("signIn");
  const held = await findHeld(entry.next);
  const words = {
    ...(await formWords("email", "password", "credentials", "tooManyAttempts")),
    title: t("title"),
    email: t("email"),
    password: t("password"),
    submit: t("submit"),
  };
  const { locale, pending, errors } = await formWords("passkey", "tooManyAttempts");
  const toKey = held !== null || leadsToKey(entry);
  return (
    <PageColumns aside={<Purpose />}>
      <meta name="description" content={t("lead", { account: brand.account })} />
      <SignInForm entry={entry} words={words}>
        <PageHeading
          title={t("title")}
          lead={t("lead", { account: brand.account })}
          above={toKey && <Steps current="account" />}
        />
        {toKey && <Fork entry={entry} current="have" />}
        {query.reset ? (
          <div className="mb-8">
            <Notice tone="done">{t("reset")}</Notice>
          </div>
        ) : held && !entry.switching ? (
          <div className="mb-8">
            <Notice tone="done">{t(`${held.kind}Held`)}</Notice>
          </div>
        ) : (
          entry.sent && (
            <div className="mb-8">
              <Notice tone="info">
                {entry.switching && session.status === "valid" ? (
                  <>
                    {t("switching", { email: session.account.email })} <a href={entry.next}>{t("stay")}</a>
                  </>
                ) : (
                  t(query.ended ? "ended" : "needed")
                )}
              </Notice>
            </div>
          )
        )}
      </SignInForm>
      <div className="mt-4">
        <PasskeyButton
          kind="prove"
          begin={beginPasskeySignIn}
          finish={finishPasskeySignIn}
          fields={{ next: entry.next, ...(entry.switching && { switch: "1" }) }}
          inField
          variant="quiet"
          words={{ locale, pending, errors, label: t("passkey") }}
        />
      </div>
      <p className="mt-5">
        <a href={entryPath("/forgot-password", entry)} className="link inline-flex min-h-target items-center">
          {t("forgot")}
        </a>
      </p>
      <p className="mt-5 border-t border-line pt-5">
        {t("noAccount")} <a href={entryPath("/create-account", entry)}>{t("createAccount")}</a>
      </p>
    </PageColumns>
  );
}
