import { describe, expect, test } from "vitest";
import { resolveLocale } from "./locale";

describe("the language of a response", () => {
  test("?lang= wins over the browser's choice, the account's language and Accept-Language, in this order", () => {
    const all = { query: "fr", chosenCookie: "en", accountCookie: "en", acceptLanguage: "en" };
    expect(resolveLocale(all)).toBe("fr");
    expect(resolveLocale({ ...all, query: null, chosenCookie: "fr" })).toBe("fr");
    expect(resolveLocale({ ...all, query: null, chosenCookie: undefined, accountCookie: "fr" })).toBe("fr");
    expect(resolveLocale({ acceptLanguage: "fr" })).toBe("fr");
  });

  test("a language without messages is ignored", () => {
    expect(resolveLocale({ query: "tlh", chosenCookie: "../fr", accountCookie: "", acceptLanguage: "fr-CA" })).toBe(
      "fr",
    );
  });

  test.each([
    ["fr-FR,fr;q=0.9,en-US;q=0.8,en;q=0.7", "fr"],
    ["en-GB,en;q=0.9,fr;q=0.8", "en"],
    ["fr;q=0.4, en;q=0.6", "en"],
    ["de-DE, fr;q=0.5, en;q=0.5", "fr"],
    ["de, ja;q=0.8", "en"],
    ["*", "en"],
    ["*;q=0.1, fr;q=0.2", "fr"],
    ["en;q=0, fr;q=0.1", "fr"],
    ["fr;q=0", "en"],
    ["FR-be; Q=0.9", "fr"],
    ["fr;q=zero, en;q=0.2", "en"],
    ["fr;q=7, en;q=0.2", "en"],
    [",,;;=q, ;", "en"],
    ["", "en"],
  ])("Accept-Language %j gives %s", (acceptLanguage, expected) => {
    expect(resolveLocale({ acceptLanguage })).toBe(expected);
  });
});
