import { getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import { ButtonLink } from "@/components/button";
import { AccountDrawing, BoxDrawing, MailDrawing, ProviderDrawing } from "@/components/drawings";
import { KeyEcho } from "@/components/key-echo";
import { PageHeading } from "@/components/page-heading";
import { PageTitle } from "@/components/page-title";
import { brand } from "@/lib/brand";

/** Where to find the key, for each way of buying it. */
export default async function FindYourKeyPage() {
  const t = await getTranslations("help");
  return (
    <div>
      <PageTitle title={t("title")} site={brand.site} />
      <meta name="description" content={t("lead")} />
      <PageHeading title={t("title")} lead={t("lead")} />
      <figure className="max-w-measure">
        <div className="overflow-hidden rounded-lg border border-line bg-sheet card-shadow">
          <KeyEcho text="22345-6789B-CDFGH-JKMNP-756H8" />
        </div>
        <figcaption className="mt-2 text-small text-soft">{t("example")}</figcaption>
      </figure>
      <div className="mt-10">
        <Place drawing={<BoxDrawing />} title={t("card.title")}>
          <p>{t("card.text")}</p>
          <p>{t("card.scratch")}</p>
        </Place>
        <Place drawing={<MailDrawing />} title={t("mail.title")}>
          <p>{t("mail.text")}</p>
        </Place>
        <Place drawing={<MailDrawing />} title={t("shop.title")}>
          <p>{t("shop.text")}</p>
          <p>{t("shop.spam")}</p>
        </Place>
        <Place drawing={<AccountDrawing />} title={t("account.title")}>
          <p>{t("account.text")}</p>
          <p>
            <a href="/home/subscriptions" className="link">
              {t("account.link")}
            </a>
          </p>
        </Place>
        <Place drawing={<ProviderDrawing />} title={t("provider.title")}>
          <p>{t("provider.text")}</p>
          <p>
            <a href="/home/setup/partner-code" className="link">
              {t("provider.link")}
            </a>
          </p>
        </Place>
      </div>
      <div className="border-t border-line pt-6 text-soft">
        <p className="max-w-measure">
          {t("notTheKey")} {t("unreadable")}
        </p>
      </div>
      <h2 className="mt-10 text-h2 tracking-tight">{t("found")}</h2>
      <div className="mt-4">
        <ButtonLink href="/home/setup/key">{t("enterKey")}</ButtonLink>
      </div>
    </div>
  );
}

function Place({ drawing, title, children }: { drawing: ReactNode; title: string; children: ReactNode }) {
  return (
    <section className="flex flex-col gap-x-8 gap-y-4 border-t border-line py-7 sm:flex-row sm:gap-x-10">
      <div className="w-24 flex-none sm:w-28">{drawing}</div>
      <div className="max-w-measure min-w-0">
        <h2 className="text-h3">{title}</h2>
        <div className="mt-1 grid gap-2">{children}</div>
      </div>
    </section>
  );
}
