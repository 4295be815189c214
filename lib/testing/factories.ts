import "server-only";
import { randomBytes, randomUUID } from "node:crypto";
import { Client } from "pg";
import { account } from "@/lib/db/schema/account";
import { db } from "@/lib/db/client";
import { env } from "@/lib/env";
import { issueKeys, type KeyOrder } from "@/lib/licence/issue-keys";

/** Makes an account nobody can sign in to, for tests of what an account can do. @returns its id */
export async function makeAccount(given: Partial<typeof account.$inferInsert> = {}): Promise<string> {
  const person = { name: "Test", country: "FR", locale: "en", timeZone: "Europe/Paris", passwordHash: "none" };
  const [made] = await db()
    .insert(account)
    .values({ email: `${randomUUID()}@example.org`, ...person, ...given })
    .returning({ id: account.id });
  return made!.id;
}

/** Issues keys as the operator's command does. @returns the keys, canonical */
export async function makeKeys(
  databaseUrl: string,
  given: Partial<KeyOrder> & { /** Besides the months. Operators cannot order them. */ days?: number } = {},
): Promise<{ batchId: string; keys: string[] }> {
  const order: KeyOrder & { days?: number } = {
    product: "norton-360-deluxe",
    months: 12,
    count: 1,
    channel: "retail",
    regions: null,
    redeemBy: null,
    released: true,
    note: null,
    ...given,
  };
  const keys: string[] = [];
  const sink = {
    begin: async () => {},
    write: (key: string) => void keys.push(key),
    end: async () => {},
  };
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const context = { client, now: new Date(), randomBytes, lookupSecret: env().secrets.lookup };
    return { batchId: await issueKeys(order, sink, context), keys };
  } finally {
    await client.end();
  }
}
