import { redirect } from "next/navigation";
import { getLocale, getTranslations } from "next-intl/server";
import { BackLink } from "@/components/back-link";
import { EmailAddress } from "@/components/email-address";
import { HiddenFields } from "@/components/hidden-fields";
import { Notice } from "@/components/notice";
import { OtherAccount } from "@/components/other-account";
import { PageHeading } from "@/components/page-heading";
import { PageTitle } from "@/components/page-title";
import { SeveralKeys, type ListedKey } from "@/components/several-keys";
import { Steps } from "@/components/steps";
import { SubmitButton } from "@/components/submit-button";
import { available, requireSession } from "@/app/gate";
import { readClient } from "@/lib/account/session/session";
import { brand } from "@/lib/brand";
import { currentTime } from "@/lib/clock";
import type { Choice } from "@/lib/licence/choices";
import { planKeys, type PlannedKey } from "@/lib/licence/plan-keys";
import { formatEnd } from "@/lib/messages/dates";
import { activateAll } from "./actions";
import { idsIn, readTypedKeys, severalPath, wishesIn } from "./several";
import { describeKey } from "./describe-key";

type SeveralPageProps = { searchParams: Promise<{ p?: string; c?: string; again?: string }> };

/** What several keys give one after the other, before any of them is used. */
export default async function SeveralPage({ searchParams }: SeveralPageProps) {
  const { p, c, again } = await searchParams;
  const ids = idsIn(p);
  const here = severalPath(ids);
  const { account } = await requireSession(here);
  const held = await readTypedKeys(ids);
  if (held.length === 0) redirect("/home/setup/key?again=expired");

  const several = {
    keys: held.map(({ key }) => key),
    wishes: wishesIn(c),
    accountId: account.id,
    network: (await readClient()).addressPrefix,
  };
  const planned = await available(here, planKeys(several, { now: currentTime() }));
  const [t, review, refusal, common, locale] = await Promise.all([
    getTranslations("several"),
    getTranslations("review"),
    getTranslations("refusal"),
    getTranslations("common"),
    getLocale(),
  ]);
  const end = (at: Date) => formatEnd(at, locale, account.timeZone);
  /** What a choice leads to. */
  const thenOf = (choice: Choice) => {
    if (choice.kind !== "keep") return t("until", { date: end(choice.endsAt) });
    if (choice.provider) return t("itselfLeased", { partner: choice.provider });
    return choice.runningUntil ? t("itself", { date: end(choice.runningUntil) }) : undefined;
  };

  const listed = await Promise.all(
    planned.map(async (one, at): Promise<ListedKey> => {
      const { id } = held[at]!;
      const about = {
        id,
        ...(await describeKey(one)),
        more: { href: `/home/setup/review?p=${id}`, label: t("alone") },
      };
      if (one.status === "alreadyYours") return { ...about, choices: [], state: { text: t("yours"), tone: "done" } };
      if (one.status !== "ready")
        return { ...about, choices: [], state: { text: refusal(`${reasonOf(one)}.title`), tone: "refused" } };
      const choices = one.choices.map((choice) => ({
        value: choice.kind,
        label: review(`choices.${choice.kind}.label`),
        then: thenOf(choice),
        checked: choice.kind === one.chosen?.kind,
      }));
      return { ...about, choices: [...choices, { value: "leave", label: t("leave"), checked: one.chosen === null }] };
    }),
  );
  const ends = planned.flatMap((one, at) =>
    one.status !== "ready"
      ? []
      : one.choices.flatMap((choice) =>
          choice.kind === "keep" ? [] : [[`until-${held[at]!.id}-${choice.kind}`, choice.endsAt.toISOString()]],
        ),
  );
  return (
    <>
      <PageTitle title={t("title", { count: held.length })} site={brand.site} />
      <PageHeading
        title={t("title", { count: held.length })}
        lead={t("lead")}
        above={
          <>
            <BackLink href="/home/setup/key">{review("otherKey")}</BackLink>
            <Steps current="check" />
          </>
        }
      />
      {again === "account" && <OtherAccount email={account.email} />}
      {again === "changed" && (
        <div className="mb-8">
          <Notice tone="warning" title={t("changed.title")}>
            {t("changed.text")}
          </Notice>
        </div>
      )}
      <form action={activateAll} className="max-w-card">
        <SeveralKeys keys={listed} />
        <HiddenFields values={{ previews: ids.join("."), account: account.id, ...Object.fromEntries(ends) }} />
        <p className="mt-8 text-small text-soft">
          {review("account")} <EmailAddress>{account.email}</EmailAddress> · {review("notYou")}{" "}
          <a href={`/sign-in?switch=1&next=${encodeURIComponent(here)}`}>{review("switchAccount")}</a>
        </p>
        {planned.some(({ status }) => status === "ready") && (
          <div className="mt-4">
            <SubmitButton pending={common("pending")}>{review("submit")}</SubmitButton>
          </div>
        )}
        <p className="mt-4 text-small text-soft">{review("noCard")}</p>
      </form>
    </>
  );
}

const reasonOf = (one: Extract<PlannedKey, { status: "refused" | "limited" }>) =>
  one.status === "limited" ? "tooMany" : one.reason;
