import { getTranslations } from "next-intl/server";
import { KeyMark } from "@/components/icons";
import { brand } from "@/lib/brand";

const link =
  "inline-flex min-h-target items-center underline decoration-transparent underline-offset-4 hover:decoration-current";

/** The name of the site and, when signed in, links to the person's own pages. */
export async function SiteHeader({ account }: { account?: { name: string; email: string } | undefined }) {
  const t = await getTranslations("header");
  return (
    <header className="mx-auto flex w-full max-w-page flex-wrap items-center justify-between gap-x-6 px-5 py-3 sm:px-8 sm:py-4">
      <a
        href="/home/setup"
        className="-ms-1 inline-flex min-h-target items-center gap-3 rounded-sm px-1 font-bold tracking-tight"
      >
        <KeyMark />
        {brand.site}
      </a>
      {/* On a narrow screen Help stays beside the name and the person's own pages get their own line. */}
      <nav aria-label={t("label")} className="contents text-small sm:flex sm:gap-x-6">
        {account && (
          <div className="order-last flex w-full min-w-0 gap-x-6 text-small sm:order-none sm:w-auto">
            <a href="/home/subscriptions" className={`${link} flex-none`}>
              {t("subscriptions")}
            </a>
            <a href="/home/account" className={`${link} min-w-0`} title={t("account")}>
              <span className="truncate sm:max-w-56">{account.email}</span>
            </a>
          </div>
        )}
        <a href="/help/find-your-key" className={`${link} text-small`}>
          {t("help")}
        </a>
      </nav>
    </header>
  );
}
