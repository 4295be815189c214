import "server-only";
import { changePassword } from "@/lib/account/password/change-password";
import type { Caller } from "@/lib/account/session/caller";
import { renewHere } from "@/lib/account/session/renew-here";
import type { Client } from "@/lib/account/session/sessions";

/** {@link changePassword} for the caller in this browser. Puts the renewed session into its cookie. */
export const changePasswordHere = (
  { account, credential: { sessionId } }: Caller,
  password: string,
  context: { now: Date; client: Client },
) =>
  renewHere((reference) =>
    changePassword({ accountId: account.id, sessionId, reference, password, person: account }, context),
  );
