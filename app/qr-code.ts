import "server-only";
import { encode } from "uqr";

/** Modules of white margin that ISO/IEC 18004 requires, so that the code scans on a dark page too. */
const QUIET_ZONE = 4;

/**
 * A text as a QR code.
 * @returns the side in modules, and an SVG path over all dark ones
 */
export function qrCode(text: string): { size: number; path: string } {
  const { size, data } = encode(text, { ecc: "M", border: QUIET_ZONE });
  const runs = data.flatMap((row, y) =>
    [
      ...row
        .map((dark) => (dark ? "1" : "0"))
        .join("")
        .matchAll(/1+/g),
    ].map(({ index, 0: { length } }) => `M${index} ${y}h${length}v1h-${length}z`),
  );
  return { size, path: runs.join("") };
}
