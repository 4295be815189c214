import { describe, expect, it } from "vitest";
import {
  countryCodes,
  countryOptions,
  defaultTimeZone,
  isCountryCode,
  isTimeZone,
  likelyCountry,
} from "@/lib/account/profile/countries";

const zonesOf = (country: string) =>
  (
    new Intl.Locale("und", { region: country }) as Intl.Locale & { getTimeZones(): string[] | undefined }
  ).getTimeZones() ?? [];

describe("countries", () => {
  it("are the 249 that ISO 3166-1 assigns, each once, in order", () => {
    expect(countryCodes).toHaveLength(249);
    expect([...new Set(countryCodes)].sort()).toEqual(countryCodes);
  });

  it("include territories and exclude reserved, withdrawn and user-assigned codes", () => {
    for (const code of ["FR", "GB", "RE", "TW", "AX", "SS", "BQ", "SX"]) expect(isCountryCode(code)).toBe(true);
    for (const code of ["UK", "EU", "XK", "AN", "YU", "ZZ", "fr", "", "FRA", " FR", null, undefined, 1]) {
      expect(isCountryCode(code)).toBe(false);
    }
  });

  it.each(["en", "fr"])("all have a distinct name in %s", (locale) => {
    const options = countryOptions(locale);
    expect(options).toHaveLength(249);
    expect(options.filter(({ code, name }) => name === code || name === "")).toEqual([]);
    expect(new Set(options.map(({ name }) => name)).size).toBe(249);
  });

  it("are sorted as readers of the language expect, accents or not", () => {
    const inOrder = (locale: string, ...codes: string[]) => {
      const listed = countryOptions(locale).filter(({ code }) => codes.includes(code));
      return listed.map(({ name }) => name);
    };
    expect(inOrder("fr", "FJ", "EG", "DK", "ZW")).toEqual(["Danemark", "Égypte", "Fidji", "Zimbabwe"]);
    expect(inOrder("en", "ZW", "AX", "AF", "AL")).toEqual(["Afghanistan", "Åland Islands", "Albania", "Zimbabwe"]);
  });
});

describe("the default time zone", () => {
  it("is the country's only one", () => {
    for (const country of countryCodes.filter((code) => zonesOf(code).length === 1)) {
      expect(defaultTimeZone(country)).toBe(zonesOf(country)[0]);
    }
    expect([defaultTimeZone("FR"), defaultTimeZone("GB"), defaultTimeZone("RE")]).toEqual([
      "Europe/Paris",
      "Europe/London",
      "Indian/Reunion",
    ]);
  });

  it("is the most populous one in every country with several zones", () => {
    const several = countryCodes.filter((country) => zonesOf(country).length > 1);
    expect(several.map((country) => `${country} ${defaultTimeZone(country)}`)).toEqual([
      "AQ Antarctica/McMurdo",
      "AR America/Buenos_Aires",
      "AU Australia/Sydney",
      "BR America/Sao_Paulo",
      "CA America/Toronto",
      "CD Africa/Kinshasa",
      "CL America/Santiago",
      "CN Asia/Shanghai",
      "CY Asia/Nicosia",
      "DE Europe/Berlin",
      "EC America/Guayaquil",
      "ES Europe/Madrid",
      "FM Pacific/Truk",
      "GL America/Godthab",
      "ID Asia/Jakarta",
      "KI Pacific/Tarawa",
      "KZ Asia/Almaty",
      "MH Pacific/Majuro",
      "MN Asia/Ulaanbaatar",
      "MX America/Mexico_City",
      "MY Asia/Kuala_Lumpur",
      "NZ Pacific/Auckland",
      "PF Pacific/Tahiti",
      "PG Pacific/Port_Moresby",
      "PS Asia/Hebron",
      "PT Europe/Lisbon",
      "RU Europe/Moscow",
      "UA Europe/Kiev",
      "UM Pacific/Wake",
      "US America/New_York",
      "UZ Asia/Tashkent",
    ]);
  });

  it("is UTC where nobody lives", () => {
    expect([defaultTimeZone("BV"), defaultTimeZone("HM")]).toEqual(["UTC", "UTC"]);
  });

  it("can be shown for every country", () => {
    expect(countryCodes.filter((country) => !isTimeZone(defaultTimeZone(country)))).toEqual([]);
  });

  it("an invalid country code is an error", () => {
    expect(() => defaultTimeZone("XX")).toThrow(RangeError);
    expect(() => defaultTimeZone("fr")).toThrow(RangeError);
  });
});

it("a time zone is recognised, under an old name too, and distinguished from an offset or nonsense", () => {
  for (const name of ["Europe/Paris", "UTC", "Asia/Calcutta", "Asia/Kolkata", "America/Argentina/Ushuaia"]) {
    expect(isTimeZone(name)).toBe(true);
  }
  for (const name of [
    "+01:00",
    "-0500",
    "",
    "Mars/Phobos",
    "Europe/Paris; drop",
    "x".repeat(10_000),
    null,
    undefined,
    1,
  ]) {
    expect(isTimeZone(name)).toBe(false);
  }
});

describe("the country a browser's languages suggest", () => {
  it.each([
    ["fr-FR,fr;q=0.9,en-US;q=0.8,en;q=0.7", "FR"],
    ["fr,fr-FR;q=0.8,en-US;q=0.5,en;q=0.3", "FR"],
    ["fr-CA,fr;q=0.9", "CA"],
    ["fr,fr-BE;q=0.9", "BE"],
    ["fr", "FR"],
    ["fr,en-US;q=0.5", "FR"],
    ["en-GB,en;q=0.5", "GB"],
    ["en;q=0.5,en-GB;q=0.9", "GB"],
    ["en-US;q=0.3,fr-BE;q=0.9", "BE"],
    ["zh-Hant-TW", "TW"],
    ["nl-be", "BE"],
    ["en", undefined],
    ["en,fr;q=0.5", undefined],
    ["de,en-US;q=0.7,en;q=0.3", undefined],
    ["es-419,es-MX;q=0.9", "MX"],
    ["fr-FR;q=0,en-GB", "GB"],
    ["*", undefined],
    ["*,fr-CH;q=0.5", "CH"],
    ["en_US, fr-CH;q=oops, ;;;, nl-NL", "NL"],
    ["en-XX", undefined],
    ["", undefined],
    [null, undefined],
  ])("%s: %s", (header, country) => {
    expect(likelyCountry(header)).toBe(country);
  });
});
