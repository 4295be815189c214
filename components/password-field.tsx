"use client";

import { useEffect, useRef, useState, type ReactNode } from "react";
import { controlLook, described, FieldFrame, type FieldProps } from "@/components/field";

/** `show` or `hide` is the button's label. `what` follows it for screen readers: "Show" + "password". */
type PasswordWords = { show: string; hide: string; what: string; shown: string; hidden: string };

export type PasswordFieldProps = FieldProps & {
  words: PasswordWords;
  /** Rendered below the field. It may make the field show the password. */
  below?: (show: () => void) => ReactNode;
};

/**
 * A password field with a button that shows the password. Without JavaScript it is a plain password field. On submit it
 * is hidden again, so that no browser stores the password as ordinary text.
 */
export function PasswordField({ label, hint, error, id, words, below, ...input }: PasswordFieldProps) {
  const [shown, setShown] = useState<boolean>();
  const frame = useRef<HTMLDivElement>(null);

  useEffect(() => {
    const form = frame.current?.closest("form");
    const hide = () => setShown(undefined);
    form?.addEventListener("submit", hide);
    return () => form?.removeEventListener("submit", hide);
  }, []);

  return (
    <FieldFrame id={id} label={label} hint={hint} error={error}>
      <div ref={frame} className="relative">
        <input
          spellCheck={false}
          autoCapitalize="none"
          {...input}
          {...described(id, { hint, error })}
          type={shown ? "text" : "password"}
          className={`${controlLook(error)} pe-28 noscript:pe-4`}
        />
        <button
          type="button"
          aria-controls={id}
          onClick={() => setShown(!shown)}
          className="absolute inset-y-1 end-1 min-w-target cursor-pointer rounded-sm px-3 text-small font-bold text-green underline decoration-transparent underline-offset-4 hover:decoration-current noscript:hidden"
        >
          <span>{shown ? words.hide : words.show}</span> <span className="sr-only">{words.what}</span>
        </button>
        <span role="status" className="sr-only">
          {shown === undefined ? "" : shown ? words.shown : words.hidden}
        </span>
      </div>
      {below?.(() => setShown(true))}
    </FieldFrame>
  );
}
