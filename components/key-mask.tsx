import { maskKey } from "@/lib/licence/product-key";

/** A masked key: only its last group is shown. */
export function KeyMask({ hint }: { hint: string }) {
  return (
    <span dir="ltr" translate="no" className="font-mono font-bold wrap-anywhere">
      {/* Screen readers read the last group alone. */}
      <span aria-hidden="true">{maskKey(hint).slice(0, -hint.length)}</span>
      {hint}
    </span>
  );
}
