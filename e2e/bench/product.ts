import { randomBytes } from "node:crypto";
import type { Client } from "pg";
import { hashPassword, verifyPassword } from "@/lib/account/password/password";
import { startAppSession } from "@/lib/account/oauth/app-sessions";
import { newReference, openSession } from "@/lib/account/session/sessions";
import { signIn as signInTo } from "@/lib/account/password/sign-in";
import { db, transaction } from "@/lib/db/client";
import { account } from "@/lib/db/schema/account";
import { subscription } from "@/lib/db/schema/licence";
import { env } from "@/lib/env";
import { findKey } from "@/lib/licence/find-key";
import { activateDevice } from "@/lib/licence/devices/activate-device";
import type { DeviceInfo } from "@/lib/licence/devices/device-shape";
import { getEntitlement } from "@/lib/licence/devices/get-entitlement";
import { issueKeys } from "@/lib/licence/issue-keys";
import { keepKey } from "@/lib/licence/keep-key";
import { lookupDigest } from "@/lib/licence/key-vault";
import { redeemCode } from "@/lib/licence/leases/redeem-code";
import { redeemKey } from "@/lib/licence/redeem-key";
import { newPreviewId, sealTypedKey } from "@/lib/licence/sealed-preview";
import { ensureSigningKey } from "@/lib/licence/signing-keys";
import { undoRedemption } from "@/lib/licence/undo-redemption";
import { guessingCounters } from "@/lib/limits/guessing";
import { makeCodes as makeCodesIn, makeKeys as makeKeysIn } from "@/lib/testing/factories";
import { showPreview, type Shown } from "@/lib/testing/redeem";

/* Every call from the bench into the product. When a function changes, only this file and floors.ts change. */

export type Person = { id: string; email: string; password: string };

const password = "lantern orchard of the bench";
const passwordHash = hashPassword(password);

/** Creates accounts with a confirmed address in the open database. */
export async function makePeople(count: number): Promise<Person[]> {
  const stored = { name: "Bench", country: "FR", locale: "en", timeZone: "Europe/Paris", emailVerifiedAt: new Date() };
  const hash = await passwordHash;
  const values = Array.from({ length: count }, () => {
    return { ...stored, passwordHash: hash, email: `${randomBytes(9).toString("hex")}@example.org` };
  });
  const made = await db().insert(account).values(values).returning({ id: account.id, email: account.email });
  return made.map((one) => ({ ...one, password }));
}

/** Signs an app in to a person's account. @returns its refresh token */
export async function signInApp({ id: accountId }: Person, clientId: string): Promise<string> {
  const entry = { accountId, clientId };
  const started = await transaction((tx) => startAppSession(tx, entry, { now: new Date(), randomBytes }));
  return started!.refreshToken;
}

/** A key on its review page, and the offer shown there. */
export type Attempt = { key: string; person: Person; shown: Shown };

/** Issues keys in the open database. Canonical form. */
export const makeKeys = async (databaseUrl: string, count: number): Promise<string[]> =>
  (await makeKeysIn(databaseUrl, { count })).keys;

export const digestOf = (key: string): Buffer => lookupDigest(key);

export const preview = (key: string, { id: accountId }: Person): Promise<Shown> =>
  showPreview({ key, accountId }, { now: new Date() });

/** @returns the grant's id */
export async function redeem({ key, person, shown }: Attempt): Promise<string> {
  const request = { key, accountId: person.id, network: newNetwork(), ...shown };
  const done = await redeemKey(request, { now: new Date() });
  if (done.status !== "activated") throw new Error(`the redemption says ${done.status}`);
  return done.grantId;
}

/** Keeps a key for later. */
export async function keep({ key, person }: Omit<Attempt, "shown">): Promise<void> {
  const asked = { key, accountId: person.id, network: newNetwork(), startsItself: false };
  const { status } = await keepKey(asked, { now: new Date() });
  if (status !== "kept") throw new Error(`keeping says ${status}`);
}

/** Takes back what {@link redeem} gave. */
export async function undo({ grantId, person }: { grantId: string; person: Person }): Promise<void> {
  const { status } = await undoRedemption({ grantId, accountId: person.id, shownEnd: "" }, { now: new Date() });
  if (status !== "undone") throw new Error(`undoing says ${status}`);
}

/** Issues codes of a new partner in the open database. Canonical form. */
export const makeCodes = async (databaseUrl: string, count: number): Promise<string[]> =>
  (await makeCodesIn(databaseUrl, { count })).codes;

