"use client";

import { type RefObject, useCallback, useEffect, useRef, useState, useSyncExternalStore } from "react";
import { Button } from "@/components/button";
import { described, FieldFrame } from "@/components/field";
import { CheckIcon } from "@/components/icons";
import { KeyAnswer } from "@/components/key-answer";
import { KeyEcho } from "@/components/key-echo";
import { SubmitButton } from "@/components/submit-button";
import { keyIn, readKey } from "@/lib/licence/product-key";
import type { KeyWords } from "@/lib/messages/key-words";
import type { Locale } from "@/lib/messages/locale";

export type KeyFieldWords = { answer: KeyWords } & Record<"label" | "hint" | "submit" | "pending", string>;

type ProductKeyFieldProps = {
  words: KeyFieldWords;
  locale: Locale;
  /** The message of `keyFault`, once the form was submitted. */
  error: string | undefined;
  /** What was typed before, returned by the server. */
  defaultValue: string | undefined;
};

/**
 * Milliseconds without typing before anything but "complete" is put in words. While a key is typed, it looks as if a
 * character had been left out. The echo marks wrong characters at once.
 */
const PAUSE = 400;

/**
 * One field for the 25 characters and its button, with the typed text in five groups and an answer below it. It never changes the text
 * by itself: a button accepts a correction and submits the form with `use=<key>`. A key in the URL fragment (`#22345-…`) fills an empty field and is removed from the URL.
 */
export function ProductKeyField({ words, locale, error, defaultValue }: ProductKeyFieldProps) {
  const field = useRef<HTMLInputElement>(null);
  const typed = useTyped(field, defaultValue ?? "");
  const settled = useSettled(typed) === typed;
  const reading = readKey(typed);
  const put = useCallback((text: string) => write(field.current, text), []);
  useFragment(field, put);
  // The others offer something. This one would repeat the error message.
  const saysMore = reading.kind !== "invalid";
  const offersCorrection = reading.kind === "suggestion" || (reading.kind === "found" && !keyIn(reading));

  return (
    <>
      <FieldFrame id="key" label={words.label} hint={words.hint} error={error}>
        {/* Enter activates a form's first button. This one only submits, so Enter never accepts a correction. */}
        <button type="submit" tabIndex={-1} aria-hidden="true" className="sr-only" />
        {/* One box: the text as typed, and below it in groups. A press on the groups is a press on the field. */}
        <div
          onClick={() => field.current?.focus()}
          className={`cursor-text overflow-hidden rounded-lg border-2 bg-sheet focus-ring ${
            error ? "border-brick" : "border-ink"
          }`}
        >
          <input
            ref={field}
            name="key"
            type="text"
            defaultValue={defaultValue}
            {...described("key", { hint: words.hint, error })}
            dir="ltr"
            autoComplete="off"
            autoCapitalize="characters"
            autoCorrect="off"
            spellCheck={false}
            enterKeyHint="go"
            className="block min-h-16 w-full bg-transparent px-4 font-mono text-key font-bold text-ink bare"
          />
          {/* Without JavaScript it shows what was submitted, and nothing before. */}
          <div className={`border-t border-dashed border-line ${typed ? "" : "noscript:hidden"}`}>
            <KeyEcho text={typed} />
          </div>
        </div>
        <div role="status" className="mt-4 empty:sr-only">
          {(reading.kind === "productKey" || (settled && (saysMore || !error))) && (
            <KeyAnswer
              reading={reading}
              words={words.answer}
              locale={locale}
              use={(key, label, name = "use") => (
                <Button
                  type="submit"
                  name={name}
                  value={key}
                  variant={reading.kind === "found" && name === "use" ? "quiet" : "primary"}
                  icon={<CheckIcon />}
                >
                  {label}
                </Button>
              )}
            />
          )}
        </div>
      </FieldFrame>
      <SubmitButton variant={offersCorrection ? "quiet" : "primary"} pending={words.pending} icon={<CheckIcon />}>
        {words.submit}
      </SubmitButton>
    </>
  );
}

/**
 * The field's text. The field itself is the state: it also holds what was typed before the scripts loaded and what a
 * reset restores.
 */
function useTyped(field: RefObject<HTMLInputElement | null>, initial: string): string {
  const [subscribe] = useState(() => (changed: () => void) => {
    const input = field.current;
    // The reset event fires before the fields are reset.
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

/** The text as of the last pause in typing. */
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
    // Taken as it is: a typing error in it gets the same answer as one that was typed.
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
