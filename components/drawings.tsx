import type { ReactNode } from "react";

type DrawingProps = { className?: string };

/** Line drawings, 80 units wide. The product key is green, to show where to look. */
function Drawing({ className = "w-24", children }: DrawingProps & { children: ReactNode }) {
  return (
    <svg
      aria-hidden="true"
      className={`h-auto flex-none text-ink ${className}`}
      viewBox="0 0 80 60"
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

/** Five short strokes on a strip, for the five groups of a key. */
const PrintedKey = ({ y }: { y: number }) => (
  <g className="text-green">
    <rect x="14" y={y} width="52" height="14" rx="3" className="fill-green-wash" />
    <path strokeWidth="2.5" d={`M19.5 ${y + 7}h5m4 0h5m4 0h5m4 0h5m4 0h5`} />
  </g>
);

export const CardDrawing = (props: DrawingProps) => (
  <Drawing {...props}>
    <rect x="1" y="5" width="78" height="50" rx="6" className="fill-sheet" />
    <path d="M10 15h20M10 22h11" className="text-edge" />
    <PrintedKey y={33} />
  </Drawing>
);

/** An open box, with the card that comes out of it. */
export const BoxDrawing = (props: DrawingProps) => (
  <Drawing {...props}>
    <rect x="9" y="1" width="62" height="40" rx="5" className="fill-sheet" />
    <PrintedKey y={9} />
    <path d="M3 30h74v25a4 4 0 0 1-4 4H7a4 4 0 0 1-4-4V30Z" className="fill-paper" />
    <path d="M3 30 1 37m76-7 2 7M32 40h16" className="text-edge" />
  </Drawing>
);

export const MailDrawing = (props: DrawingProps) => (
  <Drawing {...props}>
    <path d="M8 40V5a4 4 0 0 1 4-4h56a4 4 0 0 1 4 4v35" className="fill-sheet" />
    <path d="M18 9h18" className="text-edge" />
    <PrintedKey y={15} />
    <path d="M1 24v31a4 4 0 0 0 4 4h70a4 4 0 0 0 4-4V24L40 46 1 24Z" className="fill-paper" />
    <path d="m3 57 22-19m52 19L55 38" className="text-edge" />
  </Drawing>
);

export const AccountDrawing = (props: DrawingProps) => (
  <Drawing {...props}>
    <rect x="1" y="3" width="78" height="54" rx="5" className="fill-sheet" />
    <path d="M1 15h78" />
    <path d="M8 9v.1M14 9v.1" strokeWidth="2.75" />
    <path d="M14 24h24" className="text-edge" />
    <PrintedKey y={33} />
  </Drawing>
);

export const ProviderDrawing = (props: DrawingProps) => (
  <Drawing {...props}>
    <path d="M15 33V17m50 16V17" />
    <path d="M31 22a13 13 0 0 1 18 0M25 14.5a23 23 0 0 1 30 0" className="text-edge" />
    <rect x="1" y="33" width="78" height="24" rx="5" className="fill-sheet" />
    <path strokeWidth="2.5" d="M14 45h5m4 0h5m4 0h5" className="text-green" />
    <path d="M67 45v.1" strokeWidth="3.5" />
  </Drawing>
);

/** A card's key turns into a phone's protection. 352 × 264 units. */
export const HandOverDrawing = ({ className = "" }: DrawingProps) => (
  <svg
    aria-hidden="true"
    className={`h-auto text-ink ${className}`}
    viewBox="0 0 352 264"
    fill="none"
    stroke="currentColor"
    strokeWidth="2.5"
    strokeLinecap="round"
    strokeLinejoin="round"
  >
    <g transform="rotate(-6 116 150)">
      <rect x="8" y="88" width="212" height="134" rx="12" className="fill-sheet" />
      <path d="M30 114h54M30 130h32" className="text-edge" />
      <g className="text-green">
        <rect x="30" y="164" width="168" height="36" rx="6" className="fill-green-wash" />
        <path strokeWidth="4" d="M44 182h18m12 0h18m12 0h18m12 0h18m12 0h18" />
      </g>
    </g>
    <path d="M132 62c18-32 62-42 90-24m-4-15 6 16-16 4" className="text-green" />
    <rect x="244" y="26" width="104" height="212" rx="17" className="fill-sheet" />
    <path d="M284 222h24" className="text-edge" />
    <g className="text-green">
      <path
        d="M296 82c12 9 22 12 34 12 0 36-12 55-34 66-22-11-34-30-34-66 12 0 22-3 34-12Z"
        className="fill-green-wash"
      />
      <path strokeWidth="4" d="m281 121 11 12 20-24" />
    </g>
  </svg>
);
