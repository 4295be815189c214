import { describe, expect, it } from "vitest";
import { daysBetween, daysLeft } from "@/lib/licence/coverage";
import { formatClock, formatDay, formatEnd, formatMoment, lastMomentOf } from "@/lib/messages/dates";

const at = (iso: string) => new Date(iso);

describe("a day in words", () => {
  it.each([
    ["2027-03-31T21:59:00Z", "en", "Europe/Paris", "31\u00a0March 2027"],
    ["2027-03-31T21:59:00Z", "fr", "Europe/Paris", "31\u00a0mars 2027"],
    ["2027-03-31T22:00:00Z", "en", "Europe/Paris", "1\u00a0April 2027"],
    ["2027-03-31T22:00:00Z", "fr", "Europe/Paris", "1er\u00a0avril 2027"],
    ["2027-03-31T22:00:00Z", "fr", "Europe/London", "31\u00a0mars 2027"],
    ["2027-08-01T12:00:00Z", "fr", "UTC", "1er\u00a0août 2027"],
    ["2027-08-11T12:00:00Z", "fr", "UTC", "11\u00a0août 2027"],
    ["2027-08-21T12:00:00Z", "fr", "UTC", "21\u00a0août 2027"],
  ] as const)("%s in %s and %s is %s", (iso, locale, timeZone, words) => {
    expect(formatDay(at(iso), locale, timeZone)).toBe(words);
  });
});

describe("a moment in words", () => {
  it.each([
    ["2027-03-31T21:59:00Z", "en", "Europe/Paris", "31\u00a0March 2027, 23:59 Paris time"],
    ["2027-03-31T21:59:00Z", "fr", "Europe/Paris", "31\u00a0mars 2027 à 23\u00a0h\u00a059, heure de Paris"],
    ["2027-02-28T23:00:00Z", "fr", "Europe/Paris", "1er\u00a0mars 2027 à 0\u00a0h\u00a000, heure de Paris"],
    ["2027-03-31T21:59:00Z", "fr", "Europe/London", "31\u00a0mars 2027 à 22\u00a0h\u00a059, heure de Londres"],
    ["2027-03-31T21:59:00Z", "en", "America/New_York", "31\u00a0March 2027, 17:59 New York time"],
    ["2027-03-31T21:59:00Z", "fr", "Africa/Cairo", "31\u00a0mars 2027 à 23\u00a0h\u00a059, heure du Caire"],
    ["2027-03-31T21:59:00Z", "fr", "Europe/Oslo", "31\u00a0mars 2027 à 23\u00a0h\u00a059, heure d’Oslo"],
    ["2027-03-31T21:59:00Z", "fr", "Indian/Reunion", "1er\u00a0avril 2027 à 1\u00a0h\u00a059, heure de La Réunion"],
    ["2027-03-31T21:59:00Z", "en", "America/Argentina/Ushuaia", "31\u00a0March 2027, 18:59 Ushuaia time"],
    ["2027-03-31T21:59:00Z", "en", "Asia/Calcutta", "1\u00a0April 2027, 03:29 Kolkata time"],
    ["2027-03-31T21:59:00Z", "en", "Europe/Kiev", "1\u00a0April 2027, 00:59 Kyiv time"],
    ["2027-03-31T21:59:00Z", "en", "UTC", "31\u00a0March 2027, 21:59 UTC"],
    ["2027-03-31T21:59:00Z", "fr", "UTC", "31\u00a0mars 2027 à 21\u00a0h\u00a059, heure UTC"],
    ["2027-03-31T21:59:00Z", "en", "Etc/GMT+5", "31\u00a0March 2027, 16:59 GMT-5"],
  ] as const)("%s in %s and %s is %s", (iso, locale, timeZone, words) => {
    expect(formatMoment(at(iso), locale, timeZone)).toBe(words);
  });

  it("follows the zone over the clock change", () => {
    expect(formatMoment(at("2027-03-28T00:59:00Z"), "en", "Europe/Paris")).toBe("28\u00a0March 2027, 01:59 Paris time");
    expect(formatMoment(at("2027-03-28T01:00:00Z"), "en", "Europe/Paris")).toBe("28\u00a0March 2027, 03:00 Paris time");
  });

  it("never shows the raw IANA name of a zone", () => {
    for (const timeZone of Intl.supportedValuesOf("timeZone")) {
      for (const locale of ["en", "fr"] as const) {
        expect(formatMoment(at("2027-03-31T21:59:00Z"), locale, timeZone)).not.toMatch(/[_/]/);
      }
    }
  });

  it("gives the old and the new name of a zone the same words", () => {
    const words = (timeZone: string) => formatMoment(at("2027-03-31T21:59:00Z"), "fr", timeZone);
    expect(words("Asia/Saigon")).toBe("1er\u00a0avril 2027 à 4\u00a0h\u00a059, heure d’Hô-Chi-Minh-Ville");
    expect(words("Asia/Ho_Chi_Minh")).toBe(words("Asia/Saigon"));
    expect(words("Europe/Kyiv")).toBe(words("Europe/Kiev"));
  });

  it("refuses a zone that does not exist", () => {
    expect(() => formatMoment(at("2027-03-31T21:59:00Z"), "en", "Mars/Phobos")).toThrow(RangeError);
  });
});

describe("a time of day", () => {
  it.each([
    ["2027-01-10T00:00:00Z", "00:00", "0\u00a0h\u00a000"],
    ["2027-01-10T08:05:00Z", "08:05", "8\u00a0h\u00a005"],
    ["2027-01-10T20:41:00Z", "20:41", "20\u00a0h\u00a041"],
  ])("%s is %s in English and %s in French", (iso, english, french) => {
    expect(formatClock(at(iso), "en", "UTC")).toBe(english);
    expect(formatClock(at(iso), "fr", "UTC")).toBe(french);
  });
});

describe("the last moment of something that ends", () => {
  it.each([
    [
      "2027-11-23T23:00:00.000Z",
      "Europe/Paris",
      "23\u00a0November 2027, 23:59 Paris time",
      "midnight belongs to the day before",
    ],
    [
      "2027-11-23T23:00:00.000Z",
      "Europe/London",
      "23\u00a0November 2027, 23:00 London time",
      "it is not midnight in this zone",
    ],
    [
      "2027-11-24T10:15:00.000Z",
      "Europe/Paris",
      "24\u00a0November 2027, 11:15 Paris time",
      "an end during the day stays",
    ],
    [
      "2027-11-23T23:00:00.001Z",
      "Europe/Paris",
      "24\u00a0November 2027, 00:00 Paris time",
      "a millisecond later is a new day",
    ],
    [
      "2027-09-05T04:00:00.000Z",
      "America/Santiago",
      "4\u00a0September 2027, 23:59 Santiago time",
      "this day starts at 01:00",
    ],
  ])("an end at %s in %s is shown as %s: %s", (end, timeZone, words) => {
    expect(formatEnd(at(end), "en", timeZone)).toBe(words);
  });

  it("lies on the day that daysLeft counts to", () => {
    const now = at("2027-11-20T12:00:00Z");
    for (const timeZone of ["UTC", "Europe/Paris", "America/New_York", "Asia/Kathmandu", "Pacific/Kiritimati"]) {
      for (let quarter = 0; quarter < 4 * 48; quarter += 1) {
        const end = new Date(Date.parse("2027-11-22T00:00:00Z") + quarter * 15 * 60_000);
        expect(daysBetween(now, lastMomentOf(end, timeZone), timeZone)).toBe(daysLeft(end, now, timeZone));
      }
    }
  });
});
