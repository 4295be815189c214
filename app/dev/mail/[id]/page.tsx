import { getLocale, getTranslations } from "next-intl/server";
import { redirect } from "next/navigation";
import { BackLink } from "@/components/back-link";
import { Facts } from "@/components/facts";
import { PageHeading } from "@/components/page-heading";
import { PageTitle } from "@/components/page-title";
import { brand } from "@/lib/brand";
import { shownMail } from "@/lib/mail/shown-mails";
import { formatMoment } from "@/lib/messages/dates";
import { nowhere } from "../nowhere";
import { zoneOfThisMachine } from "../zone";

/** One email as it would have been sent: its text, and its HTML as an email program shows it. */
export default async function MailPage({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  const [mail, t, locale] = await Promise.all([shownMail(id), getTranslations("devMail"), getLocale()]);
  if (!mail) redirect(nowhere);
  return (
    <div className="max-w-card">
      <PageTitle title={mail.subject} site={brand.site} />
      <PageHeading title={mail.subject} above={<BackLink href="/dev/mail">{t("back")}</BackLink>} />
      <Facts
        facts={[
          { name: t("recipient"), value: mail.to },
          { name: t("sender"), value: mail.from },
          { name: t("at"), value: formatMoment(mail.at, locale, zoneOfThisMachine()) },
        ]}
      />
      <div className="mt-6 max-w-measure border-t border-line pt-6 wrap-anywhere whitespace-pre-wrap">
        {mail.text.split(/(https?:\/\/\S+)/).map((piece, at) =>
          at % 2 === 1 ? (
            <a key={at} href={piece} className="link">
              {piece}
            </a>
          ) : (
            piece
          ),
        )}
      </div>
      <h2 className="mt-10 text-h2 tracking-tight">{t("html")}</h2>
      {/* Its links open in this window. The sandbox runs no scripts. */}
      <iframe
        title={t("html")}
        sandbox="allow-top-navigation-by-user-activation"
        srcDoc={mail.html.replace("<head>", '<head><base target="_top">')}
        className="mt-4 h-[64rem] w-full rounded border border-line"
      />
    </div>
  );
}
