import "server-only";
import { index, integer, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { bytea, instant } from "@/lib/db/schema/columns";

/** Counters of the rate limits in lib/limits. `key` is a digest, so the table contains no address or network. */
export const limitCounter = pgTable(
  "limit_counter",
  {
    limit: text("limit").notNull(),
    key: bytea("key").notNull(),
    count: integer("count").notNull(),
    /** When the count restarts. */
    endsAt: instant("ends_at").notNull(),
    lockedUntil: instant("locked_until"),
    /** Attempts whose outcome is not known yet. They no longer count after `inFlightUntil`. */
    inFlight: integer("in_flight").notNull().default(0),
    inFlightUntil: instant("in_flight_until"),
  },
  (t) => [primaryKey({ columns: [t.limit, t.key] }), index("limit_counter_ended").on(t.endsAt)],
);
