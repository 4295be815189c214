/** Copied to app/bench/empty of the measured build: the cost of any page before it shows content. */
export default function EmptyPage() {
  return null;
}
