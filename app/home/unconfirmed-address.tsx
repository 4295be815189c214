import { getTranslations } from "next-intl/server";
import { Notice } from "@/components/notice";

/** A quiet reminder. Everything works without a confirmed address. */
export async function UnconfirmedAddress({ account }: { account: { email: string; emailVerifiedAt: Date | null } }) {
  if (account.emailVerifiedAt) return null;
  const t = await getTranslations("verifyEmail.notice");
  return (
    <div className="mb-8">
      <Notice tone="info" title={t("title")}>
        <span className="wrap-anywhere">{t("text", { email: account.email })}</span>{" "}
        <a href="/verify-email">{t("link")}</a>
      </Notice>
    </div>
  );
}
