import { getTranslations } from "next-intl/server";
import { BackLink } from "@/components/back-link";
import { PageTitle } from "@/components/page-title";
import { PasskeyButton } from "@/components/passkey-button";
import { WherePasskeysWork } from "@/components/where-passkeys-work";
import { brand } from "@/lib/brand";
import { requireFresh } from "@/app/gate";
import { formWords } from "@/lib/messages/form-words";
import { AccountColumns } from "../../account-columns";
import { AccountHeading } from "../../account-heading";
import { beginAdding, finishAdding } from "./actions";

type AddPasskeyPageProps = { searchParams: Promise<{ again?: string }> };

export default async function AddPasskeyPage({ searchParams }: AddPasskeyPageProps) {
  const { account } = await requireFresh("/home/account/passkeys/add");
  const [t, passkeys, words, { again }] = await Promise.all([
    getTranslations("addPasskey"),
    getTranslations("passkeys"),
    formWords("passkey", "tooManyAttempts"),
    searchParams,
  ]);
  return (
    <AccountColumns current="passkeys">
      <div className="max-w-form">
        <PageTitle title={t("title")} site={brand.site} />
        <AccountHeading
          title={t("title")}
          lead={t("lead")}
          back={<BackLink href="/home/account/passkeys">{passkeys("toPasskeys")}</BackLink>}
          email={account.email}
          again={again}
        />
        <WherePasskeysWork words={{ withoutScripts: passkeys("withoutScripts"), unsupported: passkeys("unsupported") }}>
          <PasskeyButton
            kind="make"
            begin={beginAdding}
            finish={finishAdding}
            fields={{ account: account.id }}
            words={{ locale: words.locale, label: t("submit"), pending: t("pending"), errors: words.errors }}
          />
        </WherePasskeysWork>
      </div>
    </AccountColumns>
  );
}
