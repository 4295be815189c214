import { metadata } from "@/app/oauth/metadata";

/** Where an app looks by RFC 8414. */
export const GET = (): Response => metadata();
