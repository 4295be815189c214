import "server-only";
import { sql } from "drizzle-orm";
import { check, pgTable, text } from "drizzle-orm/pg-core";
import { bytea, instant } from "@/lib/db/schema/columns";

/** An Ed25519 key pair (RFC 8032) with which the portal signs certificates. The newest one signs; all verify. */
export const signingKey = pgTable(
  "signing_key",
  {
    /** RFC 7638 thumbprint of the public key. */
    id: text("id").primaryKey(),
    publicKey: bytea("public_key").notNull(),
    /** The private key, sealed with a vault secret. */
    sealed: bytea("sealed").notNull(),
    createdAt: instant("created_at").notNull(),
  },
  (t) => [check("signing_key_length", sql`octet_length(${t.publicKey}) = 32`)],
);
