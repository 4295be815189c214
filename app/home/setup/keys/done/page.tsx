import { redirect } from "next/navigation";
import { getLocale, getTranslations } from "next-intl/server";
import { ButtonLink } from "@/components/button";
import { PageHeading } from "@/components/page-heading";
import { PageTitle } from "@/components/page-title";
import { SeveralKeys, type ListedKey } from "@/components/several-keys";
import { Steps } from "@/components/steps";
import { available, requireSession } from "@/app/gate";
import { readClient } from "@/lib/account/session/session";
import { brand, products } from "@/lib/brand";
import { currentTime } from "@/lib/clock";
import { planKeys } from "@/lib/licence/plan-keys";
import { keyHint } from "@/lib/licence/product-key";
import { listSubscriptions } from "@/lib/licence/subscriptions";
import { formatEnd } from "@/lib/messages/dates";
import { describeKey } from "../describe-key";
import { idsIn, readTypedKeys, severalPath } from "../several";

/** What became of several keys, as the account has them now. */
export default async function SeveralDonePage({ searchParams }: { searchParams: Promise<{ p?: string }> }) {
  const ids = idsIn((await searchParams).p);
  const here = severalPath(ids, "keys/done");
  const { account } = await requireSession(here);
  const held = await readTypedKeys(ids);
  if (held.length === 0) redirect("/home/subscriptions");

  const now = currentTime();
  const network = (await readClient()).addressPrefix;
  const asked = { keys: held.map(({ key }) => key), wishes: held.map(() => "leave" as const), network };
  const [states, subscriptions] = await available(
    here,
    Promise.all([
      planKeys({ ...asked, accountId: account.id }, { now }),
      listSubscriptions({ accountId: account.id }, { now }),
    ]),
  );
  const [t, done, refusal, locale] = await Promise.all([
    getTranslations("several"),
    getTranslations("done"),
    getTranslations("refusal"),
    getLocale(),
  ]);
  const listed = await Promise.all(
    states.map(async (one, at): Promise<ListedKey> => {
      const { id } = held[at]!;
      const about = { id, ...(await describeKey(one)), choices: [] };
      if (one.status === "alreadyYours") {
        const subscription = subscriptions.find((each) => each.id === one.subscriptionId);
        const part = subscription?.grants.find((each) => each.id === one.grantId)?.part;
        return {
          ...about,
          product: subscription ? products[subscription.product].name : about.product,
          what: t("ending", { hint: keyHint(one.key) }),
          state: {
            text: part ? t("active", { date: formatEnd(part.endsAt, locale, account.timeZone) }) : t("yours"),
            tone: "done",
          },
        };
      }
      if (one.status === "ready" && one.isKept) return { ...about, state: { text: t("kept"), tone: "done" } };
      const more = { href: `/home/setup/review?p=${id}`, label: t("alone") };
      if (one.status === "ready") return { ...about, more, state: { text: t("notUsed"), tone: "refused" } };
      const reason = one.status === "limited" ? "tooMany" : one.reason;
      return { ...about, more, state: { text: refusal(`${reason}.title`), tone: "refused" } };
    }),
  );
  const isDone = listed.some(({ state }) => state?.tone === "done");
  const title = t(isDone ? "done.title" : "done.nothing");
  return (
    <>
      <PageTitle title={title} site={brand.site} />
      <PageHeading
        title={title}
        lead={t("done.lead")}
        above={isDone && <Steps current="device" />}
        mark={isDone ? "done" : "refused"}
      />
      <div className="max-w-card">
        <SeveralKeys keys={listed} />
        <div className="mt-8 flex flex-wrap gap-3">
          {isDone && <ButtonLink href="/home/setup/device">{done("setUp")}</ButtonLink>}
          <ButtonLink variant={isDone ? "quiet" : "primary"} href="/home/subscriptions">
            {done("subscriptions")}
          </ButtonLink>
        </div>
      </div>
    </>
  );
}
