ALTER TABLE "grant_amendment" DROP CONSTRAINT "grant_amendment_kind_known";--> statement-breakpoint
ALTER TABLE "grant_amendment" ADD CONSTRAINT "grant_amendment_known" CHECK ("grant_amendment"."kind" in ('truncate', 'restore'));--> statement-breakpoint
-- A key is never another key, and never loses or changes its owner. A withdrawal can be taken back, but not moved.
CREATE OR REPLACE FUNCTION product_key_keeps_its_past() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.id <> OLD.id OR NEW.lookup <> OLD.lookup OR NEW.batch_id <> OLD.batch_id
     OR (OLD.voided_at IS NOT NULL AND NEW.voided_at IS NOT NULL AND NEW.voided_at <> OLD.voided_at)
     OR (OLD.account_id IS NOT NULL AND NEW.account_id IS DISTINCT FROM OLD.account_id) THEN
    RAISE EXCEPTION 'product_key keeps its past' USING ERRCODE = 'restrict_violation';
  END IF;
  NEW.version := OLD.version + 1;
  RETURN NEW;
END $$;
