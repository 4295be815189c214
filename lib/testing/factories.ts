import "server-only";
import { randomBytes, randomUUID } from "node:crypto";
import { Client } from "pg";
import { account } from "@/lib/db/schema/account";
import { db, transaction } from "@/lib/db/client";
import type { ProductCode } from "@/lib/brand";
import { env } from "@/lib/env";
import { findHandoff } from "@/lib/account/handoff/handoffs";
import { makeHandoff } from "@/lib/account/handoff/make-handoff";
import { findSession, newReference, openSession } from "@/lib/account/session/sessions";
import { startAppSession } from "@/lib/account/oauth/app-sessions";
import { activateDevice } from "@/lib/licence/devices/activate-device";
import type { DeviceInfo } from "@/lib/licence/devices/device-shape";
import type { ActivationView } from "@/lib/licence/devices/devices";
import type { KeySink, Means } from "@/lib/licence/issue-batch";
import { issueKeys, type KeyOrder } from "@/lib/licence/issue-keys";
import { issueCodes, type CodeOrder } from "@/lib/licence/partners/issue-codes";
import { previewKey } from "@/lib/licence/preview-key";
import { redeemKey } from "@/lib/licence/redeem-key";
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

/** Signs an app in to an account, as the exchange of an authorization code does. @returns its tokens */
export async function makeAppSession(accountId: string, { now = new Date() } = {}) {
  const started = await transaction((tx) =>
    startAppSession(tx, { accountId, clientId: "reference-phone" }, { now, randomBytes }),
  );
  if (!started) throw new Error("the account takes no app");
  return started;
}

/** Shows a code of a hand-off to an account, in a new session of a browser. @returns the code */
export async function showHandoff(accountId: string, { now = new Date() } = {}): Promise<string> {
  const reference = newReference();
  const client = { addressPrefix: null, userAgent: null, browser: null };
  await transaction((tx) => openSession(tx, { reference, accountId, client }));
  const { credential } = (await findSession(reference))!;
  const screen = { accountId, sessionId: credential.sessionId };
  await makeHandoff(screen, { now, newId: randomUUID });
  return (await findHandoff(screen, { now }))!.code!;
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

/** Activates a key of a product. @returns the new subscription's id */
export async function makeSubscription(
  databaseUrl: string,
  { accountId, ...order }: { accountId: string; product?: ProductCode; months?: number },
  { now }: { now: Date },
): Promise<string> {
  const key = (await makeKeys(databaseUrl, order)).keys[0]!;
  const asked = { key, accountId, network: null };
  const preview = await previewKey(asked, { now });
  if (preview.status !== "ready") throw new Error(`no preview: ${preview.status}`);
  const choice = preview.choices.find(({ kind }) => kind === "start" || kind === "add")!.kind as "start" | "add";
  const redemption = await redeemKey({ ...asked, choice, previewVersion: preview.version }, { now });
  if (redemption.status !== "activated") throw new Error(`not activated: ${redemption.status}`);
  return redemption.subscriptionId;
}

/** What an app says of a device that nothing else is like. */
export const aDevice = (given: Partial<DeviceInfo> = {}): DeviceInfo => ({
  installId: randomUUID(),
  name: "Phone",
  model: "Pixel 9",
  system: "android",
  ...given,
});

/** Gives a device a seat. @throws Error when it gets none */
export async function activated(
  asked: { accountId: string; subscriptionId: string; device?: DeviceInfo },
  { now }: { now: Date },
): Promise<{ activation: ActivationView; deviceId: string; device: DeviceInfo }> {
  const device = asked.device ?? aDevice();
  const given = await activateDevice({ ...asked, device }, { now });
  if (given.status !== "activated") throw new Error(`the device was not activated: ${given.status}`);
  return { ...given, device };
}
