import "server-only";
import { transaction } from "@/lib/db/client";
import { recordEvent } from "@/lib/db/events";
import { account } from "@/lib/db/schema";
import { reserve } from "@/lib/limits/limits";
import { normaliseEmail } from "@/lib/account/email-address";
import { hashPassword } from "@/lib/account/password";
import { passwordFault, type PasswordFault } from "@/lib/account/password-quality";
import { openSession, type Client } from "@/lib/account/sessions";

export type NewAccount = {
  name: string;
  email: string;
  password: string;
  /** ISO 3166-1 alpha-2. */
  country: string;
  locale: string;
  /** IANA name. */
  timeZone: string;
};

/**
 * Creates an account and opens its first session. That an address has an account already is told, deliberately:
 * the alternative, a mail, would leave a buyer waiting at the first step; a limit per network keeps it from being a list.
 */
export async function createAccount(
  { password, ...person }: NewAccount,
  { now, client }: { now: Date; client: Client },
): Promise<
  | { status: "created"; reference: string }
  | { status: "taken" }
  | { status: "passwordRefused"; fault: PasswordFault }
  | { status: "limited"; until: Date }
> {
  const email = normaliseEmail(person.email);
  const fault = passwordFault(password, { name: person.name, email });
  if (fault) return { status: "passwordRefused", fault };
  const reservation = await reserve("createAccountPerNetwork", client.addressPrefix ?? "unknown");
  if (!reservation.allowed) return { status: "limited", until: reservation.until };

  const passwordHash = await hashPassword(password);
  return transaction(async (tx) => {
    const [created] = await tx
      .insert(account)
      .values({ ...person, email, passwordHash, createdAt: now })
      .onConflictDoNothing({ target: account.email })
      .returning({ id: account.id });
    if (!created) return { status: "taken" };
    await recordEvent(tx, { action: "account.created", accountId: created.id, at: now, person: client });
    return { status: "created", reference: await openSession(tx, created.id, client) };
  });
}
