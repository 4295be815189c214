"use client";

import { useEffect, useRef } from "react";

type ErrorSummaryProps = {
  title: string;
  /** `field` is the id of the control. Without it the message is not a link. */
  errors: readonly { field?: string; message: string }[];
  /**
   * A value that changes with each answer (the action's state, a submit count), so that the summary takes the focus
   * again.
   */
  answer?: unknown;
};

/** The list of errors above the heading. It takes the focus and links to each field. */
export function ErrorSummary({ title, errors, answer }: ErrorSummaryProps) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.focus(), [answer]);

  return (
    <div
      ref={box}
      role="alert"
      tabIndex={-1}
      autoFocus
      className="mb-8 max-w-measure rounded border-2 border-brick bg-sheet px-5 py-4"
    >
      <h2 className="text-h3">{title}</h2>
      <ul className="mt-1">
        {errors.map(({ field, message }) => (
          <li key={field ?? message} className="font-bold text-brick">
            {field ? (
              <a href={`#${field}`} className="inline-block py-1.5 underline underline-offset-4 hover:decoration-2">
                {message}
              </a>
            ) : (
              message
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}
