import type { ReactNode } from "react";

type DrawingProps = { className?: string };

/** Line drawings on 96 × 72 units. What is green is the product key: it shows where to look. */
function Drawing({ className = "w-24", children }: DrawingProps & { children: ReactNode }) {
  return (
    <svg
      aria-hidden="true"
      className={`h-auto flex-none text-ink ${className}`}
      viewBox="0 0 96 72"
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

/** Five short strokes, like the five groups in print. */
const PrintedKey = ({ x, y }: { x: number; y: number }) => (
  <g className="text-green">
    <rect x={x} y={y} width="50" height="13" rx="3" className="fill-green-wash" />
    <path strokeWidth="2.5" d={`M${x + 5} ${y + 6.5}h4.5m4.4 0h4.5m4.4 0h4.5m4.4 0h4.5m4.4 0h4.5`} />
  </g>
);

export const CardDrawing = (props: DrawingProps) => (
  <Drawing {...props}>
    <rect x="9" y="10" width="78" height="52" rx="6" className="fill-sheet" />
    <path d="M17 20h20M17 27h12" className="text-edge" />
    <PrintedKey x={23} y={39} />
  </Drawing>
);

export const BoxDrawing = (props: DrawingProps) => (
  <Drawing {...props}>
    <path d="M14 28 22 12h52l8 16" />
    <path d="M14 28h68v36H14z" className="fill-sheet" />
    <path d="M40 12h16M48 12v16" className="text-edge" />
    <path d="M19 36v-4a4 4 0 0 1 4-4h50a4 4 0 0 1 4 4v4" className="text-edge" />
    <PrintedKey x={23} y={40} />
  </Drawing>
);

export const MailDrawing = (props: DrawingProps) => (
  <Drawing {...props}>
    <path d="M10 30v30a4 4 0 0 0 4 4h68a4 4 0 0 0 4-4V30" />
    <path d="M18 48V12a4 4 0 0 1 4-4h52a4 4 0 0 1 4 4v36" className="fill-sheet" />
    <path d="M30 16h22" className="text-edge" />
    <PrintedKey x={23} y={23} />
    <path d="M10 31 48 53 86 31" className="fill-paper" />
    <path d="m12 62 24-16M84 62 60 46" className="text-edge" />
  </Drawing>
);

export const AccountDrawing = (props: DrawingProps) => (
  <Drawing {...props}>
    <rect x="9" y="9" width="78" height="54" rx="5" className="fill-sheet" />
    <path d="M9 20h78" />
    <path d="M15.5 14.6v.1M21.5 14.6v.1" strokeWidth="2.6" />
    <path d="M23 30h26" className="text-edge" />
    <PrintedKey x={23} y={39} />
  </Drawing>
);

export const ProviderDrawing = (props: DrawingProps) => (
  <Drawing {...props}>
    <rect x="12" y="38" width="72" height="24" rx="5" className="fill-sheet" />
    <path d="M24 38V22M72 38V22" />
    <path d="M38 24a14 14 0 0 1 20 0M32 17a23 23 0 0 1 32 0" className="text-edge" />
    <g className="text-green">
      <path strokeWidth="2.5" d="M24 50h5m5 0h5m5 0h5" />
    </g>
    <path d="M74 50v.1" strokeWidth="3" />
  </Drawing>
);

/** A phone that is protected. */
export const PhoneDrawing = (props: DrawingProps) => (
  <Drawing {...props}>
    <rect x="31" y="4" width="34" height="64" rx="6" className="fill-sheet" />
    <path d="M44 61h8" className="text-edge" />
    <g className="text-green">
      <path d="M48 20c4 3 7.5 4 11 4 0 11-4 17-11 20-7-3-11-9-11-20 3.5 0 7-1 11-4Z" className="fill-green-wash" />
      <path d="m43.5 31.5 3.3 3.5 6-6.8" />
    </g>
  </Drawing>
);

export const ShopDrawing = (props: DrawingProps) => (
  <Drawing {...props}>
    <path d="M20 26h56l4 40H16l4-40Z" className="fill-sheet" />
    <path d="M36 34V20a12 12 0 0 1 24 0v14" />
    <PrintedKey x={23} y={44} />
  </Drawing>
);

/** A card's key becomes a phone's protection: the way this site leads. On 352 × 264 units. */
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
    <g transform="rotate(-7 116 150)">
      <rect x="14" y="84" width="204" height="132" rx="12" className="fill-sheet" />
      <path d="M34 110h54M34 126h32" className="text-edge" />
      <g className="text-green">
        <rect x="34" y="160" width="164" height="34" rx="6" className="fill-green-wash" />
        <path strokeWidth="4" d="M46 177h18m10 0h18m10 0h18m10 0h18m10 0h18" />
      </g>
    </g>
    <path d="M150 62c16-30 52-40 84-26m-9-12 10 12-14 8" className="text-green" strokeDasharray="0.1 0" />
    <rect x="238" y="48" width="100" height="196" rx="16" className="fill-sheet" />
    <path d="M276 230h24" className="text-edge" />
    <g className="text-green">
      <path
        d="M288 94c12 9 22 12 33 12 0 34-12 52-33 62-21-10-33-28-33-62 11 0 21-3 33-12Z"
        className="fill-green-wash"
      />
      <path strokeWidth="4" d="m274 130 10 11 19-22" />
    </g>
  </svg>
);
