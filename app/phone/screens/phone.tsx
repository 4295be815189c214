"use client";

import { useEffect, useState, type ComponentType } from "react";
import type { AppProps } from "./app";

/**
 * The app's frame, which the server renders empty. The app is loaded by itself: what it shares with other pages would
 * otherwise move into larger files, which those pages load too.
 */
export function Phone(props: AppProps) {
  const [App, setApp] = useState<ComponentType<AppProps> | null>(null);
  useEffect(() => void import("./app").then((loaded) => setApp(() => loaded.App)), []);
  return (
    <div className="mx-auto min-h-[36rem] w-full max-w-sm rounded-lg border border-line bg-sheet p-5 card-shadow max-xs:p-3 noscript:hidden">
      {App && <App {...props} />}
    </div>
  );
}
