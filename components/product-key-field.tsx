"use client";

import { type RefObject, useCallback, useEffect, useRef, useState, useSyncExternalStore } from "react";
import { described, FieldFrame } from "@/components/field";
import { KeyAnswer } from "@/components/key-answer";
import { KeyEcho } from "@/components/key-echo";
import { formatKey, readKey } from "@/lib/licence/product-key";
import type { KeyWords } from "@/lib/messages/key-words";
import type { Locale } from "@/lib/messages/locale";

type ProductKeyFieldProps = {
  id: string;
  name: string;
  label: string;
  hint: string;
  /** The sentence of `keyFault`, once the form was sent. */
  error?: string | undefined;
  /** What was typed before, as the server gave it back. */
  defaultValue?: string | undefined;
  words: KeyWords;
  locale: Locale;
};

/** Milliseconds without typing after which something wrong is put in words; it is marked in the echo at once. */
const PAUSE = 400;

/**
 * One field for the 25 characters, with what was typed in five groups below it and an answer to it. Nothing is changed
 * by itself: a correction is taken with a button, which without scripts sends the form with `use=<key>`.
 * A key in the address's fragment (`#22345-…`) is put into the empty field and taken out of the address.
 */
export function ProductKeyField({ id, name, label, hint, error, defaultValue, words, locale }: ProductKeyFieldProps) {
  const field = useRef<HTMLInputElement>(null);
  const typed = useTyped(field, defaultValue ?? "");
  const settled = useSettled(typed) === typed;
  const reading = readKey(typed);
  const put = useCallback((text: string) => write(field.current, text), []);
  useFragment(field, put);
  // These have something to offer; of all others the sentence may be the one the error says already, or come too early.
  const saysMore = ["productKey", "partnerCode", "suggestion", "found"].includes(reading.kind);

  return (
    <FieldFrame id={id} label={label} hint={hint} error={error}>
      {/* Enter presses a form's first button: this one only sends, so that no correction is taken unasked. */}
      <button type="submit" tabIndex={-1} aria-hidden="true" className="sr-only" />
      <input
        ref={field}
        name={name}
        type="text"
        defaultValue={defaultValue}
        {...described(id, { hint, error })}
        dir="ltr"
        autoComplete="off"
        autoCapitalize="characters"
        autoCorrect="off"
        spellCheck={false}
        enterKeyHint="go"
        className={`block min-h-16 w-full rounded border-2 bg-sheet px-4 font-mono text-key font-bold text-ink ${
          error ? "border-brick" : "border-ink"
        }`}
      />
      {/* Without scripts it shows what was sent, and nothing before. */}
      <div className={`mt-4 ${typed ? "" : "noscript:hidden"}`}>
        <KeyEcho text={typed} />
      </div>
      <div role="status" className="mt-4 empty:sr-only">
        {(saysMore || (settled && !error)) && (
          <KeyAnswer
            reading={reading}
            words={words}
            locale={locale}
            use={(key) => (
              <button
                type="submit"
                name="use"
                value={key}
                onClick={(event) => {
                  event.preventDefault();
                  put(formatKey(key));
                }}
                className="min-h-target cursor-pointer font-bold underline underline-offset-4 hover:decoration-2"
              >
                {words.use}
              </button>
            )}
          />
        )}
      </div>
    </FieldFrame>
  );
}

/** The field's text. The field itself holds it: it has what was typed before the scripts came, and what a reset puts back. */
function useTyped(field: RefObject<HTMLInputElement | null>, initial: string): string {
  const [subscribe] = useState(() => (changed: () => void) => {
    const input = field.current;
    // A form's reset event comes before its fields are reset.
    const later = () => setTimeout(changed);
    input?.addEventListener("input", changed);
    input?.form?.addEventListener("reset", later);
    return () => {
      input?.removeEventListener("input", changed);
      input?.form?.removeEventListener("reset", later);
    };
  });
  return useSyncExternalStore(
    subscribe,
    () => field.current?.value ?? initial,
    () => initial,
  );
}

/** The text as it was when nothing had been typed for a moment. */
function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), PAUSE);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}

function useFragment(field: RefObject<HTMLInputElement | null>, put: (text: string) => void): void {
  useEffect(() => {
    const { hash, pathname, search } = window.location;
    const given = decoded(hash.slice(1));
    const { kind } = readKey(given);
    if (kind !== "productKey" && kind !== "suggestion") return;
    window.history.replaceState(window.history.state, "", pathname + search);
    // As it was given: a slip in it is answered like one that was typed.
    if (field.current?.value === "") put(given);
  }, [field, put]);
}

function decoded(fragment: string): string {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return fragment;
  }
}

function write(input: HTMLInputElement | null, text: string): void {
  if (!input) return;
  input.value = text;
  input.dispatchEvent(new Event("input", { bubbles: true }));
  input.focus();
}
