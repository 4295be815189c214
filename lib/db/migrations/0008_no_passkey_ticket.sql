DELETE FROM "one_time_token" WHERE "purpose" = 'passkey-ticket';--> statement-breakpoint
DROP INDEX "one_time_token_one_live_per_purpose";--> statement-breakpoint
CREATE UNIQUE INDEX "one_time_token_one_live_per_purpose" ON "one_time_token" USING btree ("account_id","purpose") WHERE "one_time_token"."used_at" is null and "one_time_token"."purpose" <> 'restore-email';--> statement-breakpoint
ALTER TABLE "one_time_token" DROP CONSTRAINT "one_time_token_purpose_known";--> statement-breakpoint
ALTER TABLE "one_time_token" ADD CONSTRAINT "one_time_token_purpose_known" CHECK ("one_time_token"."purpose" in ('verify-email', 'change-email', 'restore-email', 'reset-password', 'delete-account'));
