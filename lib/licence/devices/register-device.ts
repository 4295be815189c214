import "server-only";
import { runPrepared, type Transaction } from "@/lib/db/client";
import type { DeviceInfo } from "@/lib/licence/devices/device-shape";

/**
 * Makes a device known to an account, or takes over what a known one says of itself now. It takes no seat.
 * @returns the device's id, and whether it holds a seat in any subscription
 */
export async function registerDevice(
  tx: Transaction,
  { accountId, device }: { accountId: string; device: DeviceInfo },
  { now }: { now: Date },
): Promise<{ id: string; isSeated: boolean }> {
  const { installId, name, model, system } = device;
  const values = [accountId, installId, name, model, system, now.toISOString()];
  const [row] = await runPrepared<{ id: string; isSeated: boolean }>("register-device", statement, values, tx);
  return row!;
}

const statement = `
  INSERT INTO device (account_id, install_id, name, model, system, created_at, last_seen_at)
  VALUES ($1, $2, $3, $4, $5, $6, $6)
  ON CONFLICT (account_id, install_id) DO UPDATE
    SET name = excluded.name, model = excluded.model, system = excluded.system,
        last_seen_at = greatest(device.last_seen_at, excluded.last_seen_at)
  RETURNING id, EXISTS (SELECT FROM activation a WHERE a.device_id = device.id AND a.released_at IS NULL) AS "isSeated"`;
