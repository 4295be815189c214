import { formatKey } from "@/lib/licence/product-key";

/**
 * A key as printed, with its hyphens, in one element so that one click selects all of it.
 * @param value canonical
 * @param at positions in `value` to mark as changed
 */
export function KeyText({ value, at = [] }: { value: string; at?: readonly number[] }) {
  const printed = formatKey(value);
  // One mark covers neighbouring characters. Each hyphen before position p moves it one place, floor(p / 5) in all.
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
      {at.length === 0 ? (
        printed
      ) : (
        <>
          {/* Marks split the groups, in which a screen reader should read the key. */}
          <span className="sr-only select-none">{printed}</span>
          <span aria-hidden="true">
            {runs.map(({ text, changed }, index) =>
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
          </span>
        </>
      )}
    </code>
  );
}
