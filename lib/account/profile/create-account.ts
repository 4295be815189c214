import "server-only";
import { transaction } from "@/lib/db/client";
import { recordEvent } from "@/lib/db/events";
import { account } from "@/lib/db/schema/account";
import { attempt } from "@/lib/limits/attempt";
import { reserve } from "@/lib/limits/limits";
import { claimAddress } from "@/lib/account/email/claim-address";
import { askToConfirm, reserveConfirmMail } from "@/lib/account/email/ask-to-confirm";
import { normaliseEmail } from "@/lib/account/canonical-email";
import { hashPassword } from "@/lib/account/password/password";
import { passwordFault, type PasswordFault } from "@/lib/account/password/password-quality";
import { newReference, openSession, type Client } from "@/lib/account/session/sessions";
import { signIn } from "@/lib/account/password/sign-in";

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

type Created =
  | { status: "created"; accountId: string; reference: string }
  | { status: "taken" }
  | { status: "passwordRefused"; fault: PasswordFault };

/**
 * Creates an account and opens its first session. It discloses deliberately that an address has an account: telling
 * only by email would leave a buyer waiting at the first step. A rate limit per network keeps attackers from listing
 * addresses.
 * A form sent twice (a double click, a lost response) signs in to the account it created, if the password matches.
 */
export async function createAccount(
  person: NewAccount,
  context: { now: Date; client: Client },
): Promise<Created | { status: "limited"; until: Date }> {
  const network = context.client.addressPrefix ?? "unknown";
  // Count before checking the password, because estimating its strength is costly.
  const reservation = await reserve("createAccountPerNetwork", network);
  if (!reservation.allowed) return { status: "limited", until: reservation.until };
  const attempted = await attempt("takenPerNetwork", network, {
    work: () => create(person, context),
    failed: ({ status }) => status === "taken",
  });
  return attempted.allowed ? attempted.result : { status: "limited", until: attempted.until };
}

async function create({ password, ...person }: NewAccount, context: { now: Date; client: Client }): Promise<Created> {
  const { now, client } = context;
  const email = normaliseEmail(person.email);
  const fault = passwordFault(password, { name: person.name, email });
  if (fault) return { status: "passwordRefused", fault };

  const passwordHash = await hashPassword(password);
  const reference = newReference();
  const created = await transaction(async (tx) => {
    if (!(await claimAddress(tx, { email, accountId: null }, { now }))) return null;
    const [made] = await tx
      .insert(account)
      .values({ ...person, email, passwordHash, createdAt: now })
      .onConflictDoNothing({ target: account.email })
      .returning({ id: account.id });
    if (!made) return null;
    await recordEvent(tx, { action: "account.created", accountId: made.id, at: now, person: client });
    // Creating accounts for somebody else's address must not flood their mailbox. The owner can ask for the email
    // later.
    if ((await reserveConfirmMail(email, tx)).allowed) await askToConfirm(tx, { accountId: made.id, email }, { now });
    await openSession(tx, { reference, accountId: made.id, client });
    return { accountId: made.id, reference };
  });
  if (created) return { status: "created", ...created };
  const existing = await signIn({ email, password }, context);
  if (existing.status !== "signedIn") return { status: "taken" };
  return { status: "created", accountId: existing.accountId, reference: existing.reference };
}
