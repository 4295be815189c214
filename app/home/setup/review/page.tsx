import { redirect } from "next/navigation";
import { getLocale, getTranslations } from "next-intl/server";
import { BackLink } from "@/components/back-link";
import { ButtonLink } from "@/components/button";
import { Notice } from "@/components/notice";
import { PageHeading } from "@/components/page-heading";
import { PageTitle } from "@/components/page-title";
import { ReviewSummary } from "@/components/review-summary";
import { Steps } from "@/components/steps";
import { SubmitButton } from "@/components/submit-button";
import { brand, products } from "@/lib/brand";
import { available, requireSession } from "@/app/gate";
import { readClient } from "@/lib/account/session/session";
import { daysLeft } from "@/lib/licence/coverage";
import { previewKey } from "@/lib/licence/preview-key";
import { keyHint } from "@/lib/licence/product-key";
import { languageTags } from "@/lib/messages/locale";
import { formatDay, formatEnd } from "@/lib/messages/dates";
import { readTypedKey } from "@/app/typed-key";
import { activate } from "./actions";
import { Overlap } from "./overlap";
import { Refusal } from "./refusal";
import { termInWords } from "@/lib/messages/term";
import { currentTime } from "@/lib/clock";

type ReviewPageProps = { searchParams: Promise<{ p?: string; again?: string }> };

export default async function ReviewPage({ searchParams }: ReviewPageProps) {
  const { p: previewId = "", again } = await searchParams;
  const here = `/home/setup/review?p=${encodeURIComponent(previewId)}`;
  const { account } = await requireSession(here);
  const key = await readTypedKey(previewId);
  if (!key) redirect("/home/setup/key?again=expired");

  const now = currentTime();
  const network = (await readClient()).addressPrefix;
  const preview = await available(here, previewKey({ key, accountId: account.id, network }, { now }));
  if (preview.status === "alreadyYours") redirect(`/home/setup/done/${preview.grantId}?again=yours`);
  if (preview.status !== "ready")
    return <Refusal hint={keyHint(key)} refusal={preview} account={account} here={here} />;

  const [t, common, locale] = await Promise.all([getTranslations("review"), getTranslations("common"), getLocale()]);
  const end = (at: Date) => formatEnd(at, locale, account.timeZone);
  const devices = common("devices", { count: preview.seats });
  const length = await termInWords(preview.term);
  const [choice] = preview.choices;
  const runningUntil = choice.kind === "extend" ? choice.runningUntil : null;
  const before = runningUntil
    ? { name: t("outcome.endsNow"), value: end(runningUntil) }
    : { name: t("outcome.today"), value: formatDay(now, locale, account.timeZone) };
  const redeemBy = preview.redeemBy && formatDay(new Date(preview.redeemBy), locale, "UTC");
  // Another subscription that runs on some of the same days, so that a day is used of both.
  const overlapping = preview.beside.filter(({ endsAt }) => endsAt > choice.startsAt);
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
      {(again === "account" || again === "changed") && (
        <div className="mb-8">
          {again === "account" ? (
            <Notice tone="warning">{t("otherAccount", { email: account.email })}</Notice>
          ) : (
            <Notice tone="warning" title={t("changed.title")}>
              {t("changed.text")}
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
          { name: t("clock"), value: runningUntil ? t("clockAfter", { date: end(runningUntil) }) : t("clockNow") },
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
        outcome={{
          title: t(`outcome.${choice.kind}`),
          lines: [before, { name: t("outcome.added"), value: t("outcome.plus", { length }) }],
          total: { name: t("outcome.newEnd"), value: end(choice.endsAt) },
          after: t(choice.kind === "extend" ? "outcome.daysKept" : "outcome.daysFromToday", {
            count: daysLeft(choice.endsAt, now, account.timeZone),
          }),
        }}
        warning={
          overlapping.length > 0 && (
            <Overlap
              others={overlapping}
              added={{ product: preview.product, endsAt: choice.endsAt }}
              redeemBy={overlapping.some(({ endsAt }) => isBefore(preview.redeemBy, endsAt)) ? redeemBy : null}
              timeZone={account.timeZone}
            />
          )
        }
      >
        <form action={activate} className="flex flex-wrap gap-3">
          <input type="hidden" name="preview" value={previewId} />
          <input type="hidden" name="choice" value={choice.kind} />
          <input type="hidden" name="version" value={preview.version} />
          <input type="hidden" name="account" value={account.id} />
          <SubmitButton variant={overlapping.length > 0 ? "quiet" : "primary"} pending={common("pending")}>
            {t("submit")}
          </SubmitButton>
          {overlapping.length > 0 && (
            <ButtonLink variant="quiet" href="/home/subscriptions?kept=1">
              {t("notNow")}
            </ButtonLink>
          )}
        </form>
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

/** Whether a key must be activated before an instant. @param day YYYY-MM-DD, or null for a key without a deadline */
const isBefore = (day: string | null, at: Date): boolean => day !== null && day < at.toISOString().slice(0, 10);
