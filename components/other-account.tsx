import { getTranslations } from "next-intl/server";
import { Notice } from "@/components/notice";

/** Says who is signed in now, when the submitted form was made for another account (see requireSender). */
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
