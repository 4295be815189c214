-- The table of emails becomes the outbox itself: one INSERT queues an email, and no second table has a job for it.
ALTER TABLE "mail" ALTER COLUMN "id" SET DEFAULT gen_random_uuid();
--> statement-breakpoint
ALTER TABLE "mail" ADD COLUMN "next_try_at" timestamp (3) with time zone DEFAULT now();
--> statement-breakpoint
ALTER TABLE "mail" ADD COLUMN "claim_id" uuid;
--> statement-breakpoint
-- Emails that wait are tried again at once, and for two days more.
UPDATE "mail" SET "next_try_at" = NULL WHERE "outcome" IS NOT NULL;
--> statement-breakpoint
UPDATE "mail" SET "tries" = 0 WHERE "outcome" IS NULL;
--> statement-breakpoint
ALTER TABLE "mail" DROP CONSTRAINT "mail_ended_with_outcome";
--> statement-breakpoint
ALTER TABLE "mail" ADD CONSTRAINT "mail_waits_or_ended" CHECK (
  ("outcome" IS NULL) = ("ended_at" IS NULL)
  AND ("outcome" IS NULL) = ("next_try_at" IS NOT NULL)
  AND ("claim_id" IS NULL OR "outcome" IS NULL)
);
--> statement-breakpoint
ALTER TABLE "mail" ADD CONSTRAINT "mail_tries_counted" CHECK ("tries" >= 0);
--> statement-breakpoint
CREATE INDEX "mail_due" ON "mail" USING btree ("next_try_at") WHERE "outcome" IS NULL;
--> statement-breakpoint
-- The library that had the jobs kept them in a schema of its own.
DROP SCHEMA IF EXISTS "pgboss" CASCADE;
