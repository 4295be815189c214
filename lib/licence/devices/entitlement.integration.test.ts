import { createPublicKey, randomBytes, verify } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import { transaction } from "@/lib/db/client";
import { env } from "@/lib/env";
import { getEntitlement } from "@/lib/licence/devices/get-entitlement";
import { releaseDevice } from "@/lib/licence/devices/release-device";
import { changeLease } from "@/lib/licence/leases/change-lease";
import { listLeases } from "@/lib/licence/leases/list-leases";
import { redeemCode } from "@/lib/licence/leases/redeem-code";
import { readLedger } from "@/lib/licence/ledger";
import { getPublicKeys, signClaims } from "@/lib/licence/sign-claims";
import { keyPairOf, jwkOf } from "@/lib/licence/signing-key-pair";
import { ensureSigningKey, rotateSigningKey } from "@/lib/licence/signing-keys";
import { withTestDatabase } from "@/lib/testing/database";
import { activated, makeAccount, makeCodes, makeSubscription } from "@/lib/testing/factories";

const database = withTestDatabase();

const now = new Date("2026-11-23T14:05:00Z");
const DAY = 86_400_000;
const later = (days: number) => new Date(now.getTime() + days * DAY);
const issuer = "https://my.example.com";
const means = { now, randomBytes, vault: env().secrets.vault };

beforeAll(() => ensureSigningKey(means));

type Trusted = { keys: { kid: string; kty: string; crv: string; x: string }[]; installId: string; at: Date };

/**
 * What a device does with an entitlement, offline and with Node's own cryptography: the claims of a genuine one for this
 * device that has not expired, or why it is refused.
 */
function judge(token: string, { keys, installId, at }: Trusted): Record<string, unknown> | string {
  const [header = "", payload = "", signature = ""] = token.split(".");
  const read = (part: string) => JSON.parse(Buffer.from(part, "base64url").toString()) as Record<string, unknown>;
  const { alg, typ, kid } = read(header);
  if (alg !== "EdDSA" || typ !== "entitlement+jwt") return "another kind of token";
  const jwk = keys.find((key) => key.kid === kid);
  if (!jwk) return "an unknown key";
  const key = createPublicKey({ key: { ...jwk }, format: "jwk" });
  if (!verify(null, Buffer.from(`${header}.${payload}`), key, Buffer.from(signature, "base64url")))
    return "a wrong signature";
  const claims = read(payload);
  if (claims["iss"] !== issuer) return "another portal";
  if (claims["sub"] !== installId) return "another device";
  return Number(claims["exp"]) * 1000 > at.getTime() ? claims : "expired";
}

async function protectedDevice(months = 12) {
  const accountId = await makeAccount({ emailVerifiedAt: now });
  const subscriptionId = await makeSubscription(database.url, { accountId, months }, { now });
  const { deviceId, device, activation } = await activated({ accountId, subscriptionId }, { now });
  return { accountId, subscriptionId, deviceId, installId: device.installId, activationId: activation.id };
}

async function tokenFor(asked: { accountId: string; deviceId: string }, at = now) {
  const entitlement = await getEntitlement(asked, { now: at, issuer });
  if (entitlement.status !== "entitled") throw new Error(entitlement.status);
  return entitlement;
}

