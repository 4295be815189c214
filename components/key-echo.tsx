import { echoGroups, type EchoCell } from "@/lib/licence/product-key";

const marks: Record<EchoCell["mark"], string> = {
  ok: "",
  suspect: "text-amber underline decoration-3 underline-offset-6",
  unknown: "text-amber",
  never: "text-amber line-through decoration-2",
};

const places = [0, 1, 2, 3, 4];

/**
 * What was typed, in five groups of five like print on a card. Each character keeps its place in any font. It is hidden
 * from screen readers: the key's answer describes errors in words.
 */
export function KeyEcho({ text }: { text: string }) {
  const { groups, extra } = echoGroups(text);
  return (
    <div aria-hidden="true" dir="ltr" translate="no" className="@container relative">
      <div className="grid grid-cols-[repeat(auto-fit,minmax(3.6em,1fr))] font-mono text-print font-bold">
        {groups.map((group, index) => (
          <span
            key={index}
            className={`-ms-px grid grid-cols-[repeat(5,0.66em)] justify-center border-s border-dashed border-line py-[0.8em] text-center ${
              group.some(({ mark }) => mark !== "ok") ? "bg-amber-wash" : ""
            }`}
          >
            {places.map((place) => (
              <span key={place} className={`${marks[group[place]?.mark ?? "ok"]}`}>
                {group[place]?.symbol ?? <span className="font-normal text-edge">·</span>}
              </span>
            ))}
          </span>
        ))}
      </div>
      {extra > 0 && (
        <span className="absolute end-1.5 top-1.5 rounded-full bg-amber px-2.5 text-note font-bold text-paper">
          +{extra}
        </span>
      )}
    </div>
  );
}
