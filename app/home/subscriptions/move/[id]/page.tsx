import { redirect } from "next/navigation";
import { getLocale, getTranslations } from "next-intl/server";
import { z } from "zod";
import { BackLink } from "@/components/back-link";
import { ButtonLink } from "@/components/button";
import { EmailAddress } from "@/components/email-address";
import { Facts } from "@/components/facts";
import { HiddenFields } from "@/components/hidden-fields";
import { KeyMask } from "@/components/key-mask";
import { OtherAccount } from "@/components/other-account";
import { PageHeading } from "@/components/page-heading";
import { PageTitle } from "@/components/page-title";
import { SubmitButton } from "@/components/submit-button";
import { available, requireFresh } from "@/app/gate";
import { brand, products } from "@/lib/brand";
import { currentTime } from "@/lib/clock";
import { findMove } from "@/lib/licence/move-key";
import { formatEnd } from "@/lib/messages/dates";
import { termInWords } from "@/lib/messages/term";
import { Unconfirmed } from "../unconfirmed";
import { offer } from "./actions";

type MovePageProps = { params: Promise<{ id: string }>; searchParams: Promise<{ again?: string }> };

/** What moving a key to another account changes for this one. Nothing happens before the other account agrees. */
export default async function MovePage({ params, searchParams }: MovePageProps) {
  const [{ id }, { again }] = await Promise.all([params, searchParams]);
  if (!z.uuid().safeParse(id).success) redirect("/home/subscriptions");
  const here = `/home/subscriptions/move/${id}`;
  const { account } = await requireFresh(here);
  const [t, common, subscriptions, locale] = await Promise.all([
    getTranslations("move"),
    getTranslations("common"),
    getTranslations("subscriptions"),
    getLocale(),
  ]);
  const back = <BackLink href="/home/subscriptions">{subscriptions("title")}</BackLink>;
  if (!account.emailVerifiedAt) return <Unconfirmed email={account.email} above={back} />;
  const move = await available(here, findMove({ id, accountId: account.id }, { now: currentTime() }));
  if (!move) {
    return (
      <>
        <PageTitle title={t("notPossible.title")} site={brand.site} />
        <PageHeading title={t("notPossible.title")} lead={t("notPossible.text")} above={back} />
        <ButtonLink href="/home/subscriptions">{subscriptions("title")}</ButtonLink>
      </>
    );
  }
  const { product, hint, term, ends, startsNext } = move;
  const end = (at: Date) => formatEnd(at, locale, account.timeZone);
  return (
    <>
      <PageTitle title={t("title")} site={brand.site} />
      <PageHeading title={t("title")} lead={t("lead")} above={back} />
      {again === "account" && <OtherAccount email={account.email} />}
      <div className="max-w-measure">
        <Facts
          facts={[
            { name: t("key"), value: <KeyMask hint={hint} /> },
            { name: t("gives"), value: `${products[product].name}, ${await termInWords(term)}` },
            { name: t("from"), value: <EmailAddress>{account.email}</EmailAddress> },
            ...(ends
              ? [
                  { name: t("endsNow"), value: end(ends.now) },
                  {
                    name: t("endsAfter"),
                    value: ends.after ? end(ends.after) : startsNext ? t("next", { hint: startsNext }) : t("nothing"),
                  },
                ]
              : []),
          ]}
        />
        <form action={offer} className="mt-8 flex flex-wrap gap-3">
          <HiddenFields values={{ key: id, end: ends?.after?.toISOString() ?? "", account: account.id }} />
          <SubmitButton pending={common("pending")}>{t("submit")}</SubmitButton>
          <ButtonLink variant="quiet" href="/home/subscriptions">
            {t("cancel")}
          </ButtonLink>
        </form>
        <p className="mt-4 text-small text-soft">{t("told")}</p>
      </div>
    </>
  );
}
