import { linksOf } from "@/app/api/app-links";
import { env } from "@/lib/env";

/** Says to Android which apps open the links of this site (Digital Asset Links). */
export const GET = (): Response =>
  linksOf(env().linkedApps.android, (apps) =>
    [...new Set(apps.map(({ package: name }) => name))].map((name) => ({
      relation: ["delegate_permission/common.handle_all_urls"],
      target: {
        namespace: "android_app",
        package_name: name,
        sha256_cert_fingerprints: apps.filter((app) => app.package === name).map(({ fingerprint }) => fingerprint),
      },
    })),
  );
