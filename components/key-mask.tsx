import { maskKey } from "@/lib/licence/product-key";

/** A masked key: only its last group is shown. */
export function KeyMask({ hint }: { hint: string }) {
  return (
    <span dir="ltr" translate="no" className="font-mono font-bold wrap-anywhere">
      {maskKey(hint)}
    </span>
  );
}
