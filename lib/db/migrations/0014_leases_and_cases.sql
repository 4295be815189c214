CREATE TABLE "dispute" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"case_code" text NOT NULL,
	"account_id" uuid NOT NULL,
	"key_id" bigint NOT NULL,
	"shop" text NOT NULL,
	"bought_on" text NOT NULL,
	"last_group" char(5) NOT NULL,
	"receipt" text DEFAULT '' NOT NULL,
	"opened_at" timestamp (3) with time zone NOT NULL,
	"state" text DEFAULT 'open' NOT NULL,
	"answer" text,
	"answered_at" timestamp (3) with time zone,
	CONSTRAINT "dispute_has_state" CHECK ("dispute"."state" in ('open', 'answered')),
	CONSTRAINT "dispute_answered" CHECK (("dispute"."state" = 'answered') = ("dispute"."answer" is not null) and ("dispute"."state" = 'answered') = ("dispute"."answered_at" is not null)),
	CONSTRAINT "dispute_lengths" CHECK (length("dispute"."shop") between 1 and 100 and length("dispute"."bought_on") between 1 and 40 and length("dispute"."receipt") <= 2000
        and ("dispute"."answer" is null or length("dispute"."answer") between 1 and 4000))
);
--> statement-breakpoint
CREATE TABLE "held_key" (
	"account_id" uuid PRIMARY KEY NOT NULL,
	"sealed" "bytea" NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "idempotent_answer" (
	"caller" uuid NOT NULL,
	"key" text NOT NULL,
	"request" "bytea" NOT NULL,
	"status" integer NOT NULL,
	"body" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "idempotent_answer_caller_key_pk" PRIMARY KEY("caller","key"),
	CONSTRAINT "idempotent_answer_key_length" CHECK (length("idempotent_answer"."key") between 1 and 255)
);
--> statement-breakpoint
CREATE TABLE "lease" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"code_id" bigint NOT NULL,
	"account_id" uuid NOT NULL,
	"subscription_id" uuid NOT NULL,
	"state" text DEFAULT 'running' NOT NULL,
	"started_at" timestamp (3) with time zone NOT NULL,
	"changed_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "lease_code_id_unique" UNIQUE("code_id"),
	CONSTRAINT "lease_subscription_id_unique" UNIQUE("subscription_id"),
	CONSTRAINT "lease_has_state" CHECK ("lease"."state" in ('running', 'suspended', 'ended'))
);
--> statement-breakpoint
CREATE TABLE "partner" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"slug" text NOT NULL,
	"name" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "partner_slug_unique" UNIQUE("slug"),
	CONSTRAINT "partner_slug_shape" CHECK ("partner"."slug" ~ '^[a-z0-9][a-z0-9-]{0,39}$'),
	CONSTRAINT "partner_name_length" CHECK (length("partner"."name") between 1 and 100)
);
--> statement-breakpoint
CREATE TABLE "partner_batch" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"partner_id" uuid NOT NULL,
	"product_code" text NOT NULL,
	"count" integer NOT NULL,
	"redeem_by" date,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "partner_code" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "partner_code_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"lookup" "bytea" NOT NULL,
	"batch_id" uuid NOT NULL,
	CONSTRAINT "partner_code_lookup_unique" UNIQUE("lookup"),
	CONSTRAINT "partner_code_lookup_is_a_digest" CHECK (octet_length("partner_code"."lookup") = 32)
);
--> statement-breakpoint
CREATE TABLE "partner_token" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"partner_id" uuid NOT NULL,
	"hash" "bytea" NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"revoked_at" timestamp (3) with time zone,
	CONSTRAINT "partner_token_hash_unique" UNIQUE("hash"),
	CONSTRAINT "partner_token_is_a_digest" CHECK (octet_length("partner_token"."hash") = 32)
);
--> statement-breakpoint
CREATE TABLE "signing_key" (
	"id" text PRIMARY KEY NOT NULL,
	"public_key" "bytea" NOT NULL,
	"sealed" "bytea" NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "signing_key_length" CHECK (octet_length("signing_key"."public_key") = 32)
);
--> statement-breakpoint
ALTER TABLE "event" DROP CONSTRAINT "event_actor_known";--> statement-breakpoint
ALTER TABLE "grant_entry" DROP CONSTRAINT "grant_entry_one_source";--> statement-breakpoint
ALTER TABLE "grant_entry" DROP CONSTRAINT "grant_entry_gives_something";--> statement-breakpoint
ALTER TABLE "grant_entry" ADD COLUMN "lease_id" uuid;--> statement-breakpoint
ALTER TABLE "dispute" ADD CONSTRAINT "dispute_account_id_account_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."account"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "dispute" ADD CONSTRAINT "dispute_key_id_product_key_id_fk" FOREIGN KEY ("key_id") REFERENCES "public"."product_key"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "held_key" ADD CONSTRAINT "held_key_account_id_account_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."account"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "lease" ADD CONSTRAINT "lease_code_id_partner_code_id_fk" FOREIGN KEY ("code_id") REFERENCES "public"."partner_code"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "lease" ADD CONSTRAINT "lease_account_id_account_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."account"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "lease" ADD CONSTRAINT "lease_subscription_id_subscription_id_fk" FOREIGN KEY ("subscription_id") REFERENCES "public"."subscription"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "partner_batch" ADD CONSTRAINT "partner_batch_partner_id_partner_id_fk" FOREIGN KEY ("partner_id") REFERENCES "public"."partner"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "partner_batch" ADD CONSTRAINT "partner_batch_product_code_product_code_fk" FOREIGN KEY ("product_code") REFERENCES "public"."product"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "partner_code" ADD CONSTRAINT "partner_code_batch_id_partner_batch_id_fk" FOREIGN KEY ("batch_id") REFERENCES "public"."partner_batch"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "partner_token" ADD CONSTRAINT "partner_token_partner_id_partner_id_fk" FOREIGN KEY ("partner_id") REFERENCES "public"."partner"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "dispute_once" ON "dispute" USING btree ("account_id","case_code");--> statement-breakpoint
CREATE INDEX "dispute_opened" ON "dispute" USING btree ("opened_at");--> statement-breakpoint
CREATE INDEX "held_key_expired" ON "held_key" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "idempotent_answer_age" ON "idempotent_answer" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "lease_of_account" ON "lease" USING btree ("account_id");--> statement-breakpoint
CREATE INDEX "partner_batch_of_partner" ON "partner_batch" USING btree ("partner_id");--> statement-breakpoint
CREATE INDEX "partner_code_of_batch" ON "partner_code" USING btree ("batch_id");--> statement-breakpoint
CREATE INDEX "partner_token_of_partner" ON "partner_token" USING btree ("partner_id");--> statement-breakpoint
ALTER TABLE "grant_entry" ADD CONSTRAINT "grant_entry_lease_id_lease_id_fk" FOREIGN KEY ("lease_id") REFERENCES "public"."lease"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "grant_entry_of_lease" ON "grant_entry" USING btree ("lease_id") WHERE "grant_entry"."lease_id" is not null;--> statement-breakpoint
ALTER TABLE "event" ADD CONSTRAINT "event_actor_is_known" CHECK ("event"."actor" in ('account', 'operator', 'system', 'partner'));--> statement-breakpoint
ALTER TABLE "grant_entry" ADD CONSTRAINT "grant_entry_has_one_source" CHECK (num_nonnulls("grant_entry"."key_id", "grant_entry"."lease_id") = 1);--> statement-breakpoint
ALTER TABLE "grant_entry" ADD CONSTRAINT "grant_entry_gives" CHECK ("grant_entry"."months" >= 0 and "grant_entry"."days" >= 0 and ("grant_entry"."months" + "grant_entry"."days" > 0) = ("grant_entry"."lease_id" is null));--> statement-breakpoint
-- A key is never another key, and never loses its owner. A move gives it to another account, sealed anew and unused.
CREATE OR REPLACE FUNCTION product_key_keeps_its_past() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.id <> OLD.id OR NEW.lookup <> OLD.lookup OR NEW.batch_id <> OLD.batch_id
     OR (OLD.voided_at IS NOT NULL AND NEW.voided_at IS NOT NULL AND NEW.voided_at <> OLD.voided_at)
     OR (OLD.account_id IS NOT NULL AND NEW.account_id IS NULL)
     OR (OLD.account_id <> NEW.account_id
         AND (OLD.state <> 'kept' OR NEW.state <> 'kept' OR NEW.sealed = OLD.sealed)) THEN
    RAISE EXCEPTION 'product_key keeps its past' USING ERRCODE = 'restrict_violation';
  END IF;
  NEW.version := OLD.version + 1;
  RETURN NEW;
END $$;
