"use client";

import { startTransition, useActionState, useRef, type FormEvent } from "react";
import { useForm, type FieldErrors, type Resolver } from "react-hook-form";
import type { ZodObject } from "zod";
import type { Fault, FormState } from "@/components/form-state";

type Values = Record<string, string>;
type Action<Field extends string> = (before: FormState<Field>, form: FormData) => Promise<FormState<Field>>;

/**
 * A form that works without scripts (`action`) and, with them, answers at once with the same schema the server uses.
 * The schema, and with it zod, is loaded when it is first needed, not with the page.
 * @param loadSchema for example `() => import("./schema").then(({ signInForm }) => signInForm)`
 */
export function useCheckedForm<Field extends string>(
  action: Action<Field>,
  loadSchema: () => Promise<ZodObject>,
) {
  const [state, send] = useActionState(action, { status: "idle", answer: 0 } as FormState<Field>);
  const form = useRef<HTMLFormElement>(null);
  const { handleSubmit, register, formState } = useForm<Values>({
    // The fields themselves hold the values: they have what was typed before the scripts came, and what a browser filled in.
    resolver: async (_values, context, options) => {
      const [{ zodResolver }, schema] = await Promise.all([import("@hookform/resolvers/zod"), loadSchema()]);
      const resolve = zodResolver(schema) as unknown as Resolver<Values>;
      return resolve(valuesOf(form.current), context, options);
    },
    shouldFocusError: false,
  });

  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    // Without the schema (a lost connection, a newer build) the server's answer does as well.
    void handleSubmit(() => startTransition(() => send(data)))(event).catch(() => startTransition(() => send(data)));
  }

  const here = faultsOf<Field>(formState.errors);
  const faults = Object.keys(here).length > 0 ? here : state.status === "invalid" ? state.faults : {};
  return {
    state,
    faults: faults as Partial<Record<Field | "form", Fault>>,
    /** New with each answer, for the error summary's focus. */
    answer: `${state.answer}.${formState.submitCount}`,
    form: { ref: form, action: send, onSubmit, noValidate: true },
    register: (name: Field) => register(name),
  };
}

const valuesOf = (form: HTMLFormElement | null): Values =>
  Object.fromEntries([...new FormData(form ?? undefined)].map(([name, value]) => [name, String(value)]));

const faultsOf = <Field extends string>(errors: FieldErrors<Values>) =>
  Object.fromEntries(
    Object.entries(errors).map(([name, error]) => [name, { code: String(error?.message) }]),
  ) as Partial<Record<Field, Fault>>;
