import { zodResolver } from "@hookform/resolvers/zod";
import { createFormControl, type FieldValues } from "react-hook-form";
import type { ZodObject } from "zod";

export type FormChecker = {
  /** Checks the whole form. @returns the code of each field's first error, by field name */
  check(form: HTMLFormElement): Promise<Record<string, string>>;
  /** Checks one field again. @returns the code of its error, if it has one */
  recheck(form: HTMLFormElement, name: string): Promise<string | undefined>;
};

/** Checks forms in the browser with the server's schema. The schema's messages are codes. */
export function formChecker(schema: ZodObject): FormChecker {
  const control = createFormControl<FieldValues>({ resolver: zodResolver(schema), shouldFocusError: false });
  // Read the fields themselves: they also hold what was typed before the scripts loaded and what the browser filled in.
  const read = (form: HTMLFormElement) => {
    for (const [name, value] of new FormData(form)) control.setValue(name, value);
  };
  return {
    async check(form) {
      read(form);
      const faults: Record<string, string> = {};
      await control.handleSubmit(
        () => {},
        (errors) => {
          for (const [name, error] of Object.entries(errors)) faults[name] = String(error?.message);
        },
      )();
      return faults;
    },
    async recheck(form, name) {
      read(form);
      await control.trigger(name);
      return control.getFieldState(name).error?.message;
    },
  };
}
