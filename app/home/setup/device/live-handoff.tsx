"use client";

import { useRouter } from "next/navigation";
import { useEffect, useRef } from "react";

/** Codes that a page makes by itself: for an hour. Then its button does. */
const MOST_CODES = 6;

/** Milliseconds to wait after the server has refused to send events. */
const AGAIN = 10_000;

type LiveHandoffProps = {
  /** What the page shows now. */
  version: string;
  /** Says it to screen readers when it changes. */
  status: string;
  /** The id of a form to send at once, because the page needs a code. */
  press: string | undefined;
};

/** Renders the page again whenever the hand-off has gone on. Hidden pages do not listen. */
export function LiveHandoff({ version, status, press }: LiveHandoffProps) {
  const { refresh } = useRouter();
  const shown = useRef(version);
  const made = useRef(0);

  useEffect(() => {
    shown.current = version;
    if (!press || made.current >= MOST_CODES) return;
    made.current++;
    (document.getElementById(press) as HTMLFormElement | null)?.requestSubmit();
  }, [version, press]);

  useEffect(() => {
    let source: EventSource | undefined;
    let later: number | undefined;
    const close = () => {
      window.clearTimeout(later);
      source?.close();
      source = undefined;
    };
    const follow = () => {
      close();
      if (document.hidden) return;
      source = new EventSource("/home/setup/device/live");
      source.addEventListener("state", ({ data }: MessageEvent<string>) => {
        if ((JSON.parse(data) as { version: string }).version !== shown.current) refresh();
      });
      source.addEventListener("over", () => window.location.reload());
      source.addEventListener("replaced", close);
      source.onerror = () => {
        // A connection that was cut comes back by itself.
        if (source?.readyState === EventSource.CLOSED) later = window.setTimeout(follow, AGAIN);
      };
    };
    follow();
    document.addEventListener("visibilitychange", follow);
    return () => {
      document.removeEventListener("visibilitychange", follow);
      close();
    };
  }, [refresh]);

  return (
    <p role="status" className="sr-only">
      {status}
    </p>
  );
}
