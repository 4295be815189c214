import { statuses } from "@/app/statuses";
import { brand } from "@/lib/brand";
import { referencePhoneIsOn } from "@/lib/account/oauth/clients";

/** What makes the reference app installable (W3C Web Application Manifest). */
export function GET(): Response {
  if (!referencePhoneIsOn()) return new Response("There is no app here\n", { status: statuses.request.notFound });
  const manifest = {
    id: "/phone",
    start_url: "/phone",
    scope: "/phone",
    display: "standalone",
    orientation: "portrait",
    name: `${brand.app} reference app`,
    short_name: "Reference app",
    background_color: "#f7f3eb",
    theme_color: "#f7f3eb",
    icons: [{ src: "/icon.svg", sizes: "any", type: "image/svg+xml", purpose: "any" }],
  };
  return Response.json(manifest, { headers: { "Content-Type": "application/manifest+json" } });
}
