import "server-only";

/** Milliseconds between two reports. A terminal shows one line that changes, a log gets a new line each time. */
const EVERY = process.stderr.isTTY ? 200 : 5_000;

export const wholeNumber = new Intl.NumberFormat("en");

/** Reports on standard error how many of `total` things are done. */
export function progressOf(total: number, what: string): { advance(count: number): void; perSecond(): string } {
  const began = performance.now();
  let reported = began;
  let done = 0;
  return {
    advance(count) {
      done += count;
      if (performance.now() - reported < EVERY) return;
      reported = performance.now();
      const line = `${wholeNumber.format(done)} of ${wholeNumber.format(total)} ${what}`;
      process.stderr.write(process.stderr.isTTY ? `\r\x1b[K${line}` : `${line}\n`);
    },
    perSecond() {
      if (process.stderr.isTTY) process.stderr.write("\r\x1b[K");
      const seconds = (performance.now() - began) / 1000;
      return `${wholeNumber.format(Math.round(done / seconds))} ${what} per second (${seconds.toFixed(1)} s)`;
    },
  };
}
