import { getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import { BackLink } from "@/components/back-link";
import { PageHeading } from "@/components/page-heading";
import { OtherAccount } from "@/components/other-account";

type AccountHeadingProps = {
  title: string;
  lead?: ReactNode;
  /** The way back, where it is another. */
  back?: ReactNode;
  /** Who is signed in. */
  email: string;
  /** `account`: the form was made for somebody else, see requireSender. */
  again: string | undefined;
};

/** The heading of a page that belongs to My account, with the way back there. */
export async function AccountHeading({ title, lead, back, email, again }: AccountHeadingProps) {
  const t = await getTranslations("accountForm");
  return (
    <>
      <PageHeading title={title} lead={lead} above={back ?? <BackLink href="/home/account">{t("back")}</BackLink>} />
      {again === "account" && <OtherAccount email={email} />}
    </>
  );
}
