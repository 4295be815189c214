import { redirect } from "next/navigation";
import { getLocale, getTranslations } from "next-intl/server";
import { z } from "zod";
import { BackLink } from "@/components/back-link";
import { ChoiceList, type ListedChoice } from "@/components/choice-list";
import { HiddenFields } from "@/components/hidden-fields";
import { Notice } from "@/components/notice";
import { PageHeading } from "@/components/page-heading";
import { PageTitle } from "@/components/page-title";
import { ReviewSummary } from "@/components/review-summary";
import { Steps } from "@/components/steps";
import { SubmitButton } from "@/components/submit-button";
import { brand, products } from "@/lib/brand";
import { available, requireSession } from "@/app/gate";
import { listOtherAccountsHere } from "@/lib/account/session/list-accounts-here";
import { readClient } from "@/lib/account/session/session";
import type { Caller } from "@/lib/account/session/caller";
import { givingKinds, type Choice, type GivingKind } from "@/lib/licence/choices";
import { daysLeft } from "@/lib/licence/coverage";
import { previewKey } from "@/lib/licence/preview-key";
import { isKeyOfAny } from "@/lib/licence/owns-key";
import { startIfKept } from "@/lib/licence/self-starts";
import { keyHint } from "@/lib/licence/product-key";
import { languageTags, type Locale } from "@/lib/messages/locale";
import { formatDate, formatDay, formatEnd } from "@/lib/messages/dates";
import { readTypedKey } from "@/app/typed-key";
import { activate } from "./actions";
import { Overlap } from "./overlap";
import { Refusal } from "./refusal";
import { termInWords } from "@/lib/messages/term";
import { currentTime } from "@/lib/clock";

type ReviewPageProps = { searchParams: Promise<{ p?: string; again?: string; of?: string; was?: string }> };

export default async function ReviewPage({ searchParams }: ReviewPageProps) {
  const { p: previewId = "", again, of, was } = await searchParams;
  const here = `/home/setup/review?p=${encodeURIComponent(previewId)}`;
  const { account } = await requireSession(here);
  const key = await readTypedKey(previewId);
  if (!key) redirect("/home/setup/key?again=expired");

  const now = currentTime();
  const network = (await readClient()).addressPrefix;
  const preview = await available(here, previewKey({ key, accountId: account.id, network }, { now }));
  if (preview.status === "alreadyYours") redirect(`/home/setup/done/${preview.grantId}?again=yours`);
  if (preview.status !== "ready") {
    const isUsed = preview.status === "refused" && preview.reason === "usedByAnother";
    const isOtherHere = isUsed && (await available(here, isOfOtherHere(key, account.id)));
    const about = { hint: keyHint(key), refusal: preview, isOtherHere, account, previewId, here };
    return <Refusal {...about} />;
  }

  const [t, common, locale] = await Promise.all([getTranslations("review"), getTranslations("common"), getLocale()]);
  const end = (at: Date) => formatEnd(at, locale, account.timeZone);
  const devices = common("devices", { count: preview.seats });
  const length = await termInWords(preview.term);
  const givings = preview.choices.filter((one) => one.kind !== "keep");
  const best = givings[0]!;
  const keeping = preview.choices.find((one) => one.kind === "keep");
  const provider = keeping?.provider ?? null;
  const { product, term } = preview;
  const wanted = { accountId: account.id, product, term };
  const startsAt = keeping?.runningUntil ? await available(here, startIfKept(wanted, { now })) : null;
  const redeemBy = preview.redeemBy && formatDate(preview.redeemBy, locale);
  // Another subscription that runs on some of the same days, so that a day is used of both.
  const overlapping = preview.beside.filter(({ endsAt }) => endsAt > best.startsAt);
  const apart = preview.beside.filter((other) => !overlapping.includes(other));
  const regions = preview.regions?.map((code) => new Intl.DisplayNames(locale, { type: "region" }).of(code) ?? code);

  return (
    <>
      <PageTitle title={t("title")} site={brand.site} />
      <PageHeading
        title={t("title")}
        lead={t("lead")}
        above={
          <>
            <BackLink href="/home/setup/key">{t("otherKey")}</BackLink>
            <Steps current="check" />
          </>
        }
      />
      {again === "held" && (
        <div className="mb-8">
          <Notice tone="info">{t("held")}</Notice>
        </div>
      )}
      {(again === "account" || again === "changed") && (
        <div className="mb-8">
          {again === "account" ? (
            <Notice tone="warning">{t("otherAccount", { email: account.email })}</Notice>
          ) : (
            <Notice tone="warning" title={t("changed.title")}>
              {t("changed.text")}
              <Changed before={readShown(of, was)} now={best} end={end} />
            </Notice>
          )}
        </div>
      )}
      <ReviewSummary
        product={products[preview.product].name}
        gives={t("gives", { length, devices })}
        facts={[
          {
            name: t("key"),
            value: t.rich("keyEnds", {
              hint: keyHint(key),
              strong: (hint) => <code className="font-mono">{hint}</code>,
            }),
          },
          ...(redeemBy ? [{ name: t("redeemBy"), value: redeemBy }] : []),
          ...(regions ? [{ name: t("region"), value: new Intl.ListFormat(languageTags[locale]).format(regions) }] : []),
        ]}
        account={{
          label: t("account"),
          email: account.email,
          name: account.name,
          other: (
            <>
              {t("notYou")} <a href={`/sign-in?switch=1&next=${encodeURIComponent(here)}`}>{t("switchAccount")}</a>
            </>
          ),
        }}
        action={activate}
        choices={
          <ChoiceList
            title={t("choices.title")}
            choices={preview.choices.map((choice) =>
              listed(choice, { t, now, end, length, locale, account, provider, startsAt }),
            )}
          />
        }
        warning={
          overlapping.length > 0 && (
            <Overlap
              others={overlapping}
              added={{ product: preview.product, endsAt: best.endsAt }}
              timeZone={account.timeZone}
            />
          )
        }
      >
        <HiddenFields
          values={{
            preview: previewId,
            version: preview.version,
            account: account.id,
            // What this page shows, to be compared with what it shows when something has changed.
            ...Object.fromEntries(givings.map(({ kind, endsAt }) => [`until-${kind}`, endsAt.toISOString()])),
          }}
        />
        <div className="flex flex-wrap gap-3">
          <div className="max-sm:w-full group-has-[[value=keep]:checked]:hidden">
            <SubmitButton variant={overlapping.length > 0 ? "quiet" : "primary"} pending={common("pending")}>
              {t("submit")}
            </SubmitButton>
          </div>
          {preview.choices.some(({ kind }) => kind === "keep") && (
            // Beside another subscription both buttons stand there, because keeping loses no day.
            <div
              className={`max-sm:w-full ${overlapping.length > 0 ? "" : "hidden group-has-[[value=keep]:checked]:block"}`}
            >
              <SubmitButton
                variant={overlapping.length > 0 ? "quiet" : "primary"}
                name="press"
                value="keep"
                pending={common("pending")}
              >
                {t("keep")}
              </SubmitButton>
            </div>
          )}
        </div>
        <p className="mt-4 text-small text-soft">{t("noCard")}</p>
        {apart.map((other) => (
          <p key={other.product + other.endsAt.getTime()} className="mt-2 text-small text-soft">
            {t("beside.apart", { product: products[other.product].name, date: end(other.endsAt) })}
          </p>
        ))}
      </ReviewSummary>
    </>
  );
}

