ALTER TABLE "key_batch" RENAME COLUMN "activated_at" TO "released_at";--> statement-breakpoint
ALTER TABLE "product_key" RENAME COLUMN "activated_at" TO "released_at";--> statement-breakpoint
ALTER TABLE "event" DISABLE TRIGGER "event_append_only";--> statement-breakpoint
UPDATE "event" SET "action" = replace("action", '.activated', '.released') WHERE "action" IN ('key.activated', 'batch.activated');--> statement-breakpoint
ALTER TABLE "event" ENABLE TRIGGER "event_append_only";
