"use client";

import { ErrorMessage } from "@/components/error-message";

export default function ErrorPage({ error }: { error: Error & { digest?: string } }) {
  // What failed was on the server: React's own reset would show the same answer again.
  return <ErrorMessage digest={error.digest} retry={() => window.location.reload()} />;
}
