import "server-only";
import { problem } from "@/app/api/serving/answer";
import { refuse } from "@/app/api/serving/problems";

/** Seconds for which a phone's system may use its copy. It asks when an app is installed. */
const MAX_AGE = 3_600;

/** The file by which a system learns which apps open this site's links. Without apps there is none. */
export const linksOf = <App>(apps: App[], write: (apps: App[]) => object): Response =>
  apps.length === 0
    ? problem(refuse("notFound"))
    : new Response(JSON.stringify(write(apps)), {
        headers: { "Content-Type": "application/json", "Cache-Control": `public, max-age=${MAX_AGE}` },
      });
