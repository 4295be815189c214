type CoverageRibbonProps = {
  /** Days that each grant gives, in order. */
  parts: readonly number[];
  /** Days of the whole run that have passed. */
  passed: number;
};

/** A bar with one piece for each grant of a subscription. Past days are outlined. The text beside it says the same. */
export function CoverageRibbon({ parts, passed }: CoverageRibbonProps) {
  const whole = parts.reduce((sum, days) => sum + days, 0);
  const percent = (days: number) => `${((100 * days) / whole).toFixed(3)}%`;
  const starts = parts.map((_, index) => parts.slice(0, index).reduce((sum, days) => sum + days, 0));
  return (
    <svg aria-hidden="true" className="block h-2.5 w-full overflow-hidden rounded-full bg-green-wash">
      <rect x={percent(passed)} width="100%" height="100%" className="fill-green" />
      {starts.slice(1).map((start) => (
        <rect key={start} x={percent(start)} width="3" height="100%" className="fill-sheet" />
      ))}
    </svg>
  );
}
