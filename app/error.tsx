"use client";

import { ErrorMessage } from "@/components/error-message";

export default function ErrorPage({ error }: { error: Error & { digest?: string } }) {
  // The error happened on the server, and React's own reset would show the same response again. So reload.
  return <ErrorMessage digest={error.digest} retry={() => window.location.reload()} />;
}