/**
 * Whether a key belongs to another account that was signed in to in this browser. Only its owner knows of that account,
 * so the page does not name it.
 */
async function isOfOtherHere(key: string, accountId: string): Promise<boolean> {
  const { browser } = await readClient();
  return isKeyOfAny({ key, accountIds: await listOtherAccountsHere({ accountId, browser }) });
}

type Shown = { kind: GivingKind; endsAt: Date };

/** What the person was shown before something changed. It comes from the address, so it may be anything. */
function readShown(of: string | undefined, was: string | undefined): Shown | null {
  const read = z.object({ kind: z.enum(givingKinds), endsAt: z.iso.datetime().pipe(z.coerce.date()) });
  return read.safeParse({ kind: of, endsAt: was }).data ?? null;
}

/** Both ends, when the date has changed. */
async function Changed({ before, now, end }: { before: Shown | null; now: Shown; end: (at: Date) => string }) {
  if (!before || end(before.endsAt) === end(now.endsAt)) return null;
  const t = await getTranslations("review");
  const words = ({ kind, endsAt }: Shown) => ({ choice: t(`choices.${kind}.label`), date: end(endsAt) });
  return (
    <p className="mt-2">
      {t("changed.before", words(before))} <strong>{t("changed.now", words(now))}</strong>
    </p>
  );
}

type Wording = {
  t: Awaited<ReturnType<typeof getTranslations<"review">>>;
  now: Date;
  /** An exclusive end, in words. */
  end: (at: Date) => string;
  /** The term of the key, in words. */
  length: string;
  locale: Locale;
  account: Caller["account"];
  /** The partner whose lease of this product runs, or null. */
  provider: string | null;
  /** When the key would start by itself if it were kept, or null. */
  startsAt: Date | null;
};

/** A choice with its sum, in the person's words. */
function listed(choice: Choice, { t, now, end, length, locale, account, provider, startsAt }: Wording): ListedChoice {
  const { kind } = choice;
  const why =
    provider && kind !== "start" ? t(`choices.${kind}.whyLeased`, { partner: provider }) : t(`choices.${kind}.why`);
  const words = { value: kind, label: t(`choices.${kind}.label`), why };
  if (choice.kind === "keep") {
    const itself = provider
      ? t("choices.keep.itselfLeased", { partner: provider })
      : startsAt && t("choices.keep.itself", { date: end(startsAt) });
    return { ...words, ...(itself && { more: <StartItself label={itself} /> }) };
  }
  const days = daysLeft(choice.endsAt, now, account.timeZone);
  const before =
    choice.kind === "extend"
      ? { name: t("outcome.endsNow"), value: end(choice.runningUntil) }
      : { name: t("outcome.today"), value: formatDay(now, locale, account.timeZone) };
  return {
    ...words,
    sum: {
      lines: [before, { name: t("outcome.added"), value: t("outcome.plus", { length }) }],
      total: { name: t("outcome.newEnd"), value: end(choice.endsAt) },
      after: t(choice.kind === "extend" ? "outcome.daysKept" : "outcome.daysFromToday", { count: days }),
    },
  };
}

const StartItself = ({ label }: { label: string }) => (
  <div className="mt-2 flex min-h-target items-center gap-3">
    <input
      type="checkbox"
      name="itself"
      id="itself"
      value="yes"
      defaultChecked
      className="size-6 flex-none accent-green"
    />
    <label htmlFor="itself" className="grow cursor-pointer py-2">
      {label}
    </label>
  </div>
);
