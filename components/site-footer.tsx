import { getLocale, getTranslations } from "next-intl/server";
import { LanguageOption } from "@/components/language-option";
import { locales } from "@/lib/messages/locale";

type SiteFooterProps = {
  /** Path and query of the page. Changing the language returns to it. */
  path: string;
  /** The site's only address, for example `my.example.com/home/setup`. */
  siteAddress: string;
  /** The trademark owner who runs the site. Without it the footer says that the site is independent. */
  brandOwner?: string | undefined;
  /** Pages of the site's owner. */
  links: Record<"support" | "privacy" | "terms", string | undefined>;
  /** Where to read the emails of a demo. */
  mails?: string | undefined;
  /** When signed in: see {@link LanguageOption}. */
  choose?: ((sent: FormData) => Promise<void>) | undefined;
};

/** The same on every page: the safety note with the site's address, and the way to each language. */
export async function SiteFooter({ path, siteAddress, brandOwner, links, mails, choose }: SiteFooterProps) {
  const [t, current] = await Promise.all([getTranslations("footer"), getLocale()]);
  return (
    <footer className="mx-auto mt-auto w-full max-w-page px-5 max-xs:px-3 sm:px-8">
      <div className="flex flex-wrap justify-between gap-x-12 gap-y-4 border-t border-line py-6 text-note text-soft print:border-t-0">
        <div className="max-w-measure">
          <p>
            {t.rich("safety", {
              address: siteAddress,
              strong: (words) => <strong className="text-ink wrap-anywhere">{words}</strong>,
            })}
          </p>
          <p className="mt-2">{brandOwner ? t("runBy", { owner: brandOwner }) : t("independent")}</p>
          <ul className="mt-1 flex flex-wrap gap-x-5 empty:hidden print:hidden">
            {Object.entries({ ...links, mails }).map(
              ([name, href]) =>
                href && (
                  <li key={name}>
                    <a href={href} className="inline-flex min-h-target items-center underline underline-offset-4">
                      {t(name as "mails")}
                    </a>
                  </li>
                ),
            )}
          </ul>
        </div>
        <ul aria-label={t("language")} className="-mt-2.5 flex flex-wrap gap-x-5 print:hidden">
          {locales.map((locale) => (
            <li key={locale} lang={locale} className="flex min-h-target items-center">
              {locale === current ? (
                <span aria-current="true" className="font-bold text-ink">
                  {t(`languages.${locale}`)}
                </span>
              ) : (
                <LanguageOption
                  {...{ path, locale, choose }}
                  className="inline-flex min-h-target items-center underline underline-offset-4"
                />
              )}
            </li>
          ))}
        </ul>
      </div>
    </footer>
  );
}
