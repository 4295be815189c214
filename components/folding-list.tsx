import type { ReactElement } from "react";

type FoldingListProps = {
  /** The items, each an `li` with a key. */
  items: readonly ReactElement[];
  /** How many items stand open. The others fold. */
  most: number;
  /** What the fold says. */
  more: string;
  /** Whether the fold is open, because something in it was asked for. */
  isOpen?: boolean;
};

/** An ordered list of which the first items stand open. On paper all of them do. */
export const FoldingList = ({ items, most, more, isOpen = false }: FoldingListProps) => (
  <>
    <ol>{items.slice(0, most)}</ol>
    {items.length > most && (
      <details open={isOpen} className="border-t border-line">
        <summary className="link flex min-h-target cursor-pointer items-center py-2 text-small">{more}</summary>
        <ol start={most + 1}>{items.slice(most)}</ol>
      </details>
    )}
  </>
);
