import ical, { ICalAlarmType, ICalEventTransparency } from "ical-generator";
import { dateFormat } from "@/lib/date-format";
import { lastMomentOf } from "@/lib/messages/dates";

type End = {
  /** The same for every file of one subscription, so that a new end replaces the old one in the calendar. */
  id: string;
  /** End-exclusive. */
  endsAt: Date;
  timeZone: string;
  title: string;
  text: string;
  url: string;
  now: Date;
};

const WEEK_SECONDS = 7 * 86_400;

/**
 * Writes the last day of a subscription as an all-day event with an alarm a week before (RFC 5545). Later files have a
 * higher SEQUENCE.
 */
export function endCalendar({ id, endsAt, timeZone, title, text, url, now }: End): string {
  const calendar = ical({ prodId: { company: "portal", product: "subscription end" } });
  const event = calendar.createEvent({
    id,
    // The minute of the file, so that a later one replaces an earlier one.
    sequence: Math.floor(now.getTime() / 60_000),
    stamp: now,
    start: dayOf(lastMomentOf(endsAt, timeZone), timeZone),
    allDay: true,
    transparency: ICalEventTransparency.TRANSPARENT,
    summary: title,
    description: text,
    url,
  });
  event.createAlarm({ type: ICalAlarmType.display, trigger: WEEK_SECONDS, description: title });
  return calendar.toString();
}

/** Midnight UTC of the calendar day of an instant in a time zone. */
function dayOf(at: Date, timeZone: string): Date {
  return new Date(`${dateFormat("en-CA", { timeZone, dateStyle: "short" }).format(at)}T00:00:00Z`);
}
