/**
 * `answer` is JSON for the server. Without it, `code` is an error code, or null when another attempt or leaving the
 * page aborted this one.
 */
export type PasskeyOutcome = { answer: string } | { code: string | null };

/**
 * Translates the result of a passkey ceremony from the browser's error names (Web Authentication, sections 5.1.3 and
 * 5.1.4).
 * @param declined the code for a ceremony that was cancelled or took too long; browsers do not say which
 */
export async function outcomeOf(ceremony: Promise<object>, declined: string): Promise<PasskeyOutcome> {
  const codes: Record<string, string | null> = {
    AbortError: null,
    NotAllowedError: declined,
    InvalidStateError: "passkey.exists",
  };
  return ceremony.then(
    (answer) => ({ answer: JSON.stringify(answer) }),
    (error: { name?: string } | null) => {
      const code = codes[error?.name ?? ""];
      return { code: code === undefined ? "passkey.unsupported" : code };
    },
  );
}
