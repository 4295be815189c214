import { getTranslations } from "next-intl/server";
import { redirect } from "next/navigation";
import { BackLink } from "@/components/back-link";
import { Notice } from "@/components/notice";
import { findPasskey } from "@/lib/account/passkeys/list-passkeys";
import { available, requireSession } from "@/app/gate";
import { NameForm } from "@/app/name-form";
import { findTyped } from "@/lib/account/session/typed-form";
import { formWords } from "@/lib/messages/form-words";
import { AccountColumns } from "../../account-columns";
import { AccountHeading } from "../../account-heading";
import { list, missing, pathOf } from "../paths";
import { savePasskeyName } from "./actions";

type NamePasskeyPageProps = {
  params: Promise<{ id: string }>;
  searchParams: Promise<{ new?: string; again?: string }>;
};

export default async function NamePasskeyPage({ params, searchParams }: NamePasskeyPageProps) {
  const { id, path } = pathOf((await params).id);
  const { account } = await requireSession(path);
  const [passkey, query] = await Promise.all([
    available(path, findPasskey({ id, accountId: account.id })),
    searchParams,
  ]);
  if (!passkey) redirect(missing(query.again));

  const [t, common, typed] = await Promise.all([
    getTranslations("passkeys"),
    getTranslations("accountForm"),
    findTyped(path, account.id),
  ]);
  const words = {
    ...(await formWords("name", "passkeyName")),
    title: t("name.title"),
    name: t("name.label"),
    hint: t("name.hint"),
    save: common("save"),
  };
  return (
    <AccountColumns current="passkeys">
      <div className="max-w-form">
        <NameForm
          key={account.id}
          of="passkey"
          action={savePasskeyName}
          hidden={{ account: account.id, passkey: id }}
          name={typed["name"] ?? passkey.name}
          words={words}
        >
          <AccountHeading
            title={words.title}
            back={<BackLink href={list}>{t("toPasskeys")}</BackLink>}
            email={account.email}
            again={query.again}
          />
          {query.new && (
            <div className="mb-8">
              <Notice tone="done" title={t("name.added")}>
                {t("name.isNew")}
              </Notice>
            </div>
          )}
        </NameForm>
      </div>
    </AccountColumns>
  );
}
