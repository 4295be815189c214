import { describe, expect, it } from "vitest";
import { timeZoneOptions } from "@/lib/account/profile/time-zones";

describe.each(["en", "fr"] as const)("time zones to choose from, in %s", (locale) => {
  it("are all zones, each once and with a distinct name", () => {
    const { inCountry, elsewhere } = timeZoneOptions({ country: "US", current: "America/New_York" }, locale);
    const all = [...inCountry, ...elsewhere];
    expect(new Set(all.map(({ zone }) => zone))).toEqual(new Set([...Intl.supportedValuesOf("timeZone"), "UTC"]));
    expect(all.map(({ name }) => name).filter((name, at, names) => names.indexOf(name) !== at)).toEqual([]);
    expect(all.filter(({ name }) => /[_/]/.test(name))).toEqual([]);
  });

  it("start with the country's", () => {
    const zones = (country: string) =>
      timeZoneOptions({ country, current: "UTC" }, locale).inCountry.map(({ zone }) => zone);
    expect(zones("FR")).toEqual(["Europe/Paris"]);
    expect(zones("PT").sort()).toEqual(["Atlantic/Azores", "Atlantic/Madeira", "Europe/Lisbon"]);
    expect(zones("BV")).toEqual([]);
  });

  it("include the account's zone, under whichever of its names it is stored", () => {
    for (const current of ["Europe/Kyiv", "Asia/Kolkata", "UTC", "Etc/GMT+5", "europe/paris"]) {
      const { inCountry, elsewhere, current: chosen } = timeZoneOptions({ country: "FR", current }, locale);
      expect(
        [...inCountry, ...elsewhere].map(({ zone }) => zone),
        current,
      ).toContain(chosen);
    }
  });
});

it("time zones are named and sorted in the reader's language", () => {
  const names = (locale: "en" | "fr") =>
    timeZoneOptions({ country: "BV", current: "UTC" }, locale).elsewhere.map(({ name }) => name);
  expect(names("fr")).toEqual(
    expect.arrayContaining(["Le Caire", "La Havane", "Alger", "Îles Canaries", "Île de Man"]),
  );
  expect(names("en")).toEqual(expect.arrayContaining(["Cairo", "Havana", "Algiers", "Canary Islands", "Isle of Man"]));
  expect(names("en").indexOf("Asunción")).toBeLessThan(names("en").indexOf("Athens"));
});
