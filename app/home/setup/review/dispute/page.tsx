import { redirect } from "next/navigation";
import { getMessages, getTranslations } from "next-intl/server";
import { available, isAnswer, requireSession } from "@/app/gate";
import { readTypedKey } from "@/app/typed-key";
import { BackLink } from "@/components/back-link";
import { KeyMask } from "@/components/key-mask";
import { OtherAccount } from "@/components/other-account";
import { PageColumns } from "@/components/page-columns";
import { PageHeading } from "@/components/page-heading";
import { readClient } from "@/lib/account/session/session";
import { findTyped } from "@/lib/account/session/typed-form";
import { currentTime } from "@/lib/clock";
import { findDisputeId } from "@/lib/licence/disputes/list-disputes";
import { previewKey } from "@/lib/licence/preview-key";
import { keyHint } from "@/lib/licence/product-key";
import { formWords } from "@/lib/messages/form-words";
import { DisputeForm } from "./dispute-form";
import { disputePath, sentPath } from "./paths";

type DisputePageProps = { searchParams: Promise<{ p?: string; again?: string }> };

export default async function DisputePage({ searchParams }: DisputePageProps) {
  const { p: previewId = "", again } = await searchParams;
  const here = disputePath(previewId);
  const review = `/home/setup/review?p=${encodeURIComponent(previewId)}`;
  const { account } = await requireSession(here);
  const key = await readTypedKey(previewId);
  if (!key) redirect("/home/setup/key?again=expired");

  // In answer to a form the action has judged the key, or does at the next try.
  if (!(await isAnswer())) {
    const network = (await readClient()).addressPrefix;
    const asked = { key, accountId: account.id, network };
    const preview = await available(here, previewKey(asked, { now: currentTime() }));
    if (preview.status !== "refused" || preview.reason !== "usedByAnother") redirect(review);
    const before = await available(here, findDisputeId({ caseCode: preview.caseCode, accountId: account.id }));
    if (before) redirect(sentPath(before));
  }

  const [t, { dispute }, common, typed] = await Promise.all([
    getTranslations("dispute"),
    getMessages(),
    formWords("dispute"),
    findTyped(here, account.id),
  ]);
  const { title, submit, shop, boughtOn, lastGroup, receipt } = dispute;
  return (
    <PageColumns
      aside={
        <>
          <h2 className="mb-4 text-h3">{t("after.title")}</h2>
          <ul>
            {[t("after.read"), t("after.answer"), t("after.meanwhile")].map((step) => (
              <li key={step} className="border-t border-line py-3">
                {step}
              </li>
            ))}
          </ul>
        </>
      }
    >
      <div className="max-w-form">
        <DisputeForm
          key={account.id}
          hidden={{ account: account.id, preview: previewId }}
          typed={typed}
          words={{ ...common, title, submit, shop, boughtOn, lastGroup, receipt }}
        >
          <PageHeading title={title} lead={t("lead")} above={<BackLink href={review}>{t("back")}</BackLink>} />
          {again === "account" && <OtherAccount email={account.email} />}
          <p className="mb-8 text-small text-soft">
            {t("key")} <KeyMask hint={keyHint(key)} />
          </p>
        </DisputeForm>
      </div>
    </PageColumns>
  );
}
