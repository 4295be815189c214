import "server-only";
import { sql } from "drizzle-orm";
import { knownProduct, type ProductCode } from "@/lib/brand";
import { runPrepared, type Transaction } from "@/lib/db/client";
import type { NewEvent } from "@/lib/db/events";

/**
 * Devices that take a seat of a subscription within a day. What protects a device offline outlives its seat by a day, so
 * this bounds how many one seat can protect in turn, and how many rows an app can make.
 */
const MOST_A_DAY = 100;
const DAY_MS = 86_400_000;

type Owned = { accountId: string; subscriptionId: string };

export type Held = { activationId: string; slot: number; deviceId: string; installId: string; activatedAt: Date };

export type Seats = Owned & {
  product: ProductCode;
  seats: number;
  isRunning: boolean;
  /** The devices that hold a seat. */
  held: Held[];
  /** From when a device can take a seat again, after {@link MOST_A_DAY} did within a day. Null: now. */
  closedUntil: Date | null;
};

/**
 * Locks an account until the transaction ends, so that its seats and its ledger change one after the other. The ledger's
 * version stays: a preview remains valid.
 * @returns whether there is such an account
 */
export async function lockOwner(tx: Transaction, accountId: string): Promise<boolean> {
  const { rowCount } = await tx.execute(
    sql`SELECT FROM account WHERE id = ${accountId} AND erased_at IS NULL FOR NO KEY UPDATE`,
  );
  return rowCount === 1;
}

type Row = { product: string; seats: number; endsAt: Date; crowdedSince: Date | null } & (
  Held | { activationId: null }
);

const ofSubscription = `
  SELECT s.product_code AS product, p.seats, s.ends_at AS "endsAt",
         (SELECT t.activated_at FROM activation t
           WHERE t.subscription_id = s.id AND t.activated_at > $3::timestamptz - interval '1 day'
           ORDER BY t.activated_at DESC OFFSET ${MOST_A_DAY - 1} LIMIT 1) AS "crowdedSince", a.id AS "activationId", a.slot,
         a.activated_at AS "activatedAt", d.id AS "deviceId", d.install_id AS "installId"
    FROM subscription s
    JOIN product p ON p.code = s.product_code
    LEFT JOIN activation a ON a.subscription_id = s.id AND a.released_at IS NULL
    LEFT JOIN device d ON d.id = a.device_id
   WHERE s.id = $1 AND s.account_id = $2`;

/** Reads a subscription's seats with one statement. Null: no such subscription, or another account's. */
export async function readSeats(
  tx: Transaction,
  { accountId, subscriptionId }: Owned,
  now: Date,
): Promise<Seats | null> {
  const rows = await runPrepared<Row>("read-seats", ofSubscription, [subscriptionId, accountId, now.toISOString()], tx);
  const [first] = rows;
  if (!first) return null;
  return {
    ...{ accountId, subscriptionId, product: knownProduct(first.product), seats: first.seats },
    isRunning: first.endsAt > now,
    closedUntil: first.crowdedSince && new Date(first.crowdedSince.getTime() + DAY_MS),
    held: rows.flatMap((row) => (row.activationId === null ? [] : row)),
  };
}

/**
 * The slots that new devices can take, the lowest first. A product may have lost seats since: there are none then until
 * fewer devices hold one than it has.
 */
export function freeSlots({ seats, held }: Pick<Seats, "seats" | "held">): number[] {
  const taken = new Set(held.map(({ slot }) => slot));
  const slots = Array.from({ length: seats }, (_, index) => index + 1).filter((slot) => !taken.has(slot));
  return slots.slice(0, Math.max(0, seats - held.length));
}

type Taking = {
  seats: Seats;
  /** Devices of the account, each with a free slot. One that holds a seat elsewhere leaves it. */
  devices: { deviceId: string; slot: number }[];
  /** The activation whose seat is given away. */
  replaced?: string;
  /** What reports it, once a device. */
  event: Pick<NewEvent, "action">;
};

const takeStatement = `
  WITH ended AS (
    UPDATE activation SET released_at = greatest(activated_at, $6)
     WHERE released_at IS NULL AND (device_id = ANY($5::uuid[]) OR id = $7)
    RETURNING id),
  -- Seats are made when a subscription is first used.
  made AS (
    INSERT INTO seat (subscription_id, slot) SELECT $2, generate_series(1, $3::int) ON CONFLICT DO NOTHING),
  -- Counting first ends the former activations before the new ones begin: a seat and a device have one at a time.
  taken AS (
    INSERT INTO activation (subscription_id, slot, device_id, activated_at)
    SELECT $2, one.slot, one.device_id, $6
      FROM unnest($4::int[], $5::uuid[]) AS one(slot, device_id), (SELECT count(*) FROM ended) AS former
    RETURNING id, device_id),
  told AS (
    INSERT INTO event (account_id, actor, action, subject, at, details)
    SELECT $1, 'account', $8, id::text, $6, $9 FROM taken)
  SELECT id, device_id AS "deviceId" FROM taken`;

/**
 * Gives seats to devices, with one statement. The caller has locked the account and read the seats.
 * @returns the activations
 */
export async function takeSeats(
  tx: Transaction,
  { seats, devices, replaced, event }: Taking,
  now: Date,
): Promise<{ id: string; deviceId: string }[]> {
  const { accountId, subscriptionId, product } = seats;
  const values = [
    accountId,
    subscriptionId,
    seats.seats,
    devices.map(({ slot }) => slot),
    devices.map(({ deviceId }) => deviceId),
    now.toISOString(),
    replaced ?? null,
    event.action,
    JSON.stringify({ product, ...(replaced && { replaced }) }),
  ];
  return runPrepared("take-seats", takeStatement, values, tx);
}
