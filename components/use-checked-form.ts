"use client";

import { useActionState, useRef, useState, type FormEvent } from "react";
import type { ZodObject } from "zod";
import type { Fault, FormState } from "@/components/form-state";
import type { FormChecker } from "@/components/form-checker";

type Faults<Field extends string> = Partial<Record<Field | "form", Fault>>;

/**
 * A form that works without JavaScript (`action`). With it, the server's own schema answers at once. The checker is
 * loaded when the person reaches the form, not with the page.
 * @param loadSchema for example `() => import("./schema").then((schema) => schema.signInForm)`
 */
export function useCheckedForm<Field extends string>(
  action: (before: FormState<Field>, form: FormData) => Promise<FormState<Field>>,
  loadSchema: () => Promise<ZodObject>,
) {
  const [state, send, pending] = useActionState(action, { status: "idle", answer: 0 } as FormState<Field>);
  /** The errors found in the browser, after the server's answer number `after`. */
  const [here, setHere] = useState<{ after: number; count: number; faults: Faults<Field> }>();
  const checker = useRef<Promise<FormChecker>>(undefined);
  /**
   * Whether a submission is being checked or has been passed to the action. There is only one at a time, however often
   * somebody clicks.
   */
  const way = useRef<"none" | "checking" | "through">("none");
  const current = here?.after === state.answer ? here : undefined;

  const load = () =>
    (checker.current ??= Promise.all([import("@/components/form-checker"), loadSchema()]).then(
      ([{ formChecker }, schema]) => formChecker(schema),
    ));

  async function onSubmit(event: FormEvent<HTMLFormElement>) {
    if (way.current === "through") return void (way.current = "none");
    event.preventDefault();
    if (way.current === "checking" || pending) return;
    way.current = "checking";
    const form = event.currentTarget;
    // If the checker cannot be loaded (lost connection, newer build), submit anyway: the server checks too.
    const found = Object.entries(
      await load()
        .then(({ check }) => check(form))
        .catch(() => ({})),
    );
    if (found.length > 0) {
      const faults = Object.fromEntries(found.map(([name, code]) => [name, { code }])) as Faults<Field>;
      way.current = "none";
      return setHere({ after: state.answer, count: (here?.count ?? 0) + 1, faults });
    }
    setHere(undefined);
    // Wait a tick: a browser ignores a second submit event while it dispatches the first.
    setTimeout(() => {
      way.current = "through";
      form.requestSubmit();
    });
  }

  async function onInput(event: FormEvent<HTMLFormElement>) {
    const { name } = event.target as HTMLInputElement;
    const form = event.currentTarget;
    if (!current || !(name in current.faults)) return;
    const code = await (await load()).recheck(form, name);
    setHere((shown) => shown && { ...shown, faults: { ...shown.faults, [name]: code ? { code } : undefined } });
  }

  return {
    state,
    faults: current?.faults ?? (state.status === "invalid" ? state.faults : ({} as Faults<Field>)),
    /** Changes with each answer, so that the error summary takes the focus. */
    answer: `${state.answer}.${here?.count ?? 0}`,
    form: { action: send, onSubmit, onInput, onFocus: () => void load().catch(() => {}), noValidate: true },
  };
}
