import { redirect } from "next/navigation";
import { headers } from "next/headers";
import { getTranslations } from "next-intl/server";
import { AccountField } from "@/components/account-field";
import { Button, ButtonLink } from "@/components/button";
import { Facts } from "@/components/facts";
import { HiddenFields } from "@/components/hidden-fields";
import { OtherAccount } from "@/components/other-account";
import { PageHeading } from "@/components/page-heading";
import { PageTitle } from "@/components/page-title";
import { available, requireSession } from "@/app/gate";
import { answerUri } from "@/lib/account/oauth/answer-uri";
import { countRequest, findRequest, storeRequest } from "@/lib/account/oauth/authorization-requests";
import { clientName } from "@/lib/account/oauth/clients";
import { readAuthorization } from "@/lib/account/oauth/read-authorization";
import { browserName } from "@/lib/account/session/browser-name";
import { readClient } from "@/lib/account/session/session";
import { brand } from "@/lib/brand";
import { currentTime } from "@/lib/clock";
import { senderOf } from "@/lib/http/sender";
import { CannotContinue } from "./cannot-continue";
import { pathOf } from "./path-of";

type AuthorizePageProps = { searchParams: Promise<Record<string, string | string[] | undefined>> };

/**
 * Where an app sends a person to sign in. Its request is stored, and its id goes through the sign-in. Then the person
 * continues by a press of a button: opening the page changes nothing in an account.
 */
export default async function AuthorizePage({ searchParams }: AuthorizePageProps) {
  const query = await searchParams;
  if (query.request === undefined) return <Asked query={query} />;
  const id = String(query.request);
  const here = pathOf(id);
  const asked = await available(here, findRequest(id, { now: currentTime() }));
  if (!asked) return <CannotContinue why="over" />;
  const { account } = await requireSession(here);

  const [t, { userAgent }] = await Promise.all([getTranslations("authorize"), readClient()]);
  const app = clientName(asked.clientId);
  const device = asked.deviceName ?? browserName(userAgent).system;
  return (
    <div className="max-w-measure">
      <PageTitle title={t("title", { app })} site={brand.site} />
      <PageHeading title={t("title", { app })} lead={t("lead")} />
      {query.again === "account" && <OtherAccount email={account.email} />}
      <Facts
        facts={[
          { name: t("app"), value: app },
          ...(device ? [{ name: t("device"), value: device }] : []),
          { name: t("account"), value: account.email },
        ]}
      />
      <p className="border-t border-line pt-3 text-small">
        <a
          href={`/sign-in?switch=1&next=${encodeURIComponent(here)}`}
          className="link inline-flex min-h-target items-center"
        >
          {t("notYou")}
        </a>
      </p>
      {/* A plain form, not an action: the browser itself must follow the redirect to the app. */}
      <form method="post" action="/oauth/continue" className="mt-6">
        <AccountField id={account.id} />
        <HiddenFields values={{ request: id }} />
        <div className="flex flex-wrap gap-3">
          <Button type="submit">{t("continue")}</Button>
          <ButtonLink href={answerUri(asked, { error: "access_denied" })} variant="quiet">
            {t("cancel")}
          </ButtonLink>
        </div>
      </form>
      <p className="mt-6 text-small text-soft">{t("later")}</p>
    </div>
  );
}

/** Stores a new request, and goes on with its id. What is wrong is told to the app, if its address is known. */
async function Asked({ query }: { query: Record<string, string | string[] | undefined> }) {
  const read = readAuthorization(query);
  if (read.status === "unknownApp") return <CannotContinue why="unknownApp" />;
  if (read.status === "unknownAddress") return <CannotContinue why="unknownAddress" app={read.app} />;
  if (read.status === "refused") redirect(read.uri);
  const reservation = await available("/home/setup", countRequest(senderOf(await headers())));
  if (!reservation.allowed) redirect(answerUri(read.request, { error: "temporarily_unavailable" }));
  redirect(pathOf(await available("/home/setup", storeRequest(read.request, { now: currentTime() }))));
}
