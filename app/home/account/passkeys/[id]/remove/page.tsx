import { getLocale, getTranslations } from "next-intl/server";
import { redirect } from "next/navigation";
import { AccountField } from "@/components/account-field";
import { BackLink } from "@/components/back-link";
import { Facts } from "@/components/facts";
import { PageTitle } from "@/components/page-title";
import { SubmitButton } from "@/components/submit-button";
import { brand } from "@/lib/brand";
import { findPasskey } from "@/lib/account/passkeys/list-passkeys";
import { available, requireFresh } from "@/app/gate";
import { formatDay } from "@/lib/messages/dates";
import { AccountColumns } from "../../../account-columns";
import { AccountHeading } from "../../../account-heading";
import { list, missing, pathOf } from "../../paths";
import { confirmRemoval } from "./actions";

type RemovePasskeyPageProps = { params: Promise<{ id: string }>; searchParams: Promise<{ again?: string }> };

export default async function RemovePasskeyPage({ params, searchParams }: RemovePasskeyPageProps) {
  const { id, path } = pathOf((await params).id);
  const here = `${path}/remove`;
  const { account } = await requireFresh(here);
  const [passkey, { again }] = await Promise.all([
    available(here, findPasskey({ id, accountId: account.id })),
    searchParams,
  ]);
  if (!passkey) redirect(missing(again));

  const [t, common, locale] = await Promise.all([getTranslations("passkeys"), getTranslations("common"), getLocale()]);
  const day = (at: Date) => formatDay(at, locale, account.timeZone);
  return (
    <AccountColumns current="passkeys">
      <div className="max-w-measure">
        <PageTitle title={t("removal.title")} site={brand.site} />
        <AccountHeading
          title={t("removal.title")}
          lead={t("removal.lead")}
          back={<BackLink href={list}>{t("toPasskeys")}</BackLink>}
          email={account.email}
          again={again}
        />
        <Facts
          facts={[
            { name: t("name.label"), value: passkey.name },
            { name: t("removal.added"), value: day(passkey.createdAt) },
            { name: t("removal.used"), value: passkey.lastUsedAt ? day(passkey.lastUsedAt) : t("removal.never") },
          ]}
        />
        <p className="mt-5 mb-8 text-small text-soft">{t("removal.device")}</p>
        <form action={confirmRemoval}>
          <AccountField id={account.id} />
          <input type="hidden" name="passkey" value={id} />
          <SubmitButton variant="danger" pending={common("pending")}>
            {t("removal.submit")}
          </SubmitButton>
        </form>
      </div>
    </AccountColumns>
  );
}
