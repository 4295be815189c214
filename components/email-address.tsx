import { Fragment } from "react";

/** An email address. When it is too long for its line, it breaks before the @ or after a dot, not inside a word. */
export function EmailAddress({ children }: { children: string }) {
  const pieces = children.split(/(?=@)|(?<=\.)/);
  return (
    <span translate="no">
      {pieces.map((piece, index) => (
        <Fragment key={index}>
          {index > 0 && <wbr />}
          {piece}
        </Fragment>
      ))}
    </span>
  );
}
