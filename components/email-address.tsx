/** An address that, where it is too long for its line, breaks before the @. */
export function EmailAddress({ children }: { children: string }) {
  const at = children.lastIndexOf("@");
  return (
    <span className="wrap-anywhere">
      {children.slice(0, at)}
      <wbr />
      {children.slice(at)}
    </span>
  );
}
