-- What happened stays as it was written. The owner of the tables could take a trigger away; a slip in a query cannot.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
--> statement-breakpoint
CREATE TRIGGER event_append_only BEFORE UPDATE OR DELETE ON event FOR EACH ROW EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER event_not_truncated BEFORE TRUNCATE ON event EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER grant_amendment_append_only BEFORE UPDATE OR DELETE ON grant_amendment FOR EACH ROW EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER grant_amendment_not_truncated BEFORE TRUNCATE ON grant_amendment EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER grant_entry_not_deleted BEFORE DELETE ON grant_entry FOR EACH ROW EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER grant_entry_not_truncated BEFORE TRUNCATE ON grant_entry EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE FUNCTION grant_entry_only_undone_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.undone_at IS NOT NULL OR NEW.undone_at IS NULL
     OR to_jsonb(NEW) - 'undone_at' <> to_jsonb(OLD) - 'undone_at' THEN
    RAISE EXCEPTION 'grant_entry is append-only' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER grant_entry_append_only BEFORE UPDATE ON grant_entry FOR EACH ROW EXECUTE FUNCTION grant_entry_only_undone_once();
--> statement-breakpoint
-- A key is never another key, is never un-voided, and never loses or changes its owner.
CREATE FUNCTION product_key_keeps_its_past() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.id <> OLD.id OR NEW.lookup <> OLD.lookup OR NEW.batch_id <> OLD.batch_id
     OR (OLD.voided_at IS NOT NULL AND NEW.voided_at IS DISTINCT FROM OLD.voided_at)
     OR (OLD.account_id IS NOT NULL AND NEW.account_id IS DISTINCT FROM OLD.account_id) THEN
    RAISE EXCEPTION 'product_key keeps its past' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER product_key_keeps_its_past BEFORE UPDATE ON product_key FOR EACH ROW EXECUTE FUNCTION product_key_keeps_its_past();
