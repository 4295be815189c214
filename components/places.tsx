import type { ReactNode } from "react";
import type { AccountDrawing } from "@/components/drawings";

type PlacesProps = {
  title: string;
  places: readonly { name: string; text: ReactNode; Drawing: typeof AccountDrawing }[];
  /** Below the places. */
  children: ReactNode;
};

/** Shown beside a field: where people find what belongs into it. */
export const Places = ({ title, places, children }: PlacesProps) => (
  <>
    <h2 className="font-bold">{title}</h2>
    <ul className="mt-3">
      {places.map(({ name, text, Drawing }) => (
        <li key={name} className="flex items-center gap-4 border-t border-line py-3 text-soft">
          <Drawing className="w-16" />
          <span>{text}</span>
        </li>
      ))}
    </ul>
    <p className="border-t border-line pt-3">{children}</p>
  </>
);
