import "server-only";

/** Characters kept of a mail server's reply. */
const LONGEST = 300;

/**
 * Describes a failed delivery in one line for the operator: the mail server's reply or the network error. It removes
 * the recipient's address, which mail servers often repeat.
 */
export function describeFailure(error: unknown, recipient: string): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const { response, message, code } = cause as { response?: string; message?: string; code?: string };
  const mailbox = recipient.slice(0, recipient.lastIndexOf("@"));
  return (response || message || code || "unknown")
    .replace(/[^\s<>()[\]"',;:]+@[^\s<>()[\]"',;:]+/g, "…")
    .replace(mentions(mailbox), "…")
    .replace(/[\p{Cc}\s]+/gu, " ")
    .trim()
    .slice(0, LONGEST);
}

const mentions = (mailbox: string) =>
  new RegExp(`(?<![\\p{L}\\p{N}])${mailbox.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&")}(?![\\p{L}\\p{N}])`, "giu");
