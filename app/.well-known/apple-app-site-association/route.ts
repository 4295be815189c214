import { linksOf } from "@/app/api/app-links";
import { env } from "@/lib/env";

/** Says to iOS which apps open the links of hand-offs (Apple's associated domains). */
export const GET = (): Response =>
  linksOf(env().linkedApps.ios, (appIDs) => ({ applinks: { details: [{ appIDs, components: [{ "/": "/d/*" }] }] } }));
