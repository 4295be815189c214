import { getTranslations } from "next-intl/server";
import { ButtonLink } from "@/components/button";
import { brand } from "@/lib/brand";

/** The empty state: three ways to add a subscription to this account. */
export async function NoSubscription({ email }: { email: string }) {
  const t = await getTranslations("subscriptions.empty");
  return (
    <div className="max-w-measure">
      <h2 className="text-h2 tracking-tight">{t("title")}</h2>
      <p className="mt-2 text-lead text-soft">{t("lead")}</p>
      <ol className="mt-8">
        <li className="border-t border-line py-5">
          <h3 className="text-h3">{t("key.title")}</h3>
          <p className="mt-1">{t("key.text")}</p>
          <div className="mt-4">
            <ButtonLink href="/home/setup/key">{t("key.action")}</ButtonLink>
          </div>
        </li>
        <li className="border-t border-line py-5">
          <h3 className="text-h3">{t("partner.title")}</h3>
          <p className="mt-1">{t("partner.text")}</p>
          <div className="mt-4">
            <ButtonLink variant="quiet" href="/home/setup/partner-code">
              {t("partner.action")}
            </ButtonLink>
          </div>
        </li>
        <li className="border-t border-line py-5">
          <h3 className="text-h3">{t("store.title")}</h3>
          <p className="mt-1">{t("store.text", { app: brand.app })}</p>
        </li>
      </ol>
      <p className="mt-4 border-t border-line pt-5 text-small text-soft">
        {t("otherAccount", { email })}{" "}
        <a href={`/sign-in?switch=1&next=${encodeURIComponent("/home/subscriptions")}`}>{t("switchAccount")}</a>
      </p>
    </div>
  );
}
