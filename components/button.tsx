import type { ComponentProps, ReactNode } from "react";

type Variant = "primary" | "quiet";
type Look = { variant?: Variant; icon?: ReactNode };

const shape =
  "inline-flex min-h-control items-center justify-center gap-2.5 rounded px-6 py-3 text-base/6 font-bold text-center no-underline cursor-pointer transition-colors";

const looks: Record<Variant, string> = {
  primary: "border-2 border-transparent bg-green text-green-on hover:bg-green-press",
  quiet: "border-2 border-line bg-transparent text-ink hover:border-edge",
};

const lookOf = (variant: Variant = "primary") => `${shape} ${looks[variant]}`;

/** A button that does something. Its words are a verb; it is never disabled. */
export function Button({ variant, icon, children, type = "button", ...button }: ComponentProps<"button"> & Look) {
  return (
    <button {...button} type={type} className={lookOf(variant)}>
      {icon}
      <span>{children}</span>
    </button>
  );
}

/** A link that looks like a button, for the one place a page leads on to. */
export function ButtonLink({ variant, icon, children, ...link }: ComponentProps<"a"> & Look) {
  return (
    <a {...link} className={lookOf(variant)}>
      {icon}
      <span>{children}</span>
    </a>
  );
}
