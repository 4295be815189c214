import "server-only";
import { randomBytes, randomUUID } from "node:crypto";
import { Client } from "pg";
import { account } from "@/lib/db/schema/account";
import { db } from "@/lib/db/client";
import { env } from "@/lib/env";
import type { KeySink, Means } from "@/lib/licence/issue-batch";
import { issueKeys, type KeyOrder } from "@/lib/licence/issue-keys";
import { issueCodes, type CodeOrder } from "@/lib/licence/partners/issue-codes";
import { createPartner, findPartner, type Partner } from "@/lib/licence/partners/partners";

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
  const issue = (means: Means) => issueKeys(order, sinkInto(keys), means);
  return { batchId: await withClient(databaseUrl, issue), keys };
}

/** Creates a partner with codes, as the operator's commands do. @returns the codes, canonical */
export async function makeCodes(
  databaseUrl: string,
  {
    partner = { slug: `partner-${randomBytes(4).toString("hex")}`, name: "Exemple Télécom" },
    ...given
  }: Partial<Omit<CodeOrder, "partner">> & { partner?: { slug: string; name: string } } = {},
): Promise<{ partner: Partner; codes: string[] }> {
  const made = (await createPartner(partner, { now: new Date() })) ?? (await findPartner({ slug: partner.slug }))!;
  const codes: string[] = [];
  const order = { product: "norton-360-deluxe" as const, count: 1, redeemBy: null, ...given };
  await withClient(databaseUrl, (means) => issueCodes({ partner: made, ...order }, sinkInto(codes), means));
  return { partner: made, codes };
}

const sinkInto = (keys: string[]): KeySink => ({
  begin: async () => {},
  write: (key) => void keys.push(key),
  end: async () => {},
});

async function withClient<T>(databaseUrl: string, work: (means: Means) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    return await work({ client, now: new Date(), randomBytes, lookupSecret: env().secrets.lookup });
  } finally {
    await client.end();
  }
}
