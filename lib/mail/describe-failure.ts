import "server-only";

/** Characters of a mail server's reply that are kept. */
const LONGEST = 300;

/**
 * What went wrong in sending a mail, in a line for the operator: the mail server's reply or the network's error, without
 * the addresses that servers like to repeat.
 */
export function describeFailure(error: unknown, recipient: string): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const { response, message, code } = cause as { response?: string; message?: string; code?: string };
  const said = response || message || code || "unknown";
  const name = recipient.slice(0, recipient.lastIndexOf("@"));
  return said
    .replace(/[^\s<>()[\]"',;:]+@[^\s<>()[\]"',;:]+/g, "…")
    .split(name)
    .join("…")
    .replace(/[\p{Cc}\s]+/gu, " ")
    .trim()
    .slice(0, LONGEST);
}
