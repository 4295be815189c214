import "server-only";
import { bigint, customType, timestamp } from "drizzle-orm/pg-core";

export const bytea = customType<{ data: Buffer }>({ dataType: () => "bytea" });
export const instant = (name: string) => timestamp(name, { withTimezone: true, precision: 3 });
export const identity = (name: string) => bigint(name, { mode: "number" }).generatedAlwaysAsIdentity();
