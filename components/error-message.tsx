"use client";

import { useSyncExternalStore } from "react";
import { Button, ButtonLink } from "@/components/button";
import { PageHeading } from "@/components/page-heading";
import { PageTitle } from "@/components/page-title";
import { brand } from "@/lib/brand";
import { errorWords } from "@/lib/messages/error-words";
import type { Locale } from "@/lib/messages/locale";

/** The error page: it stays calm, offers a next step and shows a reference that the log contains too. */
export function ErrorMessage({ digest, retry }: { digest: string | undefined; retry: () => void }) {
  const words = errorWords[useDocumentLocale()];
  return (
    <>
      <PageTitle title={words.title} site={brand.site} />
      <PageHeading title={words.title} lead={words.lead} />
      <div className="flex flex-wrap gap-3">
        <Button variant="primary" onClick={retry}>
          {words.retry}
        </Button>
        <ButtonLink variant="quiet" href="/home/setup">
          {words.setup}
        </ButtonLink>
      </div>
      {digest && (
        <p className="mt-10 text-small text-soft">
          {words.reference} <code className="font-mono font-bold text-ink select-all">{digest}</code>
        </p>
      )}
    </>
  );
}

/** The language of the page, read from the document because the server's messages are not available here. */
export function useDocumentLocale(): Locale {
  return useSyncExternalStore(
    () => () => {},
    () => (document.documentElement.lang === "fr" ? "fr" : "en"),
    () => "en",
  );
}
