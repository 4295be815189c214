/** Fields whose text never goes back to the browser. */
export type SecretField = "password";

/** A fault's code, for example `email.required`; its sentence stands in lib/messages under `errors`. */
export type Fault = { code: string; /** Seconds to wait, for a lock. */ seconds?: number };

/** What a form's action answers. `answer` counts, so that the same fault sent twice is announced twice. */
export type FormState<Field extends string> =
  | { status: "idle"; answer: number }
  | {
      status: "done";
      answer: number;
      /** What was typed, where the page goes on with it. */
      values?: Partial<Record<Exclude<Field, SecretField>, string>>;
    }
  | {
      status: "invalid";
      answer: number;
      /** What was typed, without secrets. */
      values: Partial<Record<Exclude<Field, SecretField>, string>>;
      faults: Partial<Record<Field | "form", Fault>>;
    };
