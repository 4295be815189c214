import { redirect } from "next/navigation";
import { getLocale, getTranslations } from "next-intl/server";
import { BackLink } from "@/components/back-link";
import { HiddenFields } from "@/components/hidden-fields";
import { Notice } from "@/components/notice";
import { PageHeading } from "@/components/page-heading";
import { PageTitle } from "@/components/page-title";
import { ReviewSummary } from "@/components/review-summary";
import { Steps } from "@/components/steps";
import { SubmitButton } from "@/components/submit-button";
import { available, requireSession } from "@/app/gate";
import { readTypedCode } from "@/app/typed-key";
import { readClient } from "@/lib/account/session/session";
import { brand, products } from "@/lib/brand";
import { currentTime } from "@/lib/clock";
import { previewCode } from "@/lib/licence/leases/preview-code";
import { keyHint } from "@/lib/licence/product-key";
import { formatDate, formatEnd } from "@/lib/messages/dates";
import { activateCode } from "./actions";
import { CodeRefused } from "./code-refused";

type CodeReviewProps = { searchParams: Promise<{ p?: string; again?: string }> };

/** What a partner code gives and to which account, before it is used. */
export default async function CodeReviewPage({ searchParams }: CodeReviewProps) {
  const { p: previewId = "", again } = await searchParams;
  const here = `/home/setup/partner-code/review?p=${encodeURIComponent(previewId)}`;
  const { account } = await requireSession(here);
  const code = await readTypedCode(previewId);
  if (!code) redirect("/home/setup/partner-code?again=expired");

  const network = (await readClient()).addressPrefix;
  const looked = previewCode({ code, accountId: account.id, network }, { now: currentTime() });
  const preview = await available(here, looked);
  if (preview.status === "alreadyYours") redirect(`/home/setup/done/${preview.grantId}?again=yours`);
  if (preview.status !== "ready") return <CodeRefused refusal={preview} timeZone={account.timeZone} here={here} />;

  const [t, review, common, locale] = await Promise.all([
    getTranslations("partnerCode.review"),
    getTranslations("review"),
    getTranslations("common"),
    getLocale(),
  ]);
  const { partner, besideUntil, redeemBy } = preview;
  const devices = common("devices", { count: preview.seats });
  return (
    <>
      <PageTitle title={review("title")} site={brand.site} />
      <PageHeading
        title={review("title")}
        lead={t("lead")}
        above={
          <>
            <BackLink href="/home/setup/partner-code">{t("otherCode")}</BackLink>
            <Steps current="check" of="code" />
          </>
        }
      />
      {again === "account" && (
        <div className="mb-8">
          <Notice tone="warning">{t("otherAccount", { email: account.email })}</Notice>
        </div>
      )}
      <ReviewSummary
        product={products[preview.product].name}
        gives={t("gives", { devices, partner })}
        facts={[
          {
            name: t("code"),
            value: review.rich("keyEnds", {
              hint: keyHint(code),
              strong: (hint) => <code className="font-mono">{hint}</code>,
            }),
          },
          ...(redeemBy ? [{ name: review("redeemBy"), value: formatDate(redeemBy, locale) }] : []),
        ]}
        account={{
          label: review("account"),
          email: account.email,
          name: account.name,
          other: (
            <>
              {review("notYou")}{" "}
              <a href={`/sign-in?switch=1&next=${encodeURIComponent(here)}`}>{review("switchAccount")}</a>
            </>
          ),
        }}
        action={activateCode}
        choices={
          <dl>
            <dt className="text-small text-soft">{t("runs")}</dt>
            <dd className="font-bold">{t("until", { partner })}</dd>
          </dl>
        }
        warning={
          besideUntil && (
            <Notice tone="warning" title={t("beside.title")}>
              {t("beside.own", { date: formatEnd(besideUntil, locale, account.timeZone) })} {t("beside.overlap")}
            </Notice>
          )
        }
      >
        <HiddenFields values={{ preview: previewId, account: account.id }} />
        <SubmitButton pending={common("pending")}>{review("submit")}</SubmitButton>
        <p className="mt-4 text-small text-soft">{t("noCard")}</p>
      </ReviewSummary>
    </>
  );
}
