import { getLocale, getTranslations } from "next-intl/server";
import { Notice } from "@/components/notice";
import { products, type ProductCode } from "@/lib/brand";
import { formatEnd } from "@/lib/messages/dates";

type Running = { product: ProductCode; endsAt: Date };

type OverlapProps = {
  others: readonly Running[];
  /** The subscription as the key would leave it. */
  added: Running;
  timeZone: string;
};

/** Says that the key's days would run beside those of other subscriptions, and that keeping it loses none. */
export async function Overlap({ others, added, timeZone }: OverlapProps) {
  const [t, locale] = await Promise.all([getTranslations("review.beside"), getLocale()]);
  const words = ({ product, endsAt }: Running) => ({
    product: products[product].name,
    date: formatEnd(endsAt, locale, timeZone),
  });
  return (
    <Notice tone="warning" title={t("title")}>
      <ul>
        {others.map((other) => (
          <li key={other.product + other.endsAt.getTime()}>{t("other", words(other))}</li>
        ))}
        <li>{t("this", words(added))}</li>
      </ul>
      <p className="mt-2">
        {t("overlap")} {t("wait")}
      </p>
    </Notice>
  );
}
