"use client";

import { useEffect, useRef, useState } from "react";
import type { Locale } from "@/lib/messages/locale";

export type SuggestionWords = { suggest: string; suggested: string; notSuggested: string };

type SuggestPassphraseProps = {
  /** The id of the field it fills. */
  field: string;
  locale: Locale;
  words: SuggestionWords;
  onFilled: () => void;
};

const load = (locale: Locale) =>
  import("@/lib/account/password/passphrase").then(({ passphrases }) => passphrases(locale));

/**
 * Fills a new-password field with a passphrase made in the browser. The generator loads when the person reaches the
 * form. After that it needs no network. Without JavaScript there is no button.
 */
export function SuggestPassphrase({ field, locale, words, onFilled }: SuggestPassphraseProps) {
  const button = useRef<HTMLButtonElement>(null);
  const maker = useRef<ReturnType<typeof load>>(undefined);
  const [said, setSaid] = useState("");
  /** Shown in full below the field, which may be too narrow, until the form is submitted or the person types. */
  const [phrase, setPhrase] = useState("");

  const prepare = () =>
    (maker.current ??= load(locale).catch((error: unknown) => {
      maker.current = undefined;
      throw error;
    }));

  useEffect(() => {
    const form = button.current?.form;
    const early = () => void prepare().catch(() => {});
    const forget = ({ type, target }: Event) => {
      if (type === "input" && (target as HTMLInputElement).id !== field) return;
      setPhrase("");
      setSaid("");
    };
    form?.addEventListener("focusin", early);
    form?.addEventListener("input", forget);
    form?.addEventListener("submit", forget);
    return () => {
      form?.removeEventListener("focusin", early);
      form?.removeEventListener("input", forget);
      form?.removeEventListener("submit", forget);
    };
  });

  async function fill() {
    const make = await prepare().catch(() => null);
    const input = document.getElementById(field);
    if (!make || !(input instanceof HTMLInputElement)) return setSaid(words.notSuggested);
    const made = make((into) => crypto.getRandomValues(into));
    input.value = made;
    // The form's checker listens for input events, so report this change as one.
    input.dispatchEvent(new Event("input", { bubbles: true }));
    onFilled();
    setPhrase(made);
    setSaid(words.suggested);
  }

  return (
    <div className="noscript:hidden">
      <button
        ref={button}
        type="button"
        onClick={fill}
        className="link -mb-2 inline-flex min-h-target items-center text-small"
      >
        {words.suggest}
      </button>
      <p role="status" className="text-small text-soft empty:sr-only">
        {phrase && (
          <strong translate="no" className="block font-mono wrap-anywhere text-ink">
            {phrase}
          </strong>
        )}
        {/* An element of its own: a page translator replaces text, and React could not remove it then. */}
        {said && <span>{said}</span>}
      </p>
    </div>
  );
}
