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
  /** The button that accepts a suggested or found key (canonical), or goes on with all that were found. */
  use: (key: string, label: string, name?: "use" | "all") => ReactNode;
};

/** The page's answer to what was typed, the same on the server and in the browser. */
export function KeyAnswer({ reading, words, locale, use }: KeyAnswerProps) {
  switch (reading.kind) {
    case "empty":
      return null;
    case "productKey":
    case "partnerCode":
      return (
        <p className="flex gap-2.5 text-green">
          <CheckIcon className="mt-1 size-5" />
          {words[reading.kind]}
        </p>
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
    case "found": {
      const { keys } = reading;
      const isOne = keys.length === 1;
      const say = (text: string) => fill(text, { count: keys.length });
      return (
        <Notice tone="info">
          <p>{say(isOne ? words.found.one : words.found.many)}</p>
          {!isOne && <p className="mt-3">{use("yes", say(words.useAll), "all")}</p>}
          <ul>
            {keys.map((key) => (
              <li key={key} className="mt-3">
                <p className="text-lead">
                  <KeyText value={key} />
                </p>
                {!isOne && use(key, words.use)}
              </li>
            ))}
          </ul>
        </Notice>
      );
    }
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
