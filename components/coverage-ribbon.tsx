type CoverageRibbonProps = {
  /** Days that each grant gives, in order. */
  parts: readonly number[];
  /** Days of the whole run that have passed. */
  passed: number;
  words: { today: string; end: string };
};

/**
 * A bar with one piece for each grant of a subscription, from its first day to its end. Past days are pale, and a label
 * marks today. The text beside it says the same.
 */
export function CoverageRibbon({ parts, passed, words }: CoverageRibbonProps) {
  const whole = parts.reduce((sum, days) => sum + days, 0);
  const share = (days: number) => (100 * days) / whole;
  const percent = (days: number) => `${share(days).toFixed(3)}%`;
  const starts = parts.map((_, index) => parts.slice(0, index).reduce((sum, days) => sum + days, 0));
  const today = share(passed);
  return (
    <div aria-hidden="true">
      <svg className="block h-2.5 w-full overflow-hidden rounded-full bg-green-wash">
        <rect x={percent(passed)} width="100%" height="100%" className="fill-green" />
        {starts.slice(1).map((start) => (
          <rect key={start} x={percent(start)} width="3" height="100%" className="fill-sheet" />
        ))}
      </svg>
      <svg className="mt-1 block h-6 w-full overflow-visible fill-soft text-note">
        <text x={`${today.toFixed(3)}%`} y="1em" textAnchor={today < 10 ? "start" : today > 85 ? "end" : "middle"}>
          {words.today}
        </text>
        {today < 75 && (
          <text x="100%" y="1em" textAnchor="end">
            {words.end}
          </text>
        )}
      </svg>
    </div>
  );
}
