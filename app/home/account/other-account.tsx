import { getTranslations } from "next-intl/server";
import { Notice } from "@/components/notice";

/** Says who is signed in now, to whoever has sent a form that was made for somebody else; see requireSender. */
export async function OtherAccount({ email }: { email: string }) {
  const t = await getTranslations("accountForm");
  return (
    <div className="mb-8">
      <Notice tone="warning" title={t("otherAccount.title", { email })}>
        {t("otherAccount.text")}
      </Notice>
    </div>
  );
}
