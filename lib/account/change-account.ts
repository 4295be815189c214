import "server-only";
import { and, eq, ne } from "drizzle-orm";
import { transaction } from "@/lib/db/client";
import { recordEvent } from "@/lib/db/events";
import { account } from "@/lib/db/schema";

/** Changes what the person is called. @param change.name 1 to 100 characters, trimmed */
export const changeName = (change: { accountId: string; name: string }, { now }: { now: Date }): Promise<void> =>
  transaction(async (tx) => {
    const { rowCount } = await tx
      .update(account)
      .set({ name: change.name })
      .where(and(eq(account.id, change.accountId), ne(account.name, change.name)));
    if (rowCount) await recordEvent(tx, { action: "account.name-changed", accountId: change.accountId, at: now });
  });

/** Remembers the language the person reads and is written to in. */
export const changeLocale = (change: { accountId: string; locale: string }, { now }: { now: Date }): Promise<void> =>
  transaction(async (tx) => {
    const { rowCount } = await tx
      .update(account)
      .set({ locale: change.locale })
      .where(and(eq(account.id, change.accountId), ne(account.locale, change.locale)));
    if (rowCount) {
      const details = { locale: change.locale };
      await recordEvent(tx, { action: "account.locale-changed", accountId: change.accountId, at: now, details });
    }
  });
