import type { NextRequest } from "next/server";
import { isPhoneSystem } from "@/app/phone-system";
import { qrCode } from "@/app/qr-code";
import { statuses } from "@/app/statuses";
import { brand } from "@/lib/brand";

/** A store's link as a QR code: `?os=ios` or `?os=android`. */
export function GET(request: NextRequest): Response {
  const system = request.nextUrl.searchParams.get("os");
  if (!isPhoneSystem(system)) return new Response("There is no such code\n", { status: statuses.request.notFound });

  const { size, path } = qrCode(brand.stores[system]);
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h${size}v${size}H0z"/><path d="${path}"/></svg>`;
  return new Response(svg, { headers: { "Content-Type": "image/svg+xml", "Cache-Control": "public, max-age=86400" } });
}
