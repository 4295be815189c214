import "server-only";

/** Characters of a mail server's reply that are kept. */
const LONGEST = 300;

/**
 * What went wrong in sending a mail, in a line for the operator: the mail server's reply or the network's error, without
 * the recipient, whom servers like to name.
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
