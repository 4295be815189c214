/** `answer` counts up, so that a repeated error is announced again. */
export type KeyFormState = { status: "idle"; answer: number } | { status: "invalid"; typed: string; answer: number };
