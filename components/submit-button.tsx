"use client";

import type { ReactNode } from "react";
import { useFormStatus } from "react-dom";
import { Button } from "@/components/button";

/**
 * The submit button of its form. It is never disabled. While it waits for the answer it says so, to screen readers too,
 * and ignores a second click.
 * @param pending label while waiting, for example "One moment…"
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
