"use client";

import type { ReactNode } from "react";
import { usePasskeySupport } from "@/components/passkey-support";

type WherePasskeysWorkProps = { children: ReactNode; words: Record<"withoutScripts" | "unsupported", string> };

/** Shows what is for passkeys; without scripts, or in a browser that knows none, says why it does not. */
export function WherePasskeysWork({ children, words }: WherePasskeysWorkProps) {
  if (usePasskeySupport() === false) return <p>{words.unsupported}</p>;
  return (
    <>
      <div className="noscript:hidden">{children}</div>
      <p className="hidden noscript:block">{words.withoutScripts}</p>
    </>
  );
}
