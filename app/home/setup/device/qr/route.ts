import type { NextRequest } from "next/server";
import { encode } from "uqr";
import { statuses } from "@/app/statuses";
import { brand } from "@/lib/brand";
import { isSystem } from "../detect-system";

/** Modules of white margin that ISO/IEC 18004 requires, so that the code scans on a dark page too. */
const QUIET_ZONE = 4;

/** A store's link as a QR code: `?os=ios` or `?os=android`. */
export function GET(request: NextRequest): Response {
  const system = request.nextUrl.searchParams.get("os");
  if (!isSystem(system)) return new Response("There is no such code\n", { status: statuses.request.notFound });

  const { size, data } = encode(brand.stores[system], { ecc: "M", border: QUIET_ZONE });
  const modules = data.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : [])));
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h${size}v${size}H0z"/><path d="${modules.join("")}"/></svg>`;
  return new Response(svg, { headers: { "Content-Type": "image/svg+xml", "Cache-Control": "public, max-age=86400" } });
}
