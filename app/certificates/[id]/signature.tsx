import { getTranslations } from "next-intl/server";
import type { Signed } from "@/lib/licence/sign-claims";

/** The signature of a certificate, and how to check it without trusting the page. */
export async function Signature({ signed: { token, keyId } }: { signed: Signed }) {
  const t = await getTranslations("certificate.check");
  return (
    <details className="mt-4 text-small print:hidden">
      <summary className="link flex min-h-target cursor-pointer items-center">{t("signature")}</summary>
      <p className="mt-1">{t("signed")}</p>
      <p className="mt-2">
        {t("how")} <a href="/.well-known/jwks.json">{t("keys")}</a>
      </p>
      <dl className="mt-2 text-note">
        <dt className="text-soft">{t("key")}</dt>
        <dd className="font-mono wrap-anywhere">{keyId}</dd>
        <dt className="mt-2 text-soft">{t("token")}</dt>
        <dd translate="no" className="font-mono wrap-anywhere">
          {token}
        </dd>
      </dl>
    </details>
  );
}
