import "server-only";
import { and, eq, gt, isNull } from "drizzle-orm";
import { knownProduct, type ProductCode } from "@/lib/brand";
import { db } from "@/lib/db/client";
import { activation, device } from "@/lib/db/schema/device";
import { subscription } from "@/lib/db/schema/licence";
import { OPEN_END } from "@/lib/licence/coverage";
import { signClaims } from "@/lib/licence/sign-claims";

/** The `typ` of an entitlement. */
const TYPE = "entitlement+jwt";

/** Milliseconds for which a device may trust an entitlement without asking again. */
const VALID_FOR = 24 * 3_600_000;

export type Entitlement =
  | {
      status: "entitled";
      /** A compact JWS for the device, which verifies it offline with the keys of `/.well-known/jwks.json`. */
      token: string;
      product: ProductCode;
      subscriptionId: string;
      /** The end of the protection, end-exclusive. Null: a lease runs, whose end nobody knows. */
      endsAt: Date | null;
      /** From when the token is refused. */
      expiresAt: Date;
    }
  /** The device holds no seat in a subscription that runs, or is another account's. */
  | { status: "notProtected" };

/**
 * Signs that a device is protected now, for a day at most and never past the end of its subscription.
 * @param context.issuer the portal's address, which the claim `iss` names
 */
export async function getEntitlement(
  { accountId, deviceId }: { accountId: string; deviceId: string },
  { now, issuer }: { now: Date; issuer: string },
): Promise<Entitlement> {
  const [found] = await db()
    .select({
      installId: device.installId,
      subscriptionId: subscription.id,
      product: subscription.productCode,
      endsAt: subscription.endsAt,
    })
    .from(device)
    .innerJoin(activation, and(eq(activation.deviceId, device.id), isNull(activation.releasedAt)))
    .innerJoin(subscription, eq(subscription.id, activation.subscriptionId))
    .where(and(eq(device.id, deviceId), eq(device.accountId, accountId), gt(subscription.endsAt, now)));
  if (!found) return { status: "notProtected" };
  const { installId, subscriptionId } = found;
  const product = knownProduct(found.product);
  const endsAt = found.endsAt < OPEN_END ? found.endsAt : null;
  const expiry = inSeconds(Math.min(now.getTime() + VALID_FOR, found.endsAt.getTime()));
  const claims = {
    ...{ iss: issuer, sub: installId, product, subscription: subscriptionId },
    ...{ ends: endsAt?.toISOString() ?? null, iat: inSeconds(now.getTime()), exp: expiry },
  };
  const { token } = await signClaims(claims, { type: TYPE });
  return { status: "entitled", token, product, subscriptionId, endsAt, expiresAt: new Date(expiry * 1000) };
}

const inSeconds = (ms: number): number => Math.floor(ms / 1000);
