import { getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import { BackLink } from "@/components/back-link";
import { PageHeading } from "@/components/page-heading";
import { OtherAccount } from "@/components/other-account";

type AccountHeadingProps = {
  title: string;
  lead?: ReactNode;
  /** Another target for the back link. */
  back?: ReactNode;
  /** The address of the signed-in account. */
  email: string;
  /** `account`: the submitted form was made for another account. */
  again: string | undefined;
};

/** The heading of a page under My account, with a back link. */
export async function AccountHeading({ title, lead, back, email, again }: AccountHeadingProps) {
  const t = await getTranslations("accountForm");
  return (
    <>
      <PageHeading title={title} lead={lead} above={back ?? <BackLink href="/home/account">{t("back")}</BackLink>} />
      {again === "account" && <OtherAccount email={email} />}
    </>
  );
}
