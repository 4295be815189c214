import "server-only";
import { knownProduct, type ProductCode, type System } from "@/lib/brand";
import { runPrepared, type Transaction } from "@/lib/db/client";

const HOUR = 3_600_000;

/** Milliseconds after which a device that was not seen is pointed out. */
export const SILENT_AFTER = 90 * 24 * HOUR;

/** Milliseconds. An app asks for its entitlement every day, so one that was not seen for two days has stopped. */
const STOPPED_AFTER = 48 * HOUR;

export type DeviceView = { id: string; name: string; model: string | null; system: System };

/** A device that holds a seat. */
export type ActivationView = {
  id: string;
  subscriptionId: string;
  product: ProductCode;
  device: DeviceView;
  activatedAt: Date;
  lastSeenAt: Date;
  /** It was not seen for 90 days. */
  silent: boolean;
  /**
   * The activation of what is probably the same device with the app installed again: same name, model and system, first
   * seen after this one was last seen. Null: none.
   */
  duplicateOf: string | null;
};

/** A device of an account, with the seat that it holds. */
export type KnownDevice = DeviceView & {
  installId: string;
  createdAt: Date;
  lastSeenAt: Date;
  activation: { id: string; subscriptionId: string; product: ProductCode; activatedAt: Date } | null;
};

type Row = Omit<KnownDevice, "activation"> & {
  activationId: string | null;
  subscriptionId: string;
  product: string;
  activatedAt: Date;
};

const ofAccount = `
  SELECT d.id, d.install_id AS "installId", d.name, d.model, d.system, d.created_at AS "createdAt",
         d.last_seen_at AS "lastSeenAt", a.id AS "activationId", a.subscription_id AS "subscriptionId",
         s.product_code AS product, a.activated_at AS "activatedAt"
    FROM device d
    LEFT JOIN activation a ON a.device_id = d.id AND a.released_at IS NULL
    LEFT JOIN subscription s ON s.id = a.subscription_id
   WHERE d.account_id = $1
   ORDER BY d.last_seen_at DESC, d.id`;

/** Reads an account's devices, the last seen first, with one statement. */
export async function readDevices(accountId: string, tx?: Transaction): Promise<KnownDevice[]> {
  const rows = await runPrepared<Row>("read-devices", ofAccount, [accountId], tx);
  return rows.map(({ activationId: id, subscriptionId, product, activatedAt, ...device }) => ({
    ...device,
    activation: id === null ? null : { id, subscriptionId, product: knownProduct(product), activatedAt },
  }));
}

/** The devices among these that hold a seat. Pass all of an account, so that duplicates are found. */
export const activationsOf = (devices: readonly KnownDevice[], now: Date): ActivationView[] =>
  devices.flatMap(({ activation, ...device }) => {
    if (!activation) return [];
    const { id, name, model, system, lastSeenAt } = device;
    const unseenFor = now.getTime() - lastSeenAt.getTime();
    const again = devices.find((other) => other.activation && isAgain(other, device));
    return {
      ...activation,
      device: { id, name, model, system },
      lastSeenAt,
      silent: unseenFor >= SILENT_AFTER,
      duplicateOf: unseenFor >= STOPPED_AFTER ? (again?.activation?.id ?? null) : null,
    };
  });

type Installed = Omit<KnownDevice, "activation">;

/** Whether a device looks like another one whose app was installed again. */
const isAgain = (later: Installed, one: Installed): boolean =>
  later.id !== one.id &&
  later.name === one.name &&
  later.model === one.model &&
  later.system === one.system &&
  later.createdAt >= one.lastSeenAt;
