import type { Language } from "./words";

/** Dates computed here by hand, so that pages are not compared with the product's own arithmetic. */

const months = {
  en: "January February March April May June July August September October November December".split(" "),
  fr: "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split(" "),
};

type Day = { year: number; month: number; day: number };

/** The calendar day of an instant in Paris. */
export function parisDay(at: Date): Day {
  const [year, month, day] = at.toLocaleDateString("sv-SE", { timeZone: "Europe/Paris" }).split("-").map(Number);
  return { year: year!, month: month!, day: day! };
}

/** "3 March 2027", "3 mars 2027", "1er mars 2027", with a no-break space after the day. */
export function inWords(at: Date, lang: Language): string {
  const { year, month, day } = parisDay(at);
  return `${lang === "fr" && day === 1 ? "1er" : day}\u00a0${months[lang][month - 1]} ${year}`;
}

/** Adds calendar months in UTC at the same time of day, on the month's last day where the day does not exist. */
export function monthsLater(at: Date, count: number): Date {
  const wanted = at.getUTCMonth() + count;
  const later = new Date(at);
  later.setUTCDate(1);
  later.setUTCMonth(wanted);
  const lastDay = new Date(Date.UTC(later.getUTCFullYear(), later.getUTCMonth() + 1, 0)).getUTCDate();
  later.setUTCDate(Math.min(at.getUTCDate(), lastDay));
  return later;
}

/** Nights between two instants in Paris. */
export function nights(from: Date, to: Date): number {
  const count = ({ year, month, day }: Day) => Date.UTC(year, month - 1, day) / 86_400_000;
  return count(parisDay(to)) - count(parisDay(from));
}
