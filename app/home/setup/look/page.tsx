import { redirect } from "next/navigation";
import { getLocale, getTranslations } from "next-intl/server";
import { BackLink } from "@/components/back-link";
import { ButtonLink } from "@/components/button";
import { Facts } from "@/components/facts";
import { PageHeading } from "@/components/page-heading";
import { PageTitle } from "@/components/page-title";
import { Steps } from "@/components/steps";
import { available, seekSession } from "@/app/gate";
import { readTypedKey } from "@/app/typed-key";
import { readClient } from "@/lib/account/session/session";
import { brand, products } from "@/lib/brand";
import { currentTime } from "@/lib/clock";
import { lookAtKey } from "@/lib/licence/look-at-key";
import { keyHint } from "@/lib/licence/product-key";
import { formatDate } from "@/lib/messages/dates";
import { languageTags } from "@/lib/messages/locale";
import { termInWords } from "@/lib/messages/term";
import { NotUsable } from "./not-usable";

/** What a typed key is for, shown to somebody who is not signed in yet. */
export default async function LookPage({ searchParams }: { searchParams: Promise<{ p?: string }> }) {
  const { p: previewId = "" } = await searchParams;
  const here = `/home/setup/look?p=${encodeURIComponent(previewId)}`;
  const review = `/home/setup/review?p=${encodeURIComponent(previewId)}`;
  const session = await seekSession(here);
  if (session.status === "valid") redirect(review);
  const key = await readTypedKey(previewId);
  if (!key) redirect("/home/setup/key?again=expired");

  const network = (await readClient()).addressPrefix;
  const sight = await available(here, lookAtKey({ key, network }, { now: currentTime() }));
  const hint = keyHint(key);
  if (sight.status === "refused" || sight.status === "limited") {
    return <NotUsable hint={hint} sight={sight} here={here} />;
  }

  const [t, words, common, locale] = await Promise.all([
    getTranslations("look"),
    getTranslations("review"),
    getTranslations("common"),
    getLocale(),
  ]);
  const next = encodeURIComponent(review);
  const regionName = new Intl.DisplayNames(locale, { type: "region" });
  const keyFact = {
    name: words("key"),
    value: words.rich("keyEnds", { hint, strong: (text) => <code className="font-mono">{text}</code> }),
  };
  const isUsed = sight.status === "used";
  const facts = isUsed
    ? [keyFact]
    : [
        keyFact,
        { name: t("starts"), value: t("startsWhen") },
        ...(sight.redeemBy ? [{ name: words("redeemBy"), value: formatDate(sight.redeemBy, locale) }] : []),
        ...(sight.regions
          ? [
              {
                name: words("region"),
                value: new Intl.ListFormat(languageTags[locale]).format(
                  sight.regions.map((code) => regionName.of(code) ?? code),
                ),
              },
            ]
          : []),
        { name: t("price"), value: t("noCard") },
      ];
  const title = t(isUsed ? "used.title" : "title");
  return (
    <>
      <PageTitle title={title} site={brand.site} />
      <PageHeading
        title={title}
        lead={t(isUsed ? "used.lead" : "lead")}
        above={
          <>
            <BackLink href="/home/setup/key">{words("otherKey")}</BackLink>
            <Steps current="key" missing={["account"]} />
          </>
        }
      />
      <div className="grid gap-10 lg:grid-cols-[minmax(0,36rem)_minmax(0,1fr)] lg:gap-16">
        <section className="self-start rounded-lg border border-line bg-sheet p-6 card-shadow max-xs:p-3 sm:p-8">
          {sight.status === "usable" && (
            <>
              <h2 className="text-h2 tracking-tight">{products[sight.product].name}</h2>
              <p className="text-lead text-soft">
                {words("gives", {
                  length: await termInWords(sight.term),
                  devices: common("devices", { count: sight.seats }),
                })}
              </p>
            </>
          )}
          <p className={sight.status === "usable" ? "mt-5 border-t border-line pt-5" : ""}>
            {t(isUsed ? "used.next" : "next")}
          </p>
          <div className="mt-5 flex flex-wrap gap-3">
            <ButtonLink href={`/sign-in?next=${next}`}>{t("signIn")}</ButtonLink>
            <ButtonLink variant="quiet" href={isUsed ? "/home/setup/key" : `/create-account?next=${next}`}>
              {isUsed ? words("otherKey") : t("createAccount")}
            </ButtonLink>
          </div>
        </section>
        <Facts facts={facts} />
      </div>
    </>
  );
}
