import { getTranslations } from "next-intl/server";
import { EmailAddress } from "@/components/email-address";
import { KeyMark } from "@/components/icons";
import { brand } from "@/lib/brand";

const link =
  "inline-flex min-h-target items-center underline decoration-transparent underline-offset-4 hover:decoration-current";

type SiteHeaderProps = {
  account?: { name: string; email: string } | undefined;
  /** Server action. */
  signOut: () => Promise<void>;
};

/** The name of the site and, when signed in, links to the person's own pages and the way out. */
export async function SiteHeader({ account, signOut }: SiteHeaderProps) {
  const t = await getTranslations("header");
  return (
    <header className="mx-auto flex w-full max-w-page flex-wrap items-start justify-between gap-x-6 px-5 py-3 max-xs:px-3 sm:px-8 sm:py-4 print:hidden">
      <a
        href="/home/setup"
        className="-ms-1 inline-flex min-h-target items-center gap-3 rounded-sm px-1 font-bold tracking-tight"
      >
        <KeyMark />
        {brand.site}
      </a>
      {/* On a narrow screen Help stays beside the name and the person's own pages get their own line. */}
      <nav aria-label={t("label")} className="contents text-small sm:flex sm:items-start sm:gap-x-6">
        {account && (
          <div className="order-last flex w-full min-w-0 flex-wrap items-start justify-between gap-x-6 text-small sm:order-none sm:w-auto sm:flex-nowrap">
            <a href="/home/subscriptions" className={`${link} flex-none`}>
              {t("subscriptions")}
            </a>
            <a href="/home/devices" className={`${link} flex-none`}>
              {t("devices")}
            </a>
            <div className="flex min-w-0 items-start justify-between gap-x-2 max-sm:w-full sm:gap-x-6">
              <a href="/home/account" className="group max-w-72 min-w-0 pt-2.5 pb-1">
                <span className="block underline decoration-transparent underline-offset-4 group-hover:decoration-current">
                  {t("account")}
                </span>
                <span className="block text-note text-soft">
                  <EmailAddress>{account.email}</EmailAddress>
                </span>
              </a>
              <form action={signOut} className="flex-none">
                <button type="submit" className={`${link} cursor-pointer`}>
                  {t("signOut")}
                </button>
              </form>
            </div>
          </div>
        )}
        <a href="/help/find-your-key" className={`${link} text-small`}>
          {t("help")}
        </a>
      </nav>
    </header>
  );
}
