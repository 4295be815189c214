-- Each source of a grant is a foreign key of its own; exactly one is set.
ALTER TABLE "grant_entry" ADD COLUMN "key_id" bigint REFERENCES "product_key"("id");--> statement-breakpoint
ALTER TABLE "grant_entry" DISABLE TRIGGER "grant_entry_append_only";--> statement-breakpoint
UPDATE "grant_entry" SET "key_id" = "source_id";--> statement-breakpoint
ALTER TABLE "grant_entry" ENABLE TRIGGER "grant_entry_append_only";--> statement-breakpoint
ALTER TABLE "grant_entry" DROP COLUMN "source", DROP COLUMN "source_id";--> statement-breakpoint
ALTER TABLE "grant_entry" ADD CONSTRAINT "grant_entry_one_source" CHECK (num_nonnulls("key_id") = 1);--> statement-breakpoint
CREATE UNIQUE INDEX "grant_entry_one_live_per_key" ON "grant_entry" ("key_id") WHERE "undone_at" is null;--> statement-breakpoint
-- What a redemption judges carries a version, so that the statement that spends can tell whether it still holds.
ALTER TABLE "account" ADD COLUMN "ledger_version" integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "product_key" ADD COLUMN "version" integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "key_batch" ADD COLUMN "version" integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "subscription" DROP COLUMN "version";--> statement-breakpoint
CREATE FUNCTION move_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.version := OLD.version + 1;
  RETURN NEW;
END $$;--> statement-breakpoint
CREATE TRIGGER key_batch_moves_version BEFORE UPDATE ON key_batch FOR EACH ROW EXECUTE FUNCTION move_version();--> statement-breakpoint
CREATE OR REPLACE FUNCTION product_key_keeps_its_past() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.id <> OLD.id OR NEW.lookup <> OLD.lookup OR NEW.batch_id <> OLD.batch_id
     OR (OLD.voided_at IS NOT NULL AND NEW.voided_at IS DISTINCT FROM OLD.voided_at)
     OR (OLD.account_id IS NOT NULL AND NEW.account_id IS DISTINCT FROM OLD.account_id) THEN
    RAISE EXCEPTION 'product_key keeps its past' USING ERRCODE = 'restrict_violation';
  END IF;
  NEW.version := OLD.version + 1;
  RETURN NEW;
END $$;
