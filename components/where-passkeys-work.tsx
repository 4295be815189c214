"use client";

import type { ReactNode } from "react";
import { usePasskeySupport } from "@/components/passkey-support";

type WherePasskeysWorkProps = { children: ReactNode; words: Record<"withoutScripts" | "unsupported", string> };

/** Shows its children where passkeys work. Otherwise it says why: no JavaScript, or no support in this browser. */
export function WherePasskeysWork({ children, words }: WherePasskeysWorkProps) {
  if (usePasskeySupport() === false) return <p>{words.unsupported}</p>;
  return (
    <>
      <div className="noscript:hidden">{children}</div>
      <p className="hidden noscript:block">{words.withoutScripts}</p>
    </>
  );
}
