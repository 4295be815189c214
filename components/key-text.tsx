import { formatKey } from "@/lib/licence/product-key";

/**
 * A key as it is printed, in one piece of text with its hyphens, to be read and selected.
 * @param value canonical
 * @param at positions in `value` to mark as changed
 */
export function KeyText({ value, at = [] }: { value: string; at?: readonly number[] }) {
  const printed = formatKey(value);
  // A mark covers neighbours together; position p stands p / 5 hyphens further on.
  const marked = new Set(at.map((position) => position + Math.floor(position / 5)));
  const runs = printed.match(/./g)!.reduce<{ text: string; changed: boolean }[]>((all, symbol, index) => {
    const changed = marked.has(index);
    const last = all.at(-1);
    if (last?.changed === changed) last.text += symbol;
    else all.push({ text: symbol, changed });
    return all;
  }, []);
  return (
    <code dir="ltr" translate="no" className="font-mono font-bold wrap-anywhere select-all">
      {at.length === 0
        ? printed
        : runs.map(({ text, changed }, index) =>
            changed ? (
              <mark
                key={index}
                className="bg-transparent text-inherit underline decoration-amber decoration-3 underline-offset-4"
              >
                {text}
              </mark>
            ) : (
              text
            ),
          )}
    </code>
  );
}
