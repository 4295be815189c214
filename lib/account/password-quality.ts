import "server-only";
import { ZxcvbnFactory } from "@zxcvbn-ts/core";
import { adjacencyGraphs, dictionary as common } from "@zxcvbn-ts/language-common";
import { dictionary as english } from "@zxcvbn-ts/language-en";
import { dictionary as french } from "@zxcvbn-ts/language-fr";

export type PasswordFault = "tooShort" | "tooCommon" | "isYourName" | "isYourAddress" | "tooWeak";

/** NIST SP 800-63B-4: at least eight characters, no rule of composition. */
const PASSWORD_MIN_LENGTH = 8;

/** An estimated 10^8 guesses; below that a password falls to a slow online guesser who knows the usual patterns. */
const ENOUGH_GUESSES = 1e8;

/** Only so much is estimated: the work grows faster than the length, and what is that long is strong. */
const ESTIMATED_LENGTH = 40;

let estimator: ZxcvbnFactory | undefined;

/** What is wrong with a new password for this person, or null. The strength is estimated here and never in the browser. */
export function passwordFault(password: string, person: { name: string; email: string }): PasswordFault | null {
  if ([...password].length < PASSWORD_MIN_LENGTH) return "tooShort";
  const plain = fold(password);
  if (plain === fold(person.name) || plain === fold(person.name).replaceAll(" ", "")) return "isYourName";
  if (plain === fold(person.email) || plain === fold(person.email).split("@")[0]) return "isYourAddress";

  estimator ??= new ZxcvbnFactory({
    dictionary: { ...common, ...english, ...french },
    graphs: adjacencyGraphs,
    // Every combination of symbols for letters is tried: a text made of nothing else would keep the server for seconds.
    l33tMaxSubstitutions: 8,
  });
  const known = [person.name, ...person.name.split(/\s+/), person.email, ...person.email.split(/[@.]/)].filter(Boolean);
  const estimate = estimator.check(password.slice(0, ESTIMATED_LENGTH), known);
  const whole = estimate.sequence[0];
  if (estimate.sequence.length === 1 && whole?.pattern === "dictionary" && whole.dictionaryName === "passwords-common")
    return "tooCommon";
  return estimate.guesses < ENOUGH_GUESSES ? "tooWeak" : null;
}

const fold = (text: string) => text.normalize("NFKC").toLowerCase().trim();
