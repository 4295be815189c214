import type { TokenPurpose } from "@/lib/account/tokens";
import type { MailKind } from "@/lib/jobs/outbox";

/** A queued email, with all that is needed to write it. */
export type Post = {
  id: string;
  kind: MailKind;
  recipient: string;
  details: Record<string, string | number>;
  createdAt: Date;
  account: {
    id: string;
    name: string;
    email: string;
    locale: string;
    timeZone: string;
    emailVerifiedAt: Date | null;
    erasedAt: Date | null;
  };
  token: { id: string; purpose: TokenPurpose; createdAt: Date; expiresAt: Date; usedAt: Date | null } | null;
};
