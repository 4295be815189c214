CREATE TABLE "activation" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"subscription_id" uuid NOT NULL,
	"slot" integer NOT NULL,
	"device_id" uuid NOT NULL,
	"activated_at" timestamp (3) with time zone NOT NULL,
	"released_at" timestamp (3) with time zone,
	CONSTRAINT "activation_ends_after_it_began" CHECK ("activation"."released_at" >= "activation"."activated_at")
);
--> statement-breakpoint
CREATE TABLE "device" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"account_id" uuid NOT NULL,
	"install_id" text NOT NULL,
	"name" text NOT NULL,
	"model" text,
	"system" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"last_seen_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "device_install_id_shape" CHECK ("device"."install_id" ~ '^[A-Za-z0-9_-]{16,64}$'),
	CONSTRAINT "device_name_length" CHECK (length("device"."name") between 1 and 60),
	CONSTRAINT "device_model_length" CHECK (length("device"."model") between 1 and 60),
	CONSTRAINT "device_system_known" CHECK ("device"."system" in ('ios', 'android', 'windows', 'macos'))
);
--> statement-breakpoint
CREATE TABLE "seat" (
	"subscription_id" uuid NOT NULL,
	"slot" integer NOT NULL,
	CONSTRAINT "seat_subscription_id_slot_pk" PRIMARY KEY("subscription_id","slot"),
	CONSTRAINT "seat_slot_from_one" CHECK ("seat"."slot" >= 1)
);
--> statement-breakpoint
CREATE TABLE "app_session" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"account_id" uuid NOT NULL,
	"client_id" text NOT NULL,
	"device_id" uuid,
	"refresh_hash" "bytea" NOT NULL,
	"access_hash" "bytea" NOT NULL,
	"access_until" timestamp (3) with time zone NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"last_seen_at" timestamp (3) with time zone NOT NULL,
	"idle_until" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone,
	CONSTRAINT "app_session_refresh_hash_unique" UNIQUE("refresh_hash"),
	CONSTRAINT "app_session_access_hash_unique" UNIQUE("access_hash"),
	CONSTRAINT "app_session_tokens_are_digests" CHECK (octet_length("app_session"."refresh_hash") = 32 and octet_length("app_session"."access_hash") = 32)
);
--> statement-breakpoint
CREATE TABLE "authorization_request" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"client_id" text NOT NULL,
	"redirect_uri" text NOT NULL,
	"state" text,
	"code_challenge" text NOT NULL,
	"device_name" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"account_id" uuid,
	"code_hash" "bytea",
	"app_session_id" uuid,
	CONSTRAINT "authorization_request_code_hash_unique" UNIQUE("code_hash"),
	CONSTRAINT "authorization_request_has_challenge" CHECK ("authorization_request"."code_challenge" ~ '^[A-Za-z0-9_-]{43}$'),
	CONSTRAINT "authorization_request_code_has_owner" CHECK (("authorization_request"."account_id" is null) = ("authorization_request"."code_hash" is null)),
	CONSTRAINT "authorization_request_exchanged" CHECK ("authorization_request"."app_session_id" is null or "authorization_request"."code_hash" is not null),
	CONSTRAINT "authorization_request_state_length" CHECK (length("authorization_request"."state") <= 1000),
	CONSTRAINT "authorization_request_device_length" CHECK (length("authorization_request"."device_name") between 1 and 60)
);
--> statement-breakpoint
CREATE TABLE "handoff" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"account_id" uuid NOT NULL,
	"session_id" uuid NOT NULL,
	"lookup" "bytea" NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"claimed_at" timestamp (3) with time zone,
	"challenge" text,
	"client_id" text,
	"install_id" text,
	"device_name" text,
	"device_model" text,
	"device_system" text,
	"number" integer,
	"decision" text,
	"decided_at" timestamp (3) with time zone,
	"app_session_id" uuid,
	CONSTRAINT "handoff_lookup_unique" UNIQUE("lookup"),
	CONSTRAINT "handoff_lookup_is_a_digest" CHECK (octet_length("handoff"."lookup") = 32),
	CONSTRAINT "handoff_claimed" CHECK (num_nonnulls("handoff"."claimed_at", "handoff"."challenge", "handoff"."client_id", "handoff"."install_id", "handoff"."device_name", "handoff"."device_system", "handoff"."number") in (0, 7)),
	CONSTRAINT "handoff_number_has_two_digits" CHECK ("handoff"."number" between 10 and 99),
	CONSTRAINT "handoff_device_name_length" CHECK (length("handoff"."device_name") between 1 and 60),
	CONSTRAINT "handoff_device_model_length" CHECK (length("handoff"."device_model") between 1 and 60),
	CONSTRAINT "handoff_decision_known" CHECK ("handoff"."decision" in ('confirmed', 'refused')),
	CONSTRAINT "handoff_decided" CHECK (("handoff"."decision" is null) = ("handoff"."decided_at" is null) and ("handoff"."decision" is null or "handoff"."claimed_at" is not null)),
	CONSTRAINT "handoff_signs_in_once_confirmed" CHECK ("handoff"."app_session_id" is null or "handoff"."decision" = 'confirmed')
);
--> statement-breakpoint
CREATE TABLE "spent_refresh_token" (
	"hash" "bytea" PRIMARY KEY NOT NULL,
	"app_session_id" uuid NOT NULL,
	"spent_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "spent_refresh_token_is_a_digest" CHECK (octet_length("spent_refresh_token"."hash") = 32)
);
--> statement-breakpoint
ALTER TABLE "activation" ADD CONSTRAINT "activation_device_id_device_id_fk" FOREIGN KEY ("device_id") REFERENCES "public"."device"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "activation" ADD CONSTRAINT "activation_subscription_id_slot_seat_subscription_id_slot_fk" FOREIGN KEY ("subscription_id","slot") REFERENCES "public"."seat"("subscription_id","slot") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "device" ADD CONSTRAINT "device_account_id_account_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."account"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "seat" ADD CONSTRAINT "seat_subscription_id_subscription_id_fk" FOREIGN KEY ("subscription_id") REFERENCES "public"."subscription"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app_session" ADD CONSTRAINT "app_session_account_id_account_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."account"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app_session" ADD CONSTRAINT "app_session_device_id_device_id_fk" FOREIGN KEY ("device_id") REFERENCES "public"."device"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "authorization_request" ADD CONSTRAINT "authorization_request_account_id_account_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."account"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "authorization_request" ADD CONSTRAINT "authorization_request_app_session_id_app_session_id_fk" FOREIGN KEY ("app_session_id") REFERENCES "public"."app_session"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "handoff" ADD CONSTRAINT "handoff_account_id_account_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."account"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "handoff" ADD CONSTRAINT "handoff_session_id_session_id_fk" FOREIGN KEY ("session_id") REFERENCES "public"."session"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "handoff" ADD CONSTRAINT "handoff_app_session_id_app_session_id_fk" FOREIGN KEY ("app_session_id") REFERENCES "public"."app_session"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "spent_refresh_token" ADD CONSTRAINT "spent_refresh_token_app_session_id_app_session_id_fk" FOREIGN KEY ("app_session_id") REFERENCES "public"."app_session"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "activation_one_live_per_seat" ON "activation" USING btree ("subscription_id","slot") WHERE "activation"."released_at" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "activation_one_live_per_device" ON "activation" USING btree ("device_id") WHERE "activation"."released_at" is null;--> statement-breakpoint
CREATE INDEX "activation_of_subscription" ON "activation" USING btree ("subscription_id");--> statement-breakpoint
CREATE INDEX "activation_of_device" ON "activation" USING btree ("device_id");--> statement-breakpoint
CREATE UNIQUE INDEX "device_once_per_account" ON "device" USING btree ("account_id","install_id");--> statement-breakpoint
CREATE INDEX "app_session_of_account" ON "app_session" USING btree ("account_id");--> statement-breakpoint
CREATE INDEX "app_session_of_device" ON "app_session" USING btree ("device_id");--> statement-breakpoint
CREATE INDEX "app_session_idle" ON "app_session" USING btree ("idle_until");--> statement-breakpoint
CREATE INDEX "authorization_request_expired" ON "authorization_request" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "authorization_request_of_account" ON "authorization_request" USING btree ("account_id");--> statement-breakpoint
CREATE INDEX "authorization_request_of_session" ON "authorization_request" USING btree ("app_session_id");--> statement-breakpoint
CREATE INDEX "handoff_of_account" ON "handoff" USING btree ("account_id");--> statement-breakpoint
CREATE INDEX "handoff_of_session" ON "handoff" USING btree ("session_id");--> statement-breakpoint
CREATE INDEX "handoff_of_app_session" ON "handoff" USING btree ("app_session_id");--> statement-breakpoint
CREATE INDEX "handoff_expired" ON "handoff" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "spent_refresh_token_of_session" ON "spent_refresh_token" USING btree ("app_session_id");--> statement-breakpoint
CREATE INDEX "spent_refresh_token_age" ON "spent_refresh_token" USING btree ("spent_at");