import { getTranslations } from "next-intl/server";
import { BackLink } from "@/components/back-link";
import { ButtonLink } from "@/components/button";
import { EmailAddress } from "@/components/email-address";
import { Facts } from "@/components/facts";
import { HiddenFields } from "@/components/hidden-fields";
import { KeyMask } from "@/components/key-mask";
import { Notice } from "@/components/notice";
import { OtherAccount } from "@/components/other-account";
import { PageHeading } from "@/components/page-heading";
import { PageTitle } from "@/components/page-title";
import { SubmitButton } from "@/components/submit-button";
import { available, requireFresh } from "@/app/gate";
import { readOfferedMove } from "@/app/offered-move";
import { findAddress } from "@/lib/account/profile/find-account";
import { brand, products } from "@/lib/brand";
import { currentTime } from "@/lib/clock";
import { findMove } from "@/lib/licence/move-key";
import { termInWords } from "@/lib/messages/term";
import { accept } from "./actions";
import { Unconfirmed } from "./unconfirmed";

/** The second half of a move: the other account, signed in now, takes the key. */
export default async function AcceptMovePage({ searchParams }: { searchParams: Promise<{ again?: string }> }) {
  const { again } = await searchParams;
  const here = "/home/subscriptions/move";
  const { account } = await requireFresh(here);
  const offered = await readOfferedMove();
  const [t, common, subscriptions] = await Promise.all([
    getTranslations("move"),
    getTranslations("common"),
    getTranslations("subscriptions"),
  ]);
  const back = <BackLink href="/home/subscriptions">{subscriptions("title")}</BackLink>;
  const explain = (what: "over" | "same" | "notPossible", href: string, label: string) => (
    <>
      <PageTitle title={t(`${what}.title`)} site={brand.site} />
      <PageHeading title={t(`${what}.title`)} lead={t(`${what}.text`)} above={back} />
      <ButtonLink href={href}>{label}</ButtonLink>
    </>
  );
  if (!offered) return explain("over", "/home/subscriptions", subscriptions("title"));
  if (offered.from === account.id) {
    return explain("same", `/sign-in?switch=1&next=${encodeURIComponent(here)}`, t("submit"));
  }
  if (!account.emailVerifiedAt) return <Unconfirmed email={account.email} above={back} />;
  const { id, from, offeredAt } = offered;
  const [move, giver] = await Promise.all([
    available(here, findMove({ id, accountId: from }, { now: currentTime(), offeredAt })),
    available(here, findAddress({ accountId: from })),
  ]);
  if (!move || !giver) return explain("notPossible", "/home/subscriptions", subscriptions("title"));
  return (
    <>
      <PageTitle title={t("accept.title")} site={brand.site} />
      <PageHeading title={t("accept.title")} lead={t("accept.lead")} above={back} />
      {again === "account" && <OtherAccount email={account.email} />}
      {(again === "changed" || again === "region") && (
        <div className="mb-8">
          <Notice tone="warning" title={t(`${again}.title`)}>
            {t(`${again}.text`)}
          </Notice>
        </div>
      )}
      <div className="max-w-measure">
        <Facts
          facts={[
            { name: t("key"), value: <KeyMask hint={move.hint} /> },
            { name: t("gives"), value: `${products[move.product].name}, ${await termInWords(move.term)}` },
            { name: t("from"), value: <EmailAddress>{giver}</EmailAddress> },
            { name: t("to"), value: <EmailAddress>{account.email}</EmailAddress> },
          ]}
        />
        <form action={accept} className="mt-8 flex flex-wrap gap-3">
          <HiddenFields values={{ key: id, account: account.id }} />
          <SubmitButton pending={common("pending")}>{t("accept.submit")}</SubmitButton>
          <ButtonLink variant="quiet" href="/home/subscriptions">
            {t("accept.cancel")}
          </ButtonLink>
        </form>
        <p className="mt-4 text-small text-soft">{t("told")}</p>
      </div>
    </>
  );
}
