import { getTranslations } from "next-intl/server";
import { Fragment, type ReactNode } from "react";
import { CodeBlock } from "@/components/code-block";
import { PageHeading } from "@/components/page-heading";
import { PageTitle } from "@/components/page-title";
import { brand } from "@/lib/brand";
import { codesOf, exchangeOf, fieldsOf, problems, subjects, type Entry } from "./reference";

/**
 * The API for people who write programs, from the OpenAPI document that programs read. The frame is in the page's
 * language, the reference in English.
 */
export default async function ApiPage() {
  const t = await getTranslations("api");
  return (
    <>
      <PageTitle title={t("title")} site={brand.site} />
      <meta name="description" content={t("lead")} />
      <PageHeading title={t("title")} lead={t("lead")} />
      <div lang="en" dir="ltr" translate="no" className="grid grid-cols-[minmax(0,1fr)] gap-14">
        <Contents />
        <Section id="signing-in" title="Signing in">
          <p>
            An app acts for a person who has signed in to it, by OAuth 2.0 for native apps (RFC 8252): authorization
            code with PKCE, in the system’s browser. The app never sees a password. Discovery:{" "}
            <Address href="/.well-known/oauth-authorization-server" />.
          </p>
          <p>
            Send the access token as <Code>Authorization: Bearer</Code>. Cookies count for nothing. A 401 with the code{" "}
            <Code>tokenInvalid</Code> asks for a refresh. A token belongs to the first device that the app activates.
          </p>
          <p>
            A partner’s program sends the token that the operator of the portal has given to the partner. It opens
            nothing but the partner’s leases.
          </p>
        </Section>
        <Section id="requests" title="Requests and answers">
          <p>
            Bodies are JSON in UTF-8. Instants are UTC (RFC 3339), and an end is exclusive. A 200 has a body, a 204 has
            none. Every answer names its request in <Code>X-Request-Id</Code>.
          </p>
          <p>
            <strong>Repeating.</strong> A POST with an <Code>Idempotency-Key</Code> has one effect: for a day, the same
            request with the same key gets the first answer again, refusals included. Use a new key for a new attempt.
            After a 429, a 503 or a lost connection, repeat the request with the same key.
          </p>
          <p>
            <strong>Rate limits.</strong> <Code>RateLimit</Code> says how many requests are left (<Code>r</Code>) and
            for how many seconds (<Code>t</Code>), <Code>RateLimit-Policy</Code> what the limit is. After a 429 or a
            503, wait for <Code>Retry-After</Code> seconds.
          </p>
          <p>
            <strong>Browsers.</strong> Scripts of other sites cannot read an answer: no header allows them to (CORS).
          </p>
          <p>
            The same as OpenAPI 3.1, for generators: <Address href="/api/openapi.json" />.
          </p>
        </Section>
        {subjects.map(({ name, entries }) => (
          <Section key={name} id={name.toLowerCase()} title={name}>
            {entries.map((entry) => (
              <Operation key={entry.operationId} entry={entry} />
            ))}
          </Section>
        ))}
        <Section id="problems" title="Problems">
          <p>
            A refusal is <Code>application/problem+json</Code> (RFC 9457). Decide by its <Code>code</Code>: codes stay
            as they are, while titles and details may change. An operation lists the codes of its own. Any request can
            meet others, such as <Code>unavailable</Code>. The refusal of a key has a <Code>caseCode</Code>, which
            support can explain.
          </p>
          <dl>
            {problems.map(({ code, status, meaning }) => (
              <div
                key={code}
                id={code}
                className="grid gap-x-6 border-t border-line py-3 target:bg-green-wash md:grid-cols-[16rem_minmax(0,1fr)]"
              >
                <dt>
                  <Code>{code}</Code> <span className="text-note text-soft">{status}</span>
                </dt>
                <dd className="max-w-measure">{meaning}</dd>
              </div>
            ))}
          </dl>
        </Section>
      </div>
    </>
  );
}

function Contents() {
  return (
    <nav
      aria-label="Operations"
      className="grid gap-x-10 gap-y-6 border-y border-line py-6 sm:grid-cols-2 lg:grid-cols-3"
    >
      {subjects.map(({ name, entries }) => (
        <div key={name}>
          <h2 className="text-small font-bold">{name}</h2>
          <ul className="mt-1">
            {entries.map(({ operationId, summary }) => (
              <li key={operationId}>
                <a href={`#${operationId}`} className="link inline-flex min-h-target items-center text-small">
                  {summary}
                </a>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </nav>
  );
}

function Section({ id, title, children }: { id: string; title: string; children: ReactNode }) {
  return (
    <section aria-labelledby={id} className="grid grid-cols-[minmax(0,1fr)] gap-4 [&>p]:max-w-measure">
      <h2 id={id} className="text-h2 tracking-tight">
        {title}
      </h2>
      {children}
    </section>
  );
}

function Operation({ entry }: { entry: Entry }) {
  const { operationId, method, path, summary, description } = entry;
  const fields = fieldsOf(entry);
  const codes = codesOf(entry);
  const { request, answer } = exchangeOf(entry);
  return (
    <article
      id={operationId}
      className="grid grid-cols-[minmax(0,1fr)] gap-x-14 gap-y-6 border-t border-line py-8 lg:grid-cols-2"
    >
      <div className="grid content-start gap-4">
        <div>
          <h3 className="text-h3">{summary}</h3>
          <p className="mt-1 font-mono text-note wrap-anywhere">
            <span className="font-bold">{method}</span> {path}
          </p>
        </div>
        {description && (
          <p>
            <WithCode text={description} />
          </p>
        )}
        {fields.length > 0 && (
          <dl className="text-small">
            {fields.map(({ name, type, required, description }) => (
              <div key={name} className="border-t border-line py-2">
                <dt>
                  <Code>{name}</Code>{" "}
                  <span className="text-note wrap-anywhere text-soft">
                    {type}
                    {required ? "" : ", optional"}
                  </span>
                </dt>
                {description && (
                  <dd>
                    <WithCode text={description} />
                  </dd>
                )}
              </div>
            ))}
          </dl>
        )}
        {codes.length > 0 && (
          <p className="text-note">
            <span className="text-soft">Refused by:</span>{" "}
            {codes.map((code, at) => (
              <Fragment key={code}>
                {at > 0 && ", "}
                <a href={`#${code}`} className="link font-mono wrap-anywhere">
                  {code}
                </a>
              </Fragment>
            ))}
          </p>
        )}
      </div>
      <div className="grid grid-cols-[minmax(0,1fr)] content-start gap-4">
        <CodeBlock label={`${summary}: request`} text={request} />
        <CodeBlock label={`${summary}: answer`} text={answer} />
      </div>
    </article>
  );
}

/** Text in which backticks mark code. */
function WithCode({ text }: { text: string }) {
  return text.split("`").map((part, at) => (at % 2 ? <Code key={at}>{part}</Code> : part));
}

const Code = ({ children }: { children: ReactNode }) => (
  <code className="font-mono text-[0.9em] wrap-anywhere">{children}</code>
);

const Address = ({ href }: { href: string }) => (
  <a href={href} className="link font-mono wrap-anywhere">
    {href}
  </a>
);
