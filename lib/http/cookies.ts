import "server-only";
import { env } from "@/lib/env";

/** Options of every cookie the portal sets: hidden from scripts and from other sites, for all paths, Secure over https. */
export const cookieOptions = () => ({ httpOnly: true, sameSite: "lax" as const, path: "/", secure: env().secure });

/** Seconds that a browser keeps a chosen language. */
export const LANGUAGE_LIFETIME = 365 * 86_400;
