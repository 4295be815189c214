"use client";

import { useState } from "react";
import { EmailField } from "@/components/email-field";
import { fill } from "@/lib/messages/fill";

type NewEmailFieldProps = {
  label: string;
  hint: string;
  error: string | undefined;
  defaultValue: string | undefined;
  /** Contains the placeholder `{address}`. The sentence is a button that accepts the suggestion. */
  didYouMean: string;
};

/**
 * A new email address. When its domain looks like a mistyped common one, a question replaces the hint. The person can
 * ignore it.
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
    // The form's checker listens for input events, so report this change as one.
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
            <span>{hint}</span>
          )}
        </span>
      }
    />
  );
}
