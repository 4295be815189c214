import { getTranslations } from "next-intl/server";
import { requireSession } from "@/lib/account/session/session";
import { readTyped } from "@/lib/account/session/typed-form";
import { formWords } from "@/lib/messages/form-words";
import { AccountHeading } from "../account-heading";
import { NameForm } from "./name-form";

type NamePageProps = { searchParams: Promise<{ again?: string }> };

export default async function NamePage({ searchParams }: NamePageProps) {
  const here = "/home/account/name";
  const { account } = await requireSession(here);
  const [t, common, typed, { again }] = await Promise.all([
    getTranslations("changeName"),
    getTranslations("accountForm"),
    readTyped(here, account.id),
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
    <div className="max-w-form">
      <NameForm key={account.id} account={account.id} name={typed["name"] ?? account.name} words={words}>
        <AccountHeading title={t("title")} email={account.email} again={again} />
      </NameForm>
    </div>
  );
}
