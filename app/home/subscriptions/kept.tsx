import { getMessages, getTranslations } from "next-intl/server";
import { CopyKey } from "@/components/copy-key";
import { HiddenFields } from "@/components/hidden-fields";
import { KeptKeys } from "@/components/kept-keys";
import { KeyMask } from "@/components/key-mask";
import { SubmitButton } from "@/components/submit-button";
import { products } from "@/lib/brand";
import type { KeptKeyView } from "@/lib/licence/subscriptions";
import { formatDay, formatEnd } from "@/lib/messages/dates";
import type { Locale } from "@/lib/messages/locale";
import { termInWords } from "@/lib/messages/term";
import { MoveLink } from "../move-link";
import { showKey, startKept } from "./actions";

type KeptProps = {
  keys: readonly KeptKeyView[];
  account: { id: string; timeZone: string };
  /** The key to show because its owner asked for it before confirming their password. */
  wanted: string | undefined;
  locale: Locale;
};

/** The keys that an account keeps for later. */
export async function Kept({ keys, account, wanted, locale }: KeptProps) {
  const [t, common, messages] = await Promise.all([
    getTranslations("subscriptions.kept"),
    getTranslations("common"),
    getMessages(),
  ]);
  const { timeZone } = account;
  const day = (at: Date) => formatDay(at, locale, timeZone);
  const listed = await Promise.all(
    keys.map(
      async ({ id, product, term, hint, keptAt, withdrawnAt, startsAt, isDue, startsAfter, gives, version }) => ({
        id,
        product: products[product].name,
        what: t("what", { length: await termInWords(term), date: day(keptAt) }),
        starts: withdrawnAt
          ? t("withdrawn", { date: day(withdrawnAt) })
          : isDue
            ? t("due")
            : startsAt
              ? t("itself", { date: formatEnd(startsAt, locale, timeZone) })
              : startsAfter
                ? t("afterLease", { partner: startsAfter })
                : t("byHand"),
        now: gives
          ? t(gives.kind, { date: formatEnd(gives.endsAt, locale, timeZone) })
          : withdrawnAt
            ? undefined
            : t("tooLong"),
        key: withdrawnAt ? (
          <KeyMask hint={hint} />
        ) : (
          <>
            <CopyKey
              keyId={id}
              hint={hint}
              isWanted={id === wanted}
              reveal={showKey}
              words={messages.subscriptions.key}
            />
            <MoveLink id={id} />
          </>
        ),
        action: gives && (
          <form action={startKept} className="max-sm:w-full sm:flex-none">
            <HiddenFields values={{ key: id, version, account: account.id }} />
            <SubmitButton variant="quiet" pending={common("pending")}>
              {t("use")}
            </SubmitButton>
          </form>
        ),
      }),
    ),
  );
  return <KeptKeys title={t("title")} keys={listed} />;
}
