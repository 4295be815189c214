import { metadata } from "@/app/oauth/metadata";

/** Where AppAuth looks (OpenID Connect Discovery). The portal gives no ID tokens. */
export const GET = (): Response => metadata();
