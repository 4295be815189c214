CREATE EXTENSION IF NOT EXISTS citext;--> statement-breakpoint
CREATE TABLE "account" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"email" "citext" NOT NULL,
	"name" text NOT NULL,
	"password_hash" text NOT NULL,
	"country" char(2) NOT NULL,
	"locale" text NOT NULL,
	"time_zone" text NOT NULL,
	"email_verified_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "account_email_unique" UNIQUE("email"),
	CONSTRAINT "account_email_shape" CHECK ("account"."email" ~ '^[^@[:space:]]+@[^@[:space:]]+$' and length("account"."email") <= 254),
	CONSTRAINT "account_name_length" CHECK (length("account"."name") between 1 and 100),
	CONSTRAINT "account_country_code" CHECK ("account"."country" ~ '^[A-Z]{2}$'),
	CONSTRAINT "account_locale_known" CHECK ("account"."locale" in ('en', 'fr'))
);
--> statement-breakpoint
CREATE TABLE "event" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "event_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"account_id" uuid,
	"actor" text NOT NULL,
	"action" text NOT NULL,
	"subject" text,
	"at" timestamp (3) with time zone NOT NULL,
	"details" jsonb DEFAULT '{}'::jsonb NOT NULL,
	CONSTRAINT "event_actor_known" CHECK ("event"."actor" in ('account', 'operator', 'system'))
);
--> statement-breakpoint
CREATE TABLE "event_person" (
	"event_id" bigint PRIMARY KEY NOT NULL,
	"address_prefix" text,
	"user_agent" text
);
--> statement-breakpoint
CREATE TABLE "grant_amendment" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "grant_amendment_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"grant_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"reason" text NOT NULL,
	"actor" text NOT NULL,
	CONSTRAINT "grant_amendment_kind_known" CHECK ("grant_amendment"."kind" in ('truncate'))
);
--> statement-breakpoint
CREATE TABLE "grant_entry" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"subscription_id" uuid NOT NULL,
	"source" text NOT NULL,
	"source_id" bigint NOT NULL,
	"months" integer NOT NULL,
	"days" integer NOT NULL,
	"granted_at" timestamp (3) with time zone NOT NULL,
	"seq" bigint GENERATED ALWAYS AS IDENTITY (sequence name "grant_entry_seq_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"undone_at" timestamp (3) with time zone,
	CONSTRAINT "grant_entry_source_known" CHECK ("grant_entry"."source" in ('key')),
	CONSTRAINT "grant_entry_gives_something" CHECK ("grant_entry"."months" >= 0 and "grant_entry"."days" >= 0 and "grant_entry"."months" + "grant_entry"."days" > 0)
);
--> statement-breakpoint
CREATE TABLE "key_batch" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"product_code" text NOT NULL,
	"months" integer NOT NULL,
	"days" integer DEFAULT 0 NOT NULL,
	"count" integer NOT NULL,
	"channel" text NOT NULL,
	"regions" text[],
	"redeem_by" date,
	"activated_at" timestamp (3) with time zone,
	"note" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "key_batch_gives_something" CHECK ("key_batch"."months" >= 0 and "key_batch"."days" >= 0 and "key_batch"."months" + "key_batch"."days" > 0),
	CONSTRAINT "key_batch_regions_not_empty" CHECK ("key_batch"."regions" is null or cardinality("key_batch"."regions") > 0)
);
--> statement-breakpoint
CREATE TABLE "limit_counter" (
	"limit" text NOT NULL,
	"key" "bytea" NOT NULL,
	"count" integer NOT NULL,
	"ends_at" timestamp (3) with time zone NOT NULL,
	"locked_until" timestamp (3) with time zone,
	CONSTRAINT "limit_counter_limit_key_pk" PRIMARY KEY("limit","key")
);
--> statement-breakpoint
CREATE TABLE "product" (
	"code" text PRIMARY KEY NOT NULL,
	"seats" integer NOT NULL,
	CONSTRAINT "product_has_seats" CHECK ("product"."seats" > 0)
);
--> statement-breakpoint
CREATE TABLE "product_key" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "product_key_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"lookup" "bytea" NOT NULL,
	"batch_id" uuid NOT NULL,
	"state" text DEFAULT 'issued' NOT NULL,
	"activated_at" timestamp (3) with time zone,
	"voided_at" timestamp (3) with time zone,
	"account_id" uuid,
	"sealed" "bytea",
	"hint" char(5),
	"redeemed_at" timestamp (3) with time zone,
	CONSTRAINT "product_key_lookup_unique" UNIQUE("lookup"),
	CONSTRAINT "product_key_lookup_is_a_digest" CHECK (octet_length("product_key"."lookup") = 32),
	CONSTRAINT "product_key_state_known" CHECK ("product_key"."state" in ('issued', 'redeemed')),
	CONSTRAINT "product_key_redeemed_has_owner" CHECK (("product_key"."state" = 'redeemed') = ("product_key"."account_id" is not null) and ("product_key"."state" = 'redeemed') = ("product_key"."sealed" is not null)
        and ("product_key"."state" = 'redeemed') = ("product_key"."hint" is not null) and ("product_key"."state" = 'redeemed') = ("product_key"."redeemed_at" is not null))
);
--> statement-breakpoint
CREATE TABLE "session" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"account_id" uuid NOT NULL,
	"token_hash" "bytea" NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"authenticated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"last_seen_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"idle_until" timestamp (3) with time zone NOT NULL,
	"absolute_until" timestamp (3) with time zone NOT NULL,
	"revoked_at" timestamp (3) with time zone,
	"user_agent" text,
	"address_prefix" text,
	CONSTRAINT "session_token_hash_unique" UNIQUE("token_hash"),
	CONSTRAINT "session_token_is_a_digest" CHECK (octet_length("session"."token_hash") = 32),
	CONSTRAINT "session_idle_within_absolute" CHECK ("session"."idle_until" <= "session"."absolute_until")
);
--> statement-breakpoint
CREATE TABLE "setting" (
	"name" text PRIMARY KEY NOT NULL,
	"value" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "subscription" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"account_id" uuid NOT NULL,
	"product_code" text NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"ends_at" timestamp (3) with time zone NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "event" ADD CONSTRAINT "event_account_id_account_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."account"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "event_person" ADD CONSTRAINT "event_person_event_id_event_id_fk" FOREIGN KEY ("event_id") REFERENCES "public"."event"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "grant_amendment" ADD CONSTRAINT "grant_amendment_grant_id_grant_entry_id_fk" FOREIGN KEY ("grant_id") REFERENCES "public"."grant_entry"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "grant_entry" ADD CONSTRAINT "grant_entry_subscription_id_subscription_id_fk" FOREIGN KEY ("subscription_id") REFERENCES "public"."subscription"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "key_batch" ADD CONSTRAINT "key_batch_product_code_product_code_fk" FOREIGN KEY ("product_code") REFERENCES "public"."product"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "product_key" ADD CONSTRAINT "product_key_batch_id_key_batch_id_fk" FOREIGN KEY ("batch_id") REFERENCES "public"."key_batch"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "product_key" ADD CONSTRAINT "product_key_account_id_account_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."account"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "session" ADD CONSTRAINT "session_account_id_account_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."account"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "subscription" ADD CONSTRAINT "subscription_account_id_account_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."account"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "subscription" ADD CONSTRAINT "subscription_product_code_product_code_fk" FOREIGN KEY ("product_code") REFERENCES "public"."product"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "event_of_account" ON "event" USING btree ("account_id","at");--> statement-breakpoint
CREATE UNIQUE INDEX "event_refusal_once" ON "event" USING btree ("subject") WHERE "event"."action" = 'key.refused';--> statement-breakpoint
CREATE INDEX "grant_amendment_of_grant" ON "grant_amendment" USING btree ("grant_id");--> statement-breakpoint
CREATE INDEX "grant_entry_of_subscription" ON "grant_entry" USING btree ("subscription_id");--> statement-breakpoint
CREATE UNIQUE INDEX "grant_entry_one_live_per_source" ON "grant_entry" USING btree ("source","source_id") WHERE "grant_entry"."undone_at" is null;--> statement-breakpoint
CREATE INDEX "limit_counter_ended" ON "limit_counter" USING btree ("ends_at");--> statement-breakpoint
CREATE INDEX "product_key_of_account" ON "product_key" USING btree ("account_id");--> statement-breakpoint
CREATE INDEX "product_key_of_batch" ON "product_key" USING btree ("batch_id");--> statement-breakpoint
CREATE INDEX "session_of_account" ON "session" USING btree ("account_id");--> statement-breakpoint
CREATE INDEX "subscription_of_account" ON "subscription" USING btree ("account_id");