import { eq, sql } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { db, transaction } from "@/lib/db/client";
import { session } from "@/lib/db/schema/account";
import { listOtherAccountsHere } from "@/lib/account/session/list-accounts-here";
import { newReference, openSession, revokeSession } from "@/lib/account/session/sessions";
import { withTestDatabase } from "@/lib/testing/database";
import { makeAccount } from "@/lib/testing/factories";

withTestDatabase();

async function signedIn(accountId: string, browser: string | null) {
  const reference = newReference();
  const client = { addressPrefix: null, userAgent: null, browser };
  await transaction((tx) => openSession(tx, { reference, accountId, client }));
  return reference;
}

describe("the other accounts of a browser", () => {
  it("are those signed in to in it within 30 days, signed out or not", async () => {
    const browser = newReference();
    const [me, other, past, elsewhere] = await Promise.all([1, 2, 3, 4].map(() => makeAccount()));
    await signedIn(me!, browser);
    await revokeSession(await signedIn(other!, browser));
    await signedIn(past!, browser);
    await signedIn(elsewhere!, newReference());
    await db()
      .update(session)
      .set({ lastSeenAt: sql`now() - interval '31 days'` })
      .where(eq(session.accountId, past!));
    expect(await listOtherAccountsHere({ accountId: me!, browser })).toEqual([other]);
    expect(await listOtherAccountsHere({ accountId: other!, browser })).toEqual([me]);
    expect(await listOtherAccountsHere({ accountId: me!, browser: null })).toEqual([]);
  });
});
