import { getTranslations } from "next-intl/server";
import type { GrantView } from "@/lib/licence/subscriptions";

/** Leads to the public certificate of an activation. */
export async function CertificateLink({ grant }: { grant: GrantView }) {
  const { source } = grant;
  if (source.kind !== "key") return null;
  const t = await getTranslations("subscriptions");
  return (
    <a
      href={`/certificates/${grant.id}`}
      className="link inline-flex min-h-target items-center text-small text-ink print:hidden"
    >
      {t("certificate")}
      <span className="sr-only">&nbsp;{t("certificateOf", { hint: source.hint })}</span>
    </a>
  );
}
