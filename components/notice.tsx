import type { ReactNode } from "react";
import { DoneIcon, ErrorIcon, InfoIcon, LookAgainIcon } from "@/components/icons";

const tones = {
  info: { look: "bg-green-wash text-ink", mark: "text-green", Icon: InfoIcon },
  warning: { look: "bg-amber-wash text-ink", mark: "text-amber", Icon: LookAgainIcon },
  done: { look: "bg-green-wash text-ink", mark: "text-green", Icon: DoneIcon },
  error: { look: "bg-brick-wash text-ink", mark: "text-brick", Icon: ErrorIcon },
};

/** Something to know before continuing. It is not announced: put it in a live region when it appears later. */
export function Notice({ tone, title, children }: { tone: keyof typeof tones; title?: string; children?: ReactNode }) {
  const { look, mark, Icon } = tones[tone];
  return (
    <div className={`flex max-w-measure gap-3.5 rounded px-5 py-4 max-xs:block max-xs:px-3 ${look}`}>
      <Icon className={`mt-1 size-5 ${mark}`} />
      <div className="min-w-0 flex-1">
        {title && <p className="font-bold">{title}</p>}
        {children}
      </div>
    </div>
  );
}
