/** An email address that breaks before the @ when it is too long for its line. */
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
