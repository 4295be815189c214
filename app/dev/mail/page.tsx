import { getLocale, getTranslations } from "next-intl/server";
import { redirect } from "next/navigation";
import { PageHeading } from "@/components/page-heading";
import { PageTitle } from "@/components/page-title";
import { brand } from "@/lib/brand";
import { shownMails } from "@/lib/mail/shown-mails";
import { formatMoment } from "@/lib/messages/dates";
import { nowhere } from "./nowhere";
import { zoneOfThisMachine } from "./zone";

/** The emails that a demo writes instead of sending them. */
export default async function MailsPage() {
  const [mails, t, locale] = await Promise.all([shownMails(), getTranslations("devMail"), getLocale()]);
  if (!mails) redirect(nowhere);
  return (
    <div className="max-w-card">
      <PageTitle title={t("title")} site={brand.site} />
      <PageHeading title={t("title")} lead={t("lead")} />
      {mails.length === 0 && <p>{t("none")}</p>}
      <ul>
        {mails.map(({ id, to, subject, at }) => (
          <li key={id} className="border-t border-line py-4">
            <a href={`/dev/mail/${id}`} className="link inline-flex min-h-target items-center font-bold">
              {subject}
            </a>
            <p className="text-small text-soft wrap-anywhere">
              {t("to", { address: to })}
              <br />
              <time dateTime={at.toISOString()}>{formatMoment(at, locale, zoneOfThisMachine())}</time>
            </p>
          </li>
        ))}
      </ul>
    </div>
  );
}
