import { redirect } from "next/navigation";
import { getLocale, getTranslations } from "next-intl/server";
import { z } from "zod";
import { EmailAddress } from "@/components/email-address";
import { Facts } from "@/components/facts";
import { PageColumns } from "@/components/page-columns";
import { PageHeading } from "@/components/page-heading";
import { PageTitle } from "@/components/page-title";
import { Steps } from "@/components/steps";
import { brand, products } from "@/lib/brand";
import { available, requireSession } from "@/app/gate";
import { daysLeft } from "@/lib/licence/coverage";
import { findRedemption } from "@/lib/licence/subscriptions";
import { formatEnd } from "@/lib/messages/dates";
import { termInWords } from "@/lib/messages/term";
import { MoveLink } from "@/app/home/move-link";
import { CertificateLink } from "@/app/home/certificate-link";
import { UndoLink } from "@/app/home/undo-link";
import { currentTime } from "@/lib/clock";
import { LeaseDone } from "./lease-done";
import { NextSteps } from "./next-steps";

/**
 * A path without a page, which answers a complete 404 page. Calling notFound() inside a page needs JavaScript to show
 * it.
 */
const nowhere = "/home/setup/done";

type DonePageProps = { params: Promise<{ id: string }>; searchParams: Promise<{ again?: string }> };

export default async function DonePage({ params, searchParams }: DonePageProps) {
  const [{ id }, { again }] = await Promise.all([params, searchParams]);
  const here = `/home/setup/done/${encodeURIComponent(id)}`;
  const { account } = await requireSession(here);
  const now = currentTime();
  if (!z.uuid().safeParse(id).success) redirect(nowhere);
  const found = await available(here, findRedemption({ grantId: id, accountId: account.id }, { now }));
  if (!found) redirect(nowhere);

  const { grant, subscription } = found;
  if (grant.undoneAt) redirect("/home/subscriptions");
  const [t, review, common, locale] = await Promise.all([
    getTranslations("done"),
    getTranslations("review"),
    getTranslations("common"),
    getLocale(),
  ]);
  const { timeZone } = account;
  const end = (endExclusive: Date) => formatEnd(endExclusive, locale, timeZone);
  const ends = { product: products[subscription.product].name, date: end(subscription.endsAt) };
  const { part, source } = grant;
  if (source.kind === "lease")
    return <LeaseDone lease={source} subscription={subscription} account={account} again={Boolean(again)} />;
  const standing = source.withdrawnAt ? "withdrawn" : subscription.state === "active" ? "active" : "ended";
  const active = standing === "active";
  const title = active ? t("title") : t(`${standing}.title`);
  return (
    <>
      <PageTitle title={title} site={brand.site} />
      <PageHeading
        title={title}
        lead={
          active
            ? `${t("lead", ends)} ${t("daysLeft", { count: daysLeft(subscription.endsAt, now, timeZone) })}`
            : t(`${standing}.lead`, ends)
        }
        above={active && <Steps current="device" />}
        mark={active ? "done" : undefined}
      />
      <PageColumns
        aside={
          <>
            <h2 className="mb-4 text-h3">{t("receipt")}</h2>
            <Facts
              facts={[
                {
                  name: t("key"),
                  value: review.rich("keyEnds", {
                    hint: source.hint,
                    strong: (hint) => <code className="font-mono">{hint}</code>,
                  }),
                },
                { name: t("gave"), value: await termInWords(grant.term) },
                ...(part && grant.extends ? [{ name: t("before"), value: end(part.startsAt) }] : []),
                ...(part ? [{ name: t("until"), value: end(part.endsAt) }] : []),
                { name: t("devices"), value: common("devices", { count: subscription.seats }) },
                { name: t("account"), value: <EmailAddress>{account.email}</EmailAddress> },
              ]}
            />
            <CertificateLink grant={grant} />
          </>
        }
      >
        <NextSteps account={account} active={active} again={Boolean(again) && t("again")} />
        {active && <p className="text-small text-soft">{t("keptKey")}</p>}
        <UndoLink grant={grant} locale={locale} timeZone={timeZone} />
        {grant.canMove && <MoveLink id={grant.id} />}
      </PageColumns>
    </>
  );
}
