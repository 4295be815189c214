"use client";

import type { ReactNode } from "react";
import { useFormStatus } from "react-dom";
import { Button } from "@/components/button";

/**
 * The button that sends the form it stands in. It is never disabled; while the answer is on its way it says so, also
 * to a screen reader, and takes no second click.
 * @param pending words while waiting, for example "One moment…"
 */
export function SubmitButton({ children, pending, icon, variant, name, value }: SubmitButtonProps) {
  const status = useFormStatus();
  return (
    <>
      <Button
        type="submit"
        variant={variant}
        icon={icon}
        name={name}
        value={value}
        onClick={(event) => status.pending && event.preventDefault()}
      >
        {status.pending ? pending : children}
      </Button>
      <span role="status" className="sr-only">
        {status.pending ? pending : ""}
      </span>
    </>
  );
}

type SubmitButtonProps = {
  children: string;
  pending: string;
  icon?: ReactNode;
  variant?: "primary" | "quiet" | "danger";
  name?: string;
  value?: string;
};
