import { redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { Notice } from "@/components/notice";
import { PageHeading } from "@/components/page-heading";
import { Steps } from "@/components/steps";
import { brand } from "@/lib/brand";
import { safeNext } from "@/lib/account/safe-next";
import { isAnswer, seekSession } from "@/lib/account/session";
import { formWords } from "@/lib/messages/form-words";
import { SignInForm } from "./sign-in-form";

type SignInPageProps = { searchParams: Promise<{ next?: string; switch?: string }> };

export default async function SignInPage({ searchParams }: SignInPageProps) {
  const { next: wanted, switch: switching } = await searchParams;
  const next = safeNext(wanted, "/home/setup");
  const session = await seekSession(`/sign-in?next=${encodeURIComponent(next)}`);
  if (session.status === "valid" && !switching && !(await isAnswer())) redirect(next);

  const t = await getTranslations("signIn");
  const keyKept = next.startsWith("/home/setup/review");
  const words = {
    ...(await formWords("email", "password", "credentials")),
    title: t("title"),
    email: t("email"),
    password: t("password"),
    submit: t("submit"),
  };
  return (
    <div className="max-w-form">
      <SignInForm next={next} words={words}>
        <PageHeading
          title={t("title")}
          lead={t("lead", { account: brand.account })}
          above={keyKept && <Steps current="account" />}
        />
        {keyKept && (
          <div className="mb-8">
            <Notice tone="done">{t("keyKept")}</Notice>
          </div>
        )}
      </SignInForm>
      <p className="mt-10 border-t border-line pt-5">
        {t("noAccount")}{" "}
        <a href={`/create-account${wanted ? `?next=${encodeURIComponent(next)}` : ""}`}>{t("createAccount")}</a>
      </p>
    </div>
  );
}
