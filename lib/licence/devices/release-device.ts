import "server-only";
import { and, eq, isNull, sql } from "drizzle-orm";
import { knownProduct } from "@/lib/brand";
import { transaction, type Transaction } from "@/lib/db/client";
import { recordEvent } from "@/lib/db/events";
import { account } from "@/lib/db/schema/account";
import { activation, device } from "@/lib/db/schema/device";
import { subscription } from "@/lib/db/schema/licence";
import { postMail } from "@/lib/jobs/outbox";
import { lockOwner } from "@/lib/licence/devices/seats";

/** `unknown`: no such activation, or another account's. */
export type Release = { status: "released" | "unknown" };

type Owned = { accountId: string; activationId: string };

/** Frees the seat of a device at once. Repeating a request gives the first result again. */
export async function releaseDevice(owned: Owned, { now }: { now: Date }): Promise<Release> {
  return transaction(async (tx) => {
    if (!(await lockOwner(tx, owned.accountId))) return { status: "unknown" };
    const found = await findActivation(tx, owned);
    if (found?.releasedAt === null) await endActivation(tx, { ...owned, ...found }, { now, actor: "account" });
    return { status: found ? "released" : "unknown" };
  });
}

/**
 * Frees the seat of a device for support, whoever has it. Its owner is told by email.
 * @returns `unknown`: no such activation
 */
export async function releaseForSupport(
  { activationId }: { activationId: string },
  { now }: { now: Date },
): Promise<Release> {
  return transaction(async (tx) => {
    const [owner] = await tx
      .select({ accountId: account.id, email: account.email, name: device.name })
      .from(activation)
      .innerJoin(device, eq(device.id, activation.deviceId))
      .innerJoin(account, eq(account.id, device.accountId))
      .where(eq(activation.id, activationId));
    if (!owner || !(await lockOwner(tx, owner.accountId))) return { status: "unknown" };
    const { accountId, email: recipient, name } = owner;
    const found = await findActivation(tx, { accountId, activationId });
    if (!found) return { status: "unknown" };
    if (found.releasedAt) return { status: "released" };
    await endActivation(tx, { accountId, activationId, ...found }, { now, actor: "operator" });
    const details = { product: found.product, device: name };
    await postMail(tx, { kind: "device-released", accountId, recipient, details, at: now });
    return { status: "released" };
  });
}

/** An activation, also a former one, of this account. */
export async function findActivation(tx: Transaction, { accountId, activationId }: Owned) {
  const [found] = await tx
    .select({
      subscriptionId: activation.subscriptionId,
      releasedAt: activation.releasedAt,
      product: subscription.productCode,
    })
    .from(activation)
    .innerJoin(device, eq(device.id, activation.deviceId))
    .innerJoin(subscription, eq(subscription.id, activation.subscriptionId))
    .where(and(eq(activation.id, activationId), eq(device.accountId, accountId)));
  return found ?? null;
}

/** Ends an activation that the caller has read after locking the account. */
async function endActivation(
  tx: Transaction,
  { accountId, activationId, product }: Owned & { product: string },
  { now, actor }: { now: Date; actor: "account" | "operator" },
): Promise<void> {
  // The server that activated it may have a faster clock.
  const releasedAt = sql`greatest(${activation.activatedAt}, ${now.toISOString()})`;
  await tx
    .update(activation)
    .set({ releasedAt })
    .where(and(eq(activation.id, activationId), isNull(activation.releasedAt)));
  const details = { product: knownProduct(product) };
  await recordEvent(tx, { action: "device.released", actor, accountId, subject: activationId, at: now, details });
}
