/** A text for programs, exactly as it is. Lines that are too long scroll, also by the keyboard. */
export function CodeBlock({ label, text }: { label: string; text: string }) {
  return (
    <pre
      tabIndex={0}
      role="region"
      aria-label={label}
      dir="ltr"
      translate="no"
      className="overflow-x-auto rounded-lg border border-line bg-sheet px-4 py-3 font-mono text-note"
    >
      <code>{text}</code>
    </pre>
  );
}