describe("an entitlement", () => {
  it("is verified offline by another implementation, for a day, and says what protects which device until when", async () => {
    const { installId, subscriptionId, ...asked } = await protectedDevice();
    const { token, ...said } = await tokenFor(asked);
    const { endsAt } = (await readLedger(asked.accountId))[0]!;
    expect(said).toEqual({
      ...{ status: "entitled", product: "norton-360-deluxe", subscriptionId, endsAt, expiresAt: later(1) },
    });
    const { keys } = await getPublicKeys();
    expect(judge(token, { keys, installId, at: now })).toEqual({
      ...{ iss: issuer, sub: installId, product: "norton-360-deluxe", subscription: subscriptionId },
      ...{ ends: endsAt.toISOString(), iat: now.getTime() / 1000, exp: later(1).getTime() / 1000 },
    });
    expect(judge(token, { keys, installId, at: new Date(later(1).getTime() - 1) })).toBeTypeOf("object");
    expect(judge(token, { keys, installId, at: later(1) })).toBe("expired");
    expect(judge(token, { keys, installId: "another-device-0001", at: now })).toBe("another device");
  });

  it("expires with its subscription, if that is sooner", async () => {
    const asked = await protectedDevice(1);
    const { endsAt } = (await readLedger(asked.accountId))[0]!;
    const { expiresAt } = await tokenFor(asked, new Date(endsAt.getTime() - 3_600_000));
    expect(expiresAt).toEqual(endsAt);
    expect(await getEntitlement(asked, { now: endsAt, issuer })).toEqual({ status: "notProtected" });
  });

  it("is refused after any change, from a foreign key, and as another kind of token", async () => {
    const { installId, ...asked } = await protectedDevice();
    const { token } = await tokenFor(asked);
    const trusted = { ...(await getPublicKeys()), installId, at: now };
    const [header, payload, signature] = token.split(".") as [string, string, string];
    const claims = JSON.parse(Buffer.from(payload, "base64url").toString()) as Record<string, unknown>;
    const later = Buffer.from(JSON.stringify({ ...claims, exp: 4102444800 })).toString("base64url");
    expect(judge(`${header}.${later}.${signature}`, trusted)).toBe("a wrong signature");
    const foreign = await keyPairOf(randomBytes(32));
    const impostor = { keys: trusted.keys.map((key) => ({ ...key, ...jwkOf(foreign.publicKey) })), installId, at: now };
    expect(judge(token, impostor)).toBe("a wrong signature");
    expect(judge(token, { ...trusted, keys: [] })).toBe("an unknown key");
    const certificate = await signClaims(claims, { type: "activation-certificate+jwt" });
    expect(judge(certificate.token, trusted)).toBe("another kind of token");
  });

  it("stays valid when a new key signs, and the new one is published with it", async () => {
    const { installId, ...asked } = await protectedDevice();
    const before = await tokenFor(asked);
    await rotateSigningKey(means);
    const after = await tokenFor(asked);
    const { keys } = await getPublicKeys();
    for (const { token } of [before, after]) expect(judge(token, { keys, installId, at: now })).toBeTypeOf("object");
  });

  it("of a lease names no end, and there is none while the partner has suspended it", async () => {
    const accountId = await makeAccount({ emailVerifiedAt: now });
    const { partner, codes } = await makeCodes(database.url);
    const begun = await redeemCode({ code: codes[0]!, accountId, network: null }, { now });
    if (begun.status !== "activated") throw new Error(begun.status);
    const { deviceId } = await activated({ accountId, subscriptionId: begun.subscriptionId }, { now });
    expect(await tokenFor({ accountId, deviceId })).toMatchObject({ endsAt: null, expiresAt: later(1) });
    const { leases } = (await listLeases({ partnerId: partner.id, after: undefined, limit: 1 }))!;
    const change = { leaseId: leases[0]!.id, partnerId: partner.id, change: "suspend" } as const;
    await transaction((tx) => changeLease(tx, change, { now, actor: "partner" }));
    expect(await getEntitlement({ accountId, deviceId }, { now, issuer })).toEqual({ status: "notProtected" });
  });

  it("is given neither to a released device nor to another account", async () => {
    const { accountId, deviceId, activationId } = await protectedDevice();
    const stranger = await makeAccount();
    expect(await getEntitlement({ accountId: stranger, deviceId }, { now, issuer })).toEqual({
      status: "notProtected",
    });
    await releaseDevice({ accountId, activationId }, { now });
    expect(await getEntitlement({ accountId, deviceId }, { now, issuer })).toEqual({ status: "notProtected" });
  });
});
