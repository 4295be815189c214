import type { ReactNode } from "react";
import { CheckIcon } from "@/components/icons";
import { KeyText } from "@/components/key-text";
import { Notice } from "@/components/notice";
import type { KeyReading } from "@/lib/licence/product-key";
import { fill } from "@/lib/messages/fill";
import { keyFault, neverNote } from "@/lib/messages/key-fault";
import type { KeyWords } from "@/lib/messages/key-words";
import type { Locale } from "@/lib/messages/locale";

type KeyAnswerProps = {
  reading: KeyReading;
  words: KeyWords;
  locale: Locale;
  /** The button that accepts a suggested or found key (canonical). */
  use: (key: string, label: string) => ReactNode;
  /** The button that goes on with all found keys. */
  all: (label: string) => ReactNode;
};

/** The page's answer to what was typed, the same on the server and in the browser. */
export function KeyAnswer({ reading, words, locale, use, all }: KeyAnswerProps) {
  switch (reading.kind) {
    case "empty":
      return null;
    case "productKey":
      return (
        <p className="flex gap-2.5 text-green">
          <CheckIcon className="mt-1 size-5" />
          {words.complete}
        </p>
      );
    case "partnerCode":
      return (
        <Notice tone="warning">
          <p>{words.partnerCodeNext}</p>
        </Notice>
      );
    case "suggestion":
      return (
        <Notice tone="warning">
          <p>
            {[suggestionSentence(reading, words), neverNote(reading.never, words, locale)].filter(Boolean).join(" ")}
          </p>
          <p className="mt-2 text-lead">
            <KeyText value={reading.key} at={reading.at} />
          </p>
          <p className="mt-3">{use(reading.key, reading.repair === "guessed" ? words.useCompared : words.use)}</p>
        </Notice>
      );
    case "found":
      return (
        <Notice tone="info">
          <p>{reading.keys.length === 1 ? words.found.one : fill(words.found.many, { count: reading.keys.length })}</p>
          {reading.keys.length > 1 && <p className="mt-3">{all(fill(words.useAll, { count: reading.keys.length }))}</p>}
          <ul>
            {reading.keys.map((key) => (
              <li key={key} className="mt-2">
                <span className="text-lead">
                  <KeyText value={key} />
                </span>
                {reading.keys.length > 1 && <div className="mt-2">{use(key, words.use)}</div>}
              </li>
            ))}
          </ul>
        </Notice>
      );
    case "invalid": {
      // Every key is too short while it is being typed, so only a submitted form says so.
      const sentence =
        reading.reason === "tooShort" ? neverNote(reading.never, words, locale) : keyFault(reading, words, locale);
      return (
        sentence && (
          <Notice tone="warning">
            <p>{sentence}</p>
          </Notice>
        )
      );
    }
  }
}

function suggestionSentence(reading: Extract<KeyReading, { kind: "suggestion" }>, words: KeyWords): string {
  const { repair, at } = reading;
  // Characters that occur in no key were read, but the key was not printed with them.
  if (repair === "filled" && reading.never.length > 0 && at.length <= 2) {
    return at.length === 1 ? words.changed.one : words.changed.many;
  }
  if (repair === "changed" || repair === "filled") return at.length === 1 ? words[repair].one : words[repair].many;
  return words[repair];
}
