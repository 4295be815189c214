import type { ReactNode } from "react";

type IconProps = { className?: string };

/**
 * Icons only decorate text. 20 units, 2-unit lines, in the text's colour. An icon of one island stands beside it: every
 * page loads those that stand here and that any island uses.
 */
export function Icon({ className = "size-5", children }: IconProps & { children: ReactNode }) {
  return (
    <svg
      aria-hidden="true"
      className={`flex-none ${className}`}
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      {children}
    </svg>
  );
}

export const CheckIcon = (props: IconProps) => (
  <Icon {...props}>
    <path d="m3.5 10.5 4.3 4.5L16.5 5.5" />
  </Icon>
);

export const DoneIcon = (props: IconProps) => (
  <Icon {...props}>
    <circle cx="10" cy="10" r="8" />
    <path d="m6.4 10.3 2.5 2.6 4.8-5.4" />
  </Icon>
);

export const InfoIcon = (props: IconProps) => (
  <Icon {...props}>
    <circle cx="10" cy="10" r="8" />
    <path d="M10 9.4v4.4M10 6.2v.1" />
  </Icon>
);

export const LookAgainIcon = (props: IconProps) => (
  <Icon {...props}>
    <path d="M10 2.6 18.4 17H1.6L10 2.6ZM10 8v4M10 14.5v.1" />
  </Icon>
);

export const ErrorIcon = (props: IconProps) => (
  <Icon {...props}>
    <path d="M6.7 2h6.6L18 6.7v6.6L13.3 18H6.7L2 13.3V6.7L6.7 2ZM10 6v4.6M10 13.7v.1" />
  </Icon>
);

/** Points back, against the reading direction. */
export const BackIcon = ({ className = "size-4" }: IconProps) => (
  <Icon className={`mirrored ${className}`}>
    <path d="M12.5 4 6.5 10l6 6" />
  </Icon>
);

/** Marks something that opens below. */
export const OpenIcon = (props: IconProps) => (
  <Icon {...props}>
    <path d="m4.5 7.5 5.5 5.5 5.5-5.5" />
  </Icon>
);

export const CopyIcon = (props: IconProps) => (
  <Icon {...props}>
    <rect x="7" y="7" width="10.5" height="10.5" rx="2" />
    <path d="M4 13H3.5a1 1 0 0 1-1-1V3.5a1 1 0 0 1 1-1H12a1 1 0 0 1 1 1V4" />
  </Icon>
);

export const EyeIcon = (props: IconProps) => (
  <Icon {...props}>
    <path d="M1.5 10s3-5.5 8.5-5.5 8.5 5.5 8.5 5.5-3 5.5-8.5 5.5S1.5 10 1.5 10Z" />
    <circle cx="10" cy="10" r="2.5" />
  </Icon>
);

/** The site's mark. public/icon.svg is the same drawing. */
export const KeyMark = ({ className = "size-8" }: IconProps) => (
  <svg aria-hidden="true" className={`flex-none ${className}`} viewBox="0 0 32 32" fill="none">
    <rect width="32" height="32" rx="8" className="fill-green" />
    <g className="stroke-green-on" strokeWidth="2.5" strokeLinecap="round" strokeLinejoin="round">
      <circle cx="10.5" cy="16" r="4.5" />
      <path d="M15 16h11.5v5M21 16v4" />
    </g>
  </svg>
);
