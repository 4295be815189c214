import { maskKey } from "@/lib/licence/product-key";

/** A key of which only the last group is shown, as it is printed. */
export function KeyMask({ hint }: { hint: string }) {
  return (
    <span dir="ltr" translate="no" className="font-mono font-bold wrap-anywhere">
      {maskKey(hint)}
    </span>
  );
}
