ALTER TABLE "product_key" DROP CONSTRAINT "product_key_state_known";--> statement-breakpoint
ALTER TABLE "product_key" DROP CONSTRAINT "product_key_redeemed_has_owner";--> statement-breakpoint
ALTER TABLE "product_key" ADD COLUMN "kept_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "product_key" ADD COLUMN "kept_id" uuid;--> statement-breakpoint
ALTER TABLE "product_key" ADD COLUMN "starts_itself" boolean DEFAULT false NOT NULL;--> statement-breakpoint
CREATE UNIQUE INDEX "product_key_kept_id" ON "product_key" USING btree ("kept_id") WHERE "product_key"."kept_id" is not null;--> statement-breakpoint
CREATE INDEX "product_key_starts_itself" ON "product_key" USING btree ("account_id") WHERE "product_key"."state" = 'kept' and "product_key"."starts_itself" and "product_key"."voided_at" is null;--> statement-breakpoint
ALTER TABLE "product_key" ADD CONSTRAINT "product_key_has_state" CHECK ("product_key"."state" in ('issued', 'kept', 'redeemed'));--> statement-breakpoint
ALTER TABLE "product_key" ADD CONSTRAINT "product_key_has_owner" CHECK (("product_key"."state" <> 'issued') = ("product_key"."account_id" is not null) and ("product_key"."state" <> 'issued') = ("product_key"."sealed" is not null)
        and ("product_key"."state" <> 'issued') = ("product_key"."hint" is not null) and ("product_key"."state" = 'redeemed') = ("product_key"."redeemed_at" is not null)
        and ("product_key"."state" <> 'kept' or ("product_key"."kept_at" is not null and "product_key"."kept_id" is not null)));