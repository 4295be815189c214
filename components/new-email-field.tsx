"use client";

import { useState } from "react";
import { EmailField } from "@/components/email-field";
import { fill } from "@/lib/messages/fill";

type NewEmailFieldProps = {
  label: string;
  hint: string;
  error: string | undefined;
  defaultValue: string | undefined;
  /** With a place for the `{address}`; the sentence is a button that takes it over. */
  didYouMean: string;
};

/**
 * An address that is typed for the first time. Where its domain looks like a slip of a common one, the field asks in the
 * place of its hint; it keeps nobody from going on.
 */
export function NewEmailField({ label, hint, error, defaultValue, didYouMean }: NewEmailFieldProps) {
  const [meant, setMeant] = useState<string | null>(null);

  async function ask(typed: string) {
    const suggestion = await import("@/lib/account/email/suggest-address").catch(() => null);
    setMeant(suggestion?.suggestAddress(typed) ?? null);
  }

  function take(address: string) {
    const input = document.getElementById("email") as HTMLInputElement;
    input.value = address;
    setMeant(null);
    input.focus();
    // What checks the form hears of it as of typing.
    input.dispatchEvent(new Event("input", { bubbles: true }));
  }

  return (
    <EmailField
      label={label}
      error={error}
      defaultValue={defaultValue}
      onBlur={(event) => void ask(event.currentTarget.value)}
      hint={
        <span role="status">
          {meant ? (
            <button type="button" onClick={() => take(meant)} className="link cursor-pointer text-start wrap-anywhere">
              {fill(didYouMean, { address: meant })}
            </button>
          ) : (
            hint
          )}
        </span>
      }
    />
  );
}
