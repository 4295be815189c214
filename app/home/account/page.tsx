import { getLocale, getTranslations } from "next-intl/server";
import { EmailAddress } from "@/components/email-address";
import { Facts } from "@/components/facts";
import { PageHeading } from "@/components/page-heading";
import { SubmitButton } from "@/components/submit-button";
import { requireSession } from "@/lib/account/session";
import { formWords } from "@/lib/messages/form-words";
import { locales } from "@/lib/messages/locale";
import { signOut } from "./actions";
import { NameForm } from "./name-form";

export default async function AccountPage() {
  const { account } = await requireSession("/home/account");
  const [t, footer, common, locale] = await Promise.all([
    getTranslations("account"),
    getTranslations("footer.languages"),
    getTranslations("common"),
    getLocale(),
  ]);
  const words = {
    ...(await formWords("name")),
    title: t("title"),
    name: t("name"),
    save: t("save"),
    saved: t("saved"),
  };
  const languages = locales.map((code) =>
    code === locale ? (
      <strong key={code} aria-current="true">
        {footer(code)}
      </strong>
    ) : (
      <a key={code} href={`/home/account?lang=${code}`} hrefLang={code} lang={code}>
        {footer(code)}
      </a>
    ),
  );
  return (
    <div className="max-w-measure">
      <NameForm name={account.name} words={words}>
        <PageHeading title={t("title")} lead={t("lead")} />
      </NameForm>
      <section className="mt-12">
        <h2 className="mb-3 text-h2 tracking-tight">{t("details")}</h2>
        <Facts
          facts={[
            { name: t("email"), value: <EmailAddress>{account.email}</EmailAddress> },
            { name: t("country"), value: new Intl.DisplayNames(locale, { type: "region" }).of(account.country) },
            { name: t("language"), value: <span className="flex gap-5">{languages}</span> },
          ]}
        />
      </section>
      <form action={signOut} className="mt-12 border-t border-line pt-6">
        <p className="mb-4 text-soft">{t("signOutText")}</p>
        <SubmitButton variant="quiet" pending={common("pending")}>
          {t("signOut")}
        </SubmitButton>
      </form>
    </div>
  );
}
