/** `answer` counts the answers, so that the same fault sent twice is announced twice. */
export type KeyFormState = { status: "idle"; answer: number } | { status: "invalid"; typed: string; answer: number };
