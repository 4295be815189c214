import "server-only";
import { pgTable, text } from "drizzle-orm/pg-core";

/** Facts about the database itself: which look-up secret it was made with, whether it holds demo data. */
export const setting = pgTable("setting", { name: text("name").primaryKey(), value: text("value").notNull() });
