/** Copied to app/bench/empty of the measured build: what every page costs before it shows anything. */
export default function EmptyPage() {
  return null;
}
