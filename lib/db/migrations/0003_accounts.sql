CREATE TABLE "mail" (
	"id" uuid PRIMARY KEY NOT NULL,
	"account_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"recipient" "citext" NOT NULL,
	"token_id" uuid,
	"details" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone,
	"outcome" text,
	"last_error" text,
	CONSTRAINT "mail_outcome_known" CHECK ("mail"."outcome" in ('sent', 'given-up', 'out-of-date')),
	CONSTRAINT "mail_ended_with_outcome" CHECK (("mail"."ended_at" is null) = ("mail"."outcome" is null))
);
--> statement-breakpoint
CREATE TABLE "one_time_token" (
	"id" uuid PRIMARY KEY NOT NULL,
	"purpose" text NOT NULL,
	"account_id" uuid NOT NULL,
	"email" "citext" NOT NULL,
	"hash" "bytea" NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"used_at" timestamp (3) with time zone,
	"code_tries" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "one_time_token_hash_unique" UNIQUE("hash"),
	CONSTRAINT "one_time_token_purpose_known" CHECK ("one_time_token"."purpose" in ('verify-email', 'change-email', 'restore-email', 'reset-password', 'delete-account', 'passkey-ticket')),
	CONSTRAINT "one_time_token_hash_is_a_digest" CHECK (octet_length("one_time_token"."hash") = 32),
	CONSTRAINT "one_time_token_tries" CHECK ("one_time_token"."code_tries" between 0 and 5)
);
--> statement-breakpoint
CREATE TABLE "passkey" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"account_id" uuid NOT NULL,
	"credential_id" text NOT NULL,
	"public_key" "bytea" NOT NULL,
	"counter" bigint NOT NULL,
	"transports" text[] NOT NULL,
	"name" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"last_used_at" timestamp (3) with time zone,
	CONSTRAINT "passkey_credential_id_unique" UNIQUE("credential_id"),
	CONSTRAINT "passkey_name_length" CHECK (length("passkey"."name") between 1 and 60)
);
--> statement-breakpoint
CREATE TABLE "passkey_challenge" (
	"challenge" text PRIMARY KEY NOT NULL,
	"account_id" uuid,
	"expires_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "account" ALTER COLUMN "password_hash" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "account" ADD COLUMN "reminders_off_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "account" ADD COLUMN "leaves_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "account" ADD COLUMN "erased_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "session" ADD COLUMN "device_hash" "bytea";--> statement-breakpoint
ALTER TABLE "mail" ADD CONSTRAINT "mail_account_id_account_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."account"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mail" ADD CONSTRAINT "mail_token_id_one_time_token_id_fk" FOREIGN KEY ("token_id") REFERENCES "public"."one_time_token"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "one_time_token" ADD CONSTRAINT "one_time_token_account_id_account_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."account"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "passkey" ADD CONSTRAINT "passkey_account_id_account_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."account"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "passkey_challenge" ADD CONSTRAINT "passkey_challenge_account_id_account_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."account"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "mail_of_account" ON "mail" USING btree ("account_id");--> statement-breakpoint
CREATE INDEX "mail_not_sent" ON "mail" USING btree ("created_at") WHERE "mail"."outcome" is distinct from 'sent';--> statement-breakpoint
CREATE UNIQUE INDEX "one_time_token_one_live_per_purpose" ON "one_time_token" USING btree ("account_id","purpose") WHERE "one_time_token"."used_at" is null and "one_time_token"."purpose" not in ('restore-email', 'passkey-ticket');--> statement-breakpoint
CREATE INDEX "one_time_token_restorable" ON "one_time_token" USING btree ("email") WHERE "one_time_token"."used_at" is null and "one_time_token"."purpose" = 'restore-email';--> statement-breakpoint
CREATE INDEX "passkey_of_account" ON "passkey" USING btree ("account_id");--> statement-breakpoint
CREATE INDEX "account_leaving" ON "account" USING btree ("leaves_at") WHERE "account"."leaves_at" is not null;--> statement-breakpoint
ALTER TABLE "account" ADD CONSTRAINT "account_has_password" CHECK (("account"."erased_at" is null) = ("account"."password_hash" is not null));