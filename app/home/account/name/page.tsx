import { getTranslations } from "next-intl/server";
import { requireSession } from "@/app/gate";
import { NameForm } from "@/app/name-form";
import { findTyped } from "@/lib/account/session/typed-form";
import { formWords } from "@/lib/messages/form-words";
import { AccountColumns } from "../account-columns";
import { AccountHeading } from "../account-heading";
import { saveName } from "./actions";

type NamePageProps = { searchParams: Promise<{ again?: string }> };

export default async function NamePage({ searchParams }: NamePageProps) {
  const here = "/home/account/name";
  const { account } = await requireSession(here);
  const [t, common, typed, { again }] = await Promise.all([
    getTranslations("changeName"),
    getTranslations("accountForm"),
    findTyped(here, account.id),
    searchParams,
  ]);
  const words = {
    ...(await formWords("name")),
    title: t("title"),
    name: t("label"),
    hint: t("hint"),
    save: common("save"),
  };
  return (
    <AccountColumns current="name">
      <div className="max-w-form">
        <NameForm
          key={account.id}
          of="person"
          action={saveName}
          hidden={{ account: account.id }}
          name={typed["name"] ?? account.name}
          words={words}
        >
          <AccountHeading title={t("title")} email={account.email} again={again} />
        </NameForm>
      </div>
    </AccountColumns>
  );
}
