"use client";

import { useSyncExternalStore } from "react";
import { App, type AppProps } from "./app";

const nothing = () => () => {};

/** The app in its frame. The server renders the frame empty, because everything in it is kept on the device. */
export function Phone(props: AppProps) {
  const isHere = useSyncExternalStore(
    nothing,
    () => true,
    () => false,
  );
  return (
    <div className="mx-auto min-h-[36rem] w-full max-w-sm rounded-lg border border-line bg-sheet p-5 card-shadow max-xs:p-3 noscript:hidden">
      {isHere && <App {...props} />}
    </div>
  );
}
