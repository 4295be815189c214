import ICAL from "ical.js";
import { describe, expect, it } from "vitest";
import { endCalendar } from "@/lib/messages/end-calendar";

const given = {
  id: "7d9ee8a4-2f0c-4b5e-9c53-7a1f6e1d2c3b@my.portal.example",
  timeZone: "Europe/Paris",
  title: "Norton 360 Deluxe ends; renew, or not",
  text: "It protects you until 30 November 2027, 02:23 Paris time.\nÉté: 100 % «déjà» ".repeat(5),
  url: "https://my.portal.example/home/subscriptions",
  now: new Date("2026-11-30T10:00:00Z"),
};

/** Read by an independent parser. */
function read(endsAt: string, other: Partial<typeof given> = {}) {
  const file = endCalendar({ ...given, ...other, endsAt: new Date(endsAt) });
  const [component] = new ICAL.Component(ICAL.parse(file)).getAllSubcomponents("vevent");
  return { file, event: new ICAL.Event(component!) };
}

describe("the calendar file of a subscription's end", () => {
  it.each([
    ["2027-11-30T01:23:00Z", "Europe/Paris", "2027-11-30"],
    // An end at the very start of a day is the last moment of the day before.
    ["2027-11-29T23:00:00Z", "Europe/Paris", "2027-11-29"],
    ["2027-11-30T01:23:00Z", "America/New_York", "2027-11-29"],
    ["2027-11-30T22:30:00Z", "Asia/Tokyo", "2027-12-01"],
  ])("has the last day of %s in %s", (endsAt, timeZone, day) => {
    const { event } = read(endsAt, { timeZone });
    expect(event.startDate.isDate).toBe(true);
    expect(event.startDate.toString()).toBe(day);
  });

  it("has the words as they were written, an alarm a week before, and one id for each subscription", () => {
    const { event } = read("2027-11-30T01:23:00Z");
    expect(event.summary).toBe(given.title);
    expect(event.description).toBe(given.text);
    expect(event.uid).toBe(given.id);
    const [alarm] = event.component.getAllSubcomponents("valarm");
    expect(String(alarm!.getFirstPropertyValue("trigger"))).toBe("-P7D");
    const later = read("2028-11-30T01:23:00Z", { now: new Date("2026-12-01T10:00:00Z") }).event;
    expect(later.sequence).toBeGreaterThan(event.sequence);
  });

  it("keeps to the lines of RFC 5545, 3.1: CRLF, and no longer than 75 bytes", () => {
    const lines = read("2027-11-30T01:23:00Z").file.split("\r\n");
    expect(lines.join("")).not.toContain("\n");
    expect(lines.filter((line) => Buffer.byteLength(line) > 75)).toEqual([]);
  });
});
