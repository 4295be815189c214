import "server-only";
import type { ClaimView } from "@/lib/account/handoff/claim-handoff";

export const writeClaim = ({ expiresAt, ...claim }: ClaimView) => ({ ...claim, expiresAt: expiresAt.toISOString() });
