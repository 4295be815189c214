import "server-only";
import { env } from "@/lib/env";

/** What every cookie of ours is: out of reach of scripts and other sites, for all paths, over https wherever the site is. */
export const cookieOptions = () => ({ httpOnly: true, sameSite: "lax" as const, path: "/", secure: env().secure });
