/** `answer` is JSON for the server. Without one, a fault's code; null when another proof or the page's end broke it off. */
export type PasskeyOutcome = { answer: string } | { code: string | null };

/**
 * What became of a ceremony, by the names browsers give (Web Authentication, 5.1.3 and 5.1.4).
 * @param declined the code for what was cancelled or took too long, between which browsers make no difference
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
