import "server-only";
import { sql } from "drizzle-orm";
import { check, foreignKey, index, integer, pgTable, primaryKey, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { account } from "@/lib/db/schema/account";
import { instant } from "@/lib/db/schema/columns";
import { subscription } from "@/lib/db/schema/licence";

/** A phone or computer with the app, in one account. The app names its own installation. */
export const device = pgTable(
  "device",
  {
    id: uuid("id").primaryKey().defaultRandom(),
    accountId: uuid("account_id")
      .notNull()
      .references(() => account.id),
    /** The random name that the app gave its installation, so that the same device is recognised. */
    installId: text("install_id").notNull(),
    name: text("name").notNull(),
    model: text("model"),
    system: text("system").notNull(),
    createdAt: instant("created_at").notNull(),
    lastSeenAt: instant("last_seen_at").notNull(),
  },
  (t) => [
    uniqueIndex("device_once_per_account").on(t.accountId, t.installId),
    check("device_install_id_shape", sql`${t.installId} ~ '^[A-Za-z0-9_-]{16,64}$'`),
    check("device_name_length", sql`length(${t.name}) between 1 and 60`),
    check("device_model_length", sql`length(${t.model}) between 1 and 60`),
    check("device_system_known", sql`${t.system} in ('ios', 'android', 'windows', 'macos')`),
  ],
);

/**
 * A place for one device in a subscription. Rows are made when a subscription is first used, as many as its product has
 * seats. A live activation needs one of its own, so that there are never more devices than seats.
 */
export const seat = pgTable(
  "seat",
  {
    subscriptionId: uuid("subscription_id")
      .notNull()
      .references(() => subscription.id),
    /** From 1. */
    slot: integer("slot").notNull(),
  },
  (t) => [primaryKey({ columns: [t.subscriptionId, t.slot] }), check("seat_slot_from_one", sql`${t.slot} >= 1`)],
);

/** A device that holds a seat, or held one. */
export const activation = pgTable(
  "activation",
  {
    id: uuid("id").primaryKey().defaultRandom(),
    subscriptionId: uuid("subscription_id").notNull(),
    slot: integer("slot").notNull(),
    deviceId: uuid("device_id")
      .notNull()
      .references(() => device.id),
    activatedAt: instant("activated_at").notNull(),
    /** Null: it holds the seat. */
    releasedAt: instant("released_at"),
  },
  (t) => [
    foreignKey({ columns: [t.subscriptionId, t.slot], foreignColumns: [seat.subscriptionId, seat.slot] }),
    uniqueIndex("activation_one_live_per_seat")
      .on(t.subscriptionId, t.slot)
      .where(sql`${t.releasedAt} is null`),
    uniqueIndex("activation_one_live_per_device")
      .on(t.deviceId)
      .where(sql`${t.releasedAt} is null`),
    index("activation_of_subscription").on(t.subscriptionId),
    index("activation_of_device").on(t.deviceId),
    check("activation_ends_after_it_began", sql`${t.releasedAt} >= ${t.activatedAt}`),
  ],
);
