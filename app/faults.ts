import type { z } from "zod";
import type { Fault, FormState, SecretField } from "@/components/form-state";

type Values<Field extends string> = Partial<Record<Exclude<Field, SecretField>, string>>;

/** The form state for a schema's result: the first error of each field. */
export function faultsOf<Field extends string>(
  error: z.ZodError,
  before: FormState<Field>,
  values: Values<Field>,
): FormState<Field> {
  const faults: Partial<Record<Field | "form", Fault>> = {};
  for (const issue of error.issues) faults[issue.path[0] as Field] ??= { code: issue.message };
  return { status: "invalid", answer: answerAfter(before), values, faults };
}

/** The form state for one error, of a field or of the form as a whole. */
export function fault<Field extends string>(
  field: NoInfer<Field> | "form",
  what: Fault,
  before: FormState<Field>,
  values: Values<Field>,
): FormState<Field> {
  return {
    status: "invalid",
    answer: answerAfter(before),
    values,
    faults: { [field]: what } as Partial<Record<Field | "form", Fault>>,
  };
}

/** The FormData of an action. Anybody can call an action with any argument, so anything else becomes an empty form. */
export const formOf = (sent: unknown): FormData => (sent instanceof FormData ? sent : new FormData());

/**
 * The number of the next answer. The previous state comes from the browser, so it may be anything, also a reference that
 * throws when it is read (React's temporary references).
 */
export function answerAfter(before: { answer: number }): number {
  try {
    const count: unknown = (before as { answer?: unknown } | null)?.answer;
    return Number.isSafeInteger(count) ? Number(count) + 1 : 1;
  } catch {
    return 1;
  }
}

/** Whole seconds from now until a lock ends, at least one. */
export const secondsUntil = (until: Date): number => Math.max(1, Math.ceil((until.getTime() - Date.now()) / 1000));
