import type { LedgerGrant } from "@/lib/licence/coverage";

/** A day as `YYYY-MM-DD`; such texts sort like the days they name. */
export type Day = string;

/**
 * A naive implementation of the coverage rules, for ledgers whose instants are all midnights in UTC. It walks through
 * the calendar day by day and records which grant pays for each day. It counts months and leap years itself and shares
 * no code with the fold.
 */
export function liveThrough(grants: readonly LedgerGrant[]): Map<Day, string> {
  const arrivals = grants.filter((grant) => !grant.undoneAt).sort((a, b) => a.seq - b.seq);
  const spent = new Map<Day, string>();
  const waiting: LedgerGrant[] = [];
  let stretch: { anchor: Day; months: number; days: number } | undefined;
  let head: { grant: LedgerGrant; until: Day } | undefined;

  let today = arrivals.map(({ grantedAt }) => dayOf(grantedAt)).sort()[0] ?? "";
  const lastArrival =
    arrivals
      .map(({ grantedAt }) => dayOf(grantedAt))
      .sort()
      .at(-1) ?? "";
  for (; head || waiting.length > 0 || (today !== "" && today <= lastArrival); today = dayAfter(today)) {
    if (head && head.until === today) head = undefined;
    else if (head && truncationOf(head.grant) === today) {
      head = undefined;
      stretch = { anchor: today, months: 0, days: 0 };
    }
    waiting.push(...arrivals.filter(({ grantedAt }) => dayOf(grantedAt) === today));

    while (!head && waiting.length > 0) {
      const grant = waiting.shift() as LedgerGrant;
      if (truncationOf(grant) <= today) continue;
      stretch ??= { anchor: today, months: 0, days: 0 };
      if (grant.gives.kind !== "term") throw new Error("the calendar knows terms only");
      stretch.months += grant.gives.months;
      stretch.days += grant.gives.days;
      head = { grant, until: onPaper(stretch) };
    }
    if (head) spent.set(today, head.grant.id);
    else stretch = undefined;
  }
  return spent;
}

export function dayAfter(day: Day): Day {
  const [year = 0, month = 0, date = 0] = day.split("-").map(Number);
  if (date < lengthOfMonth(year, month)) return write(year, month, date + 1);
  return month < 12 ? write(year, month + 1, 1) : write(year + 1, 1, 1);
}

export const dayOf = (midnight: Date): Day => midnight.toISOString().slice(0, 10);

const truncationOf = ({ truncatedAt }: LedgerGrant): Day => (truncatedAt ? dayOf(truncatedAt) : "9999-12-31");

function onPaper({ anchor, months, days }: { anchor: Day; months: number; days: number }): Day {
  let [year = 0, month = 0] = anchor.split("-").map(Number);
  for (let left = months; left > 0; left -= 1) {
    month += 1;
    if (month > 12) {
      month = 1;
      year += 1;
    }
  }
  let day = write(year, month, Math.min(Number(anchor.slice(8)), lengthOfMonth(year, month)));
  for (let left = days; left > 0; left -= 1) day = dayAfter(day);
  return day;
}

function lengthOfMonth(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

const write = (year: number, month: number, date: number): Day =>
  [String(year).padStart(4, "0"), String(month).padStart(2, "0"), String(date).padStart(2, "0")].join("-");
