import "server-only";
import { ZxcvbnFactory } from "@zxcvbn-ts/core";
import { adjacencyGraphs, dictionary as common } from "@zxcvbn-ts/language-common";
import { dictionary as english } from "@zxcvbn-ts/language-en";
import { dictionary as french } from "@zxcvbn-ts/language-fr";
import { brand, products } from "@/lib/brand";
import { normalisePassword } from "@/lib/account/password/password";

export type PasswordFault = "tooShort" | "tooCommon" | "isYourName" | "isYourAddress" | "isOurName" | "tooWeak";

/** NIST SP 800-63B-4: at least eight characters (code points of the text as it is hashed), no composition rules. */
const PASSWORD_MIN_LENGTH = 8;

/** An estimated 10^8 guesses. A weaker password falls to slow online guessing with the usual patterns. */
const ENOUGH_GUESSES = 1e8;

/**
 * Characters estimated at once, because the work grows faster than the length. A longer password is as strong as its
 * strongest part, of which at most so many are estimated.
 */
const ESTIMATED_LENGTH = 40;
const ESTIMATED_PARTS = 5;

/** Words an attacker would try first against this portal, for any account. */
const ours = wordsOf(
  Object.values(brand)
    .filter((value) => typeof value === "string")
    .join(" "),
)
  .concat(Object.values(products).flatMap(({ name }) => wordsOf(name)))
  .concat(wordsOf(brand.site).join(""));

let estimator: ZxcvbnFactory | undefined;

/**
 * Finds what is wrong with a new password for this person; null when nothing is. Strength is estimated here, never in
 * the browser. Words from the person's name and address and the site's name add no strength. If they make the password
 * weak, the answer says so.
 */
export function passwordFault(password: string, person: { name: string; email: string }): PasswordFault | null {
  const text = normalisePassword(password);
  if ([...text].length < PASSWORD_MIN_LENGTH) return "tooShort";

  const known: [PasswordFault, string[]][] = [
    ["isYourName", [person.name, ...wordsOf(person.name), wordsOf(person.name).join("")]],
    ["isYourAddress", [person.email, person.email.split("@")[0]!, ...wordsOf(person.email)]],
    ["isOurName", ours],
  ];
  estimator ??= new ZxcvbnFactory({
    dictionary: { ...common, ...english, ...french },
    graphs: adjacencyGraphs,
    // zxcvbn tries every combination of substitutions: a text made of such symbols would block the server for seconds.
    l33tMaxSubstitutions: 8,
  });
  const inputs = known
    .flatMap(([, words]) => words.map(fold))
    .filter((word) => word.length > 2)
    .sort((a, b) => b.length - a.length);
  const [first, ...later] = partsOf(text).map((part) => () => estimator!.check(part, inputs));
  const { guesses, sequence } = first!();
  const dictionaries = sequence.flatMap((match) =>
    match.pattern === "dictionary" ? [{ name: match.dictionaryName, word: match.matchedWord }] : [],
  );
  const own = dictionaries.find(({ name }) => name === "userInputs")?.word;
  const because = (word: string | undefined) =>
    word === undefined ? undefined : known.find(([, words]) => words.some((one) => fold(one) === word))?.[0];
  if (isLittleMoreThan(inputs, text)) return because(inputs.find((word) => fold(text).includes(word))) ?? "tooWeak";
  if (sequence.length === 1 && dictionaries[0]?.name === "passwords-common") return "tooCommon";
  const isStrong = guesses >= ENOUGH_GUESSES || later.some((estimate) => estimate().guesses >= ENOUGH_GUESSES);
  return isStrong ? null : (because(own) ?? "tooWeak");
}

const partsOf = (text: string): string[] =>
  Array.from({ length: Math.min(ESTIMATED_PARTS, Math.ceil(text.length / ESTIMATED_LENGTH)) }, (_, part) =>
    text.slice(part * ESTIMATED_LENGTH, (part + 1) * ESTIMATED_LENGTH),
  );

/** Whether a text is only these words repeated, with a few digits and signs. @param words the longest first */
function isLittleMoreThan(words: readonly string[], text: string): boolean {
  const rest = words.reduce((left, word) => left.replaceAll(word, ""), fold(text));
  return rest.length < fold(text).length && rest.replace(/\P{L}/gu, "").length < 3 && rest.length < PASSWORD_MIN_LENGTH;
}

/** The words of a name or address, without words of one or two letters, which occur everywhere. */
function wordsOf(text: string): string[] {
  return text.split(/[^\p{L}\p{M}\p{N}]+/u).filter((word) => [...word].length > 2);
}

const fold = (text: string) => text.normalize("NFKC").toLowerCase().trim();
