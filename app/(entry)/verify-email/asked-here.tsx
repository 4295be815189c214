import { getTranslations } from "next-intl/server";
import { BackLink } from "@/components/back-link";
import { EmailAddress } from "@/components/email-address";
import { Notice } from "@/components/notice";
import { PageColumns } from "@/components/page-columns";
import { PageHeading } from "@/components/page-heading";
import { findConfirmation } from "@/lib/account/email/ask-to-confirm";
import { available, requireSession } from "@/app/gate";
import { findTyped } from "@/lib/account/session/typed-form";
import { formWords } from "@/lib/messages/form-words";
import { Purpose } from "../purpose";
import { Confirmed } from "./confirmed";
import { VerifyForms } from "./verify-forms";
import { currentTime } from "@/lib/clock";

const here = "/verify-email";

type AskedHereProps = {
  /** An email was just sent. */
  sent?: string | undefined;
  /** The code was tried too often or has expired. */
  over?: string | undefined;
  /** `account`: the submitted form was made for another account, see requireSender. */
  again?: string | undefined;
};

/** For the signed-in person with an unconfirmed address, the account's own or a requested one. */
export async function AskedHere({ sent, over, again }: AskedHereProps) {
  const { account } = await requireSession(here);
  const waitingFor = await available(here, findConfirmation({ accountId: account.id }, { now: currentTime() }));
  if (!waitingFor) return <Confirmed email={account.email} signedIn />;

  const t = await getTranslations("verifyEmail");
  const isOwn = waitingFor.purpose === "verify-email";
  const { email: typed = "" } = isOwn ? await findTyped(here, account.id) : {};
  const words = {
    ...(await formWords("code", "email", "tooManyMails", "mailJustSent")),
    title: t("title"),
    code: t("code"),
    codeHint: t("codeHint"),
    submit: t("submit"),
    sendAgain: t("sendAgain"),
    correct: t("correct.summary"),
    newEmail: t("correct.email"),
    newEmailHint: t("correct.hint"),
    save: t("correct.submit"),
  };
  const waiting = (
    <section className="mt-10">
      <h2 className="mb-3 text-h2 tracking-tight">{t("waiting.title")}</h2>
      <ul className="mb-6">
        {(["spam", "minute", "address"] as const).map((what) => (
          <li key={what} className="border-t border-line py-3">
            {t(`waiting.${what}`)}
          </li>
        ))}
      </ul>
    </section>
  );
  return (
    <PageColumns aside={<Purpose />}>
      <div className="max-w-form">
        <VerifyForms
          key={account.id}
          account={account.id}
          codeCounts={waitingFor.codeCounts}
          waiting={waiting}
          typedAddress={isOwn ? typed : null}
          words={words}
        >
          <PageHeading
            title={t("title")}
            lead={t(waitingFor.codeCounts ? "lead" : "leadLate")}
            above={<BackLink href="/home/setup">{t("back")}</BackLink>}
          />
          {again === "account" && (
            <div className="mb-8">
              <Notice tone="warning">{t("otherAccount", { email: account.email })}</Notice>
            </div>
          )}
          <div role="status" className="not-empty:mb-8">
            {sent ? (
              <Notice tone="done">{t("sent")}</Notice>
            ) : (
              over && !waitingFor.codeCounts && <Notice tone="warning">{t("codeOver")}</Notice>
            )}
          </div>
          <p className="mb-6 font-bold">
            <EmailAddress>{waitingFor.email}</EmailAddress>
          </p>
        </VerifyForms>
      </div>
    </PageColumns>
  );
}