/** Redeems a partner code, which becomes a lease. */
export async function lease({ key: code, person }: Omit<Attempt, "shown">): Promise<void> {
  const asked = { code, accountId: person.id, network: newNetwork() };
  const { status } = await redeemCode(asked, { now: new Date() });
  if (status !== "activated") throw new Error(`the code says ${status}`);
}

/** A device that has no seat yet, and the subscription of its owner. */
export type Arrival = { person: Person; subscriptionId: string; device: DeviceInfo };

/** A running subscription of each person, without a ledger, and a new device. */
export async function arrivals(people: readonly Person[]): Promise<Arrival[]> {
  const endsAt = new Date(Date.now() + 365 * 86_400_000);
  const made = await db()
    .insert(subscription)
    .values(people.map(({ id }) => ({ accountId: id, productCode: "norton-360-deluxe", endsAt })))
    .returning({ id: subscription.id });
  return people.map((person, at) => {
    const installId = randomBytes(16).toString("base64url");
    return {
      person,
      subscriptionId: made[at]!.id,
      device: { installId, name: "Bench", model: null, system: "android" },
    };
  });
}

/** Gives a device a seat. @returns the device's id */
export async function activate({ person, subscriptionId, device }: Arrival): Promise<string> {
  const done = await activateDevice({ accountId: person.id, subscriptionId, device }, { now: new Date() });
  if (done.status !== "activated") throw new Error(`the activation says ${done.status}`);
  return done.deviceId;
}

export const prepareSigning = (): Promise<void> =>
  ensureSigningKey({ now: new Date(), randomBytes, vault: env().secrets.vault });

/** Signs that a device is protected. */
export async function entitle({ person, deviceId }: { person: Person; deviceId: string }): Promise<void> {
  const context = { now: new Date(), issuer: "https://bench.example" };
  const { status } = await getEntitlement({ accountId: person.id, deviceId }, context);
  if (status !== "entitled") throw new Error(`the entitlement says ${status}`);
}

/** Issues keys without returning them. */
export async function issue(client: Client, count: number): Promise<void> {
  const order = { product: "norton-360-deluxe", months: 12, count, channel: "retail" } as const;
  const sink = { begin: async () => {}, write: () => {}, end: async () => {} };
  const means = { client, now: new Date(), randomBytes, lookupSecret: env().secrets.lookup };
  await issueKeys({ ...order, regions: null, redeemBy: null, released: true, note: null }, sink, means);
}

/** Finds a key by its digest. */
export async function find(lookup: Buffer, { id: accountId }: Person): Promise<void> {
  const counters = guessingCounters({ key: "", accountId, network: null });
  const { key } = await findKey(lookup, accountId, counters);
  if (!key) throw new Error("a key is not found");
}

/** Only verifies a password. */
export async function checkPassword(): Promise<void> {
  if (!(await verifyPassword(await passwordHash, password))) throw new Error("the password does not fit");
}

/** Signs in from a browser the account knows, in its own network. */
export async function signIn(person: Person): Promise<void> {
  const client = { addressPrefix: newNetwork(), userAgent: "Bench", browser: person.id.padEnd(43, "-") };
  const { status } = await signInTo(person, { now: new Date(), client });
  if (status !== "signedIn") throw new Error(`the sign-in says ${status}`);
}

/** The cookie of a new, live session. */
export async function sessionCookie({ id: accountId }: Person): Promise<string> {
  const reference = newReference();
  await openSession(db(), { reference, accountId, client: { addressPrefix: null, userAgent: null, browser: null } });
  return `session=${reference}`;
}

/** The cookie of a typed key, held by the browser until the review. */
export function holdKey(key: string): { previewId: string; cookie: string } {
  const previewId = newPreviewId();
  return { previewId, cookie: `preview-${previewId}=${sealTypedKey(key, { previewId, now: new Date() })}` };
}

/** SQL that queues an email without the product's code. */
export function emailFor({ id, email }: Person): string {
  const details = JSON.stringify({
    product: "norton-360-deluxe",
    months: 12,
    days: 0,
    endsAt: new Date().toISOString(),
  });
  return `INSERT INTO mail (account_id, kind, recipient, details, created_at)
    VALUES ('${id}', 'key-redeemed', '${email}', '${details}', now())`;
}

let networks = 0;

/** A client address not used before, because rate limits count per network. */
export const newNetwork = (): string => {
  networks++;
  return `10.${(networks >> 16) & 255}.${(networks >> 8) & 255}.${networks & 255}`;
};
