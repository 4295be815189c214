import { createTranslator } from "use-intl/core";
import { describe, expect, test } from "vitest";
import { brand, products } from "@/lib/brand";
import en from "./en.json";
import { errorWords } from "./error-words";
import fr from "./fr.json";

type Tree = { [key: string]: string | Tree };

/** Every sentence with the path of its key. */
function sentences(tree: Tree, path = ""): Map<string, string> {
  return new Map(
    Object.entries(tree).flatMap(([key, value]) => {
      const here = path ? `${path}.${key}` : key;
      return typeof value === "string" ? [[here, value] as const] : [...sentences(value, here)];
    }),
  );
}

const english = sentences({ ...en, program: errorWords.en });
const french = sentences({ ...fr, program: errorWords.fr });
/** The names of a sentence's arguments and tags. */
const places = (sentence: string) =>
  [...new Set([...sentence.matchAll(/\{(\w+)[,}]|<(\w+)>/g)].map((match) => match[1] ?? `<${match[2]}>`))].sort();

/** The sentences that break a rule, each with its key. */
const offenders = (of: Iterable<readonly [string, string]>, breaks: (sentence: string) => boolean) =>
  [...of].filter(([, sentence]) => breaks(sentence)).map(([key, sentence]) => `${key}: ${sentence}`);

describe("the English and French messages", () => {
  test("both languages have the same keys", () => {
    expect([...french.keys()].sort()).toEqual([...english.keys()].sort());
  });

  test("a sentence has the same arguments in both languages", () => {
    for (const [key, sentence] of english)
      expect([key, places(french.get(key) ?? "")]).toEqual([key, places(sentence)]);
  });

  test.each([
    ["en", english],
    ["fr", french],
  ] as const)("every sentence formats in %s when all its arguments are given", (locale, all) => {
    const failsToFormat = (sentence: string) => {
      const values = Object.fromEntries(places(sentence).map((name) => [name, name === "count" ? 2 : name]));
      const strong = (words: unknown) => words;
      const t = createTranslator({ locale, messages: { sentence }, onError: () => {} });
      // use-intl returns the key when formatting fails.
      return /[{}<>]|^sentence$/.test(String(t.rich("sentence", { ...values, strong } as never)));
    };
    expect(offenders(all, failsToFormat)).toEqual([]);
  });

  test("sentences filled in by the browser have no plurals, because fill() knows none", () => {
    const filledThere = [...english, ...french].filter(([key]) =>
      /^(errors|key\.answer|subscriptions\.key)\./.test(key),
    );
    expect(offenders(filledThere, (sentence) => /\{\w+,/.test(sentence))).toEqual([]);
  });

  test("no sentence has an exclamation mark, three dots, a double space or a space at either end", () => {
    expect(offenders([...english, ...french], (sentence) => /!|\.\.\.| {2}|^\s|\s$/.test(sentence))).toEqual([]);
  });

  test("apostrophes and quotation marks are typographic", () => {
    expect(offenders([...english, ...french], (sentence) => /['"]/.test(sentence))).toEqual([]);
  });

  test("no sentence contains a trademark, because those are in brand.ts", () => {
    const marks = [brand.app, brand.account, ...Object.values(products).map(({ name }) => name)];
    const holds = (sentence: string) => marks.some((mark) => sentence.toLowerCase().includes(mark.toLowerCase()));
    expect(offenders([...english, ...french], holds)).toEqual([]);
  });
});

describe("French typography", () => {
  test("a narrow no-break space precedes ; and ?, a no-break space precedes :", () => {
    // « ? » quotes the character; the quotation marks bring their own spaces.
    const plain = (sentence: string) => sentence.replaceAll("«\u00a0?\u00a0»", "").replace(/https?:/g, "");
    expect(offenders(french, (sentence) => /(?<!\u202f)[;?]/.test(plain(sentence)))).toEqual([]);
    expect(offenders(french, (sentence) => /(?<!\u00a0):/.test(plain(sentence)))).toEqual([]);
  });

  test("quotation marks are guillemets with no-break spaces inside", () => {
    expect(offenders(french, (sentence) => /«(?!\u00a0)|(?<!\u00a0)»|[“”]/.test(sentence))).toEqual([]);
  });

  test("a no-break space joins a number to the word after it", () => {
    expect(offenders(french, (sentence) => /\d [a-zà-ÿ]/.test(sentence))).toEqual([]);
  });
});

describe("names that printed cards and support articles refer to", () => {
  test.each([
    ["setup.title", "Activate your subscription", "Activez votre abonnement"],
    ["setup.enterKey", "Enter a product key", "Saisir une clé de produit"],
    ["setup.enterNewKey", "Enter a new product key", "Saisir une nouvelle clé de produit"],
    ["setup.enterPartnerCode", "Enter a partner code", "Saisir un code partenaire"],
    ["setup.signIn", "Sign in", "Connexion"],
    ["setup.createAccount", "Create an account", "Créer un compte"],
    ["setup.findKey", "Where is my product key?", "Où se trouve ma clé de produit\u202f?"],
    ["signIn.email", "Email address", "Adresse électronique"],
    ["signIn.password", "Password", "Mot de passe"],
    ["signIn.submit", "Sign in", "Connexion"],
    ["createAccount.name", "Name", "Nom"],
    ["createAccount.country", "Country or region", "Pays ou région"],
    ["createAccount.submit", "Create an account", "Créer un compte"],
    ["key.label", "Product key", "Clé de produit"],
    ["key.submit", "Verify", "Vérifier"],
    ["partnerCode.label", "Partner code", "Code partenaire"],
    ["review.title", "Check before you activate", "Vérifiez avant d’activer"],
    ["review.submit", "Activate", "Activer"],
    ["done.title", "Your subscription is active", "Votre abonnement est actif"],
    ["done.setUp", "Set up a device", "Configurer un appareil"],
    ["device.title", "Set up your phone or tablet", "Configurez votre téléphone ou votre tablette"],
    ["device.ios.title", "iPhone or iPad", "iPhone ou iPad"],
    ["device.android.title", "Android", "Android"],
    ["subscriptions.title", "My Subscription", "Mon abonnement"],
    ["subscriptions.key.show", "Show product key", "Afficher la clé de produit"],
    ["subscriptions.key.copy", "Copy product key", "Copier la clé de produit"],
    ["subscriptions.certificate", "Certificate", "Certificat"],
    ["devices.title", "My devices", "Mes appareils"],
    ["certificate.title", "Certificate of activation", "Certificat d’activation"],
    ["account.title", "My account", "Mon compte"],
    ["header.signOut", "Sign out", "Déconnexion"],
    ["help.title", "Where is my product key?", "Où se trouve ma clé de produit\u202f?"],
  ])("%s", (key, inEnglish, inFrench) => {
    expect([english.get(key), french.get(key)]).toEqual([inEnglish, inFrench]);
  });

  test("every refusal says that nothing changed, and that the key was not used where it stays valid", () => {
    const unused = ["notReleased", "expired", "region", "ceiling", "tooMany"];
    for (const [reason, refusal] of Object.entries(en.refusal)) {
      if (typeof refusal === "string" || reason === "alreadyYours") continue;
      expect(refusal.changed).toContain("This attempt changed nothing.");
      expect(refusal.changed.includes("Your key was not used."), reason).toBe(unused.includes(reason));
    }
  });
});
