"use client";

import { ErrorMessage, useDocumentLocale } from "@/components/error-message";
import "./globals.css";

/** Replaces the whole document when the root layout itself fails. */
export default function GlobalErrorPage({ error }: { error: Error & { digest?: string } }) {
  return (
    <html lang={useDocumentLocale()}>
      <body className="font-sans">
        <main className="mx-auto max-w-page px-5 py-16 sm:px-8">
          <ErrorMessage digest={error.digest} retry={() => window.location.reload()} />
        </main>
      </body>
    </html>
  );
}
