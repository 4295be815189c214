import type { ComponentProps, ReactNode } from "react";

type Variant = "primary" | "quiet" | "danger";
type Size = "normal" | "small";
type Look = { variant?: Variant; size?: Size; icon?: ReactNode };

const shape =
  "inline-flex items-center justify-center rounded font-bold text-center no-underline cursor-pointer print:hidden";

const sizes: Record<Size, string> = {
  normal: "min-h-control gap-2.5 px-5 py-3 text-base/6 max-xs:px-2 max-sm:w-full sm:px-6",
  small: "min-h-target gap-2 px-4 py-2 text-small/6 max-xs:px-2 max-sm:w-full",
};

const looks: Record<Variant, string> = {
  primary: "border-2 border-transparent bg-green text-green-on hover:bg-green-press",
  quiet: "border-2 border-line bg-transparent text-ink hover:border-edge",
  danger: "border-2 border-brick bg-transparent text-brick hover:bg-brick-wash",
};

const lookOf = ({ variant = "primary", size = "normal" }: Look) => `${shape} ${sizes[size]} ${looks[variant]}`;

/** A button for an action. Its label starts with a verb. It is never disabled. */
export function Button({ variant, size, icon, children, type = "button", ...button }: ComponentProps<"button"> & Look) {
  return (
    <button {...button} type={type} className={lookOf({ variant, size })}>
      {icon}
      <span>{children}</span>
    </button>
  );
}

/** A link styled as a button, for the page's main next step. */
export function ButtonLink({ variant, size, icon, children, ...link }: ComponentProps<"a"> & Look) {
  return (
    <a {...link} className={lookOf({ variant, size })}>
      {icon}
      <span>{children}</span>
    </a>
  );
}
