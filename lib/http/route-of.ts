import "server-only";
import { readFileSync } from "node:fs";
import { classOf } from "@/lib/http/policy";

type Route = { name: string; matches: RegExp };

let routes: Route[] | undefined;

/**
 * The route that a path belongs to, for metrics: one of the build's, such as `/home/setup/done/[id]`, or `file`, or
 * `other`. So the labels are as many as the routes, whatever paths clients ask for.
 */
export function routeOf(path: string): string {
  if (classOf(path) === "file") return "file";
  routes ??= readRoutes();
  return routes.find(({ matches }) => matches.test(path))?.name ?? "other";
}

function readRoutes(): Route[] {
  try {
    const manifest = readFileSync(".next/app-path-routes-manifest.json", "utf8");
    const names = Object.values(JSON.parse(manifest) as Record<string, string>);
    return names.map((name) => ({ name, matches: new RegExp(`^${name.replace(/\[\[?[^\]]+\]\]?/g, "[^/]+")}$`) }));
  } catch {
    // The development server has no build.
    return [];
  }
}
