-- As lib/account/canonical-email.ts folds new addresses. citext folded some letters in another way.
ALTER TABLE "account" ALTER COLUMN "email" SET DATA TYPE text
  USING replace(replace(normalize(lower("email"::text), NFKC), U&'i\0307', 'i'), U&'\03C2', U&'\03C3');--> statement-breakpoint
ALTER TABLE "one_time_token" ALTER COLUMN "email" SET DATA TYPE text
  USING replace(replace(normalize(lower("email"::text), NFKC), U&'i\0307', 'i'), U&'\03C2', U&'\03C3');--> statement-breakpoint
ALTER TABLE "mail" ALTER COLUMN "recipient" SET DATA TYPE text
  USING replace(replace(normalize(lower("recipient"::text), NFKC), U&'i\0307', 'i'), U&'\03C2', U&'\03C3');--> statement-breakpoint
ALTER TABLE "limit_counter" ADD COLUMN "in_flight" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "limit_counter" ADD COLUMN "in_flight_until" timestamp (3) with time zone;--> statement-breakpoint
CREATE INDEX "mail_to_recipient" ON "mail" USING btree ("recipient","created_at");--> statement-breakpoint
ALTER TABLE "account" ADD CONSTRAINT "account_email_folded" CHECK ("account"."email" !~ '[A-Z]');--> statement-breakpoint
ALTER TABLE "one_time_token" ADD CONSTRAINT "one_time_token_email_folded" CHECK ("one_time_token"."email" !~ '[A-Z]');--> statement-breakpoint
ALTER TABLE "mail" ADD CONSTRAINT "mail_recipient_folded" CHECK ("mail"."recipient" !~ '[A-Z]');