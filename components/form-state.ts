/** Fields whose text is never sent back to the browser. */
export type SecretField = "password";

/** An error code, for example `email.required`. Its message is in lib/messages, under `errors`. */
export type Fault = { code: string; /** How long a lock lasts. */ seconds?: number };

/** The answer of a form's action. `answer` counts up, so that a repeated error is announced again. */
export type FormState<Field extends string> =
  | { status: "idle"; answer: number }
  | {
      status: "done";
      answer: number;
      /** What was typed, for a page that continues with it. */
      values?: Partial<Record<Exclude<Field, SecretField>, string>>;
    }
  | {
      status: "invalid";
      answer: number;
      /** What was typed, without secrets. */
      values: Partial<Record<Exclude<Field, SecretField>, string>>;
      faults: Partial<Record<Field | "form", Fault>>;
    };
