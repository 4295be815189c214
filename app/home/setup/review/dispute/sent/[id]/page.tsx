import { redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { z } from "zod";
import { available, requireSession } from "@/app/gate";
import { ButtonLink } from "@/components/button";
import { EmailAddress } from "@/components/email-address";
import { Facts } from "@/components/facts";
import { PageColumns } from "@/components/page-columns";
import { PageHeading } from "@/components/page-heading";
import { PageTitle } from "@/components/page-title";
import { brand } from "@/lib/brand";
import { findDispute } from "@/lib/licence/disputes/list-disputes";
import { UnconfirmedAddress } from "@/app/home/unconfirmed-address";
import { sentPath } from "../../paths";

/** A path without a page, for an unknown case (see the page of an activation). */
const nowhere = "/home/setup/review/dispute/sent";

export default async function SentPage({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  const here = sentPath(encodeURIComponent(id));
  const { account } = await requireSession(here);
  if (!z.uuid().safeParse(id).success) redirect(nowhere);
  const found = await available(here, findDispute({ id, accountId: account.id }));
  if (!found) redirect(nowhere);
  const [t, dispute, refusal] = await Promise.all([
    getTranslations("dispute.sent"),
    getTranslations("dispute"),
    getTranslations("refusal"),
  ]);
  const next = [
    t("read"),
    account.emailVerifiedAt ? t("answer", { email: account.email }) : t("unconfirmed"),
    dispute("after.meanwhile"),
  ];
  return (
    <>
      <PageTitle title={t("title")} site={brand.site} />
      <PageHeading title={t("title")} lead={t("lead")} mark="done" />
      <PageColumns
        aside={
          <Facts
            facts={[
              { name: t("code"), value: <code className="font-mono select-all">{found.caseCode}</code> },
              { name: t("account"), value: <EmailAddress>{account.email}</EmailAddress> },
            ]}
          />
        }
      >
        <h2 className="text-h2 tracking-tight">{dispute("after.title")}</h2>
        <ul className="mt-4 max-w-measure">
          {next.map((step) => (
            <li key={step} className="border-t border-line py-3 wrap-break-word">
              {step}
            </li>
          ))}
        </ul>
        <div className="mt-6 mb-8 flex flex-wrap gap-3">
          <ButtonLink href="/home/account/cases">{t("cases")}</ButtonLink>
          <ButtonLink variant="quiet" href="/home/setup/key">
            {refusal("enterOther")}
          </ButtonLink>
        </div>
        <UnconfirmedAddress account={account} />
      </PageColumns>
    </>
  );
}
