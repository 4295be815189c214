ALTER TABLE "lease" ADD COLUMN "partner_id" uuid;--> statement-breakpoint
ALTER TABLE "lease" ADD CONSTRAINT "lease_partner_id_partner_id_fk" FOREIGN KEY ("partner_id") REFERENCES "public"."partner"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "lease_of_partner" ON "lease" USING btree ("partner_id","started_at","id");--> statement-breakpoint
CREATE FUNCTION lease_names_its_partner() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  SELECT b.partner_id INTO NEW.partner_id
    FROM partner_code c JOIN partner_batch b ON b.id = c.batch_id WHERE c.id = NEW.code_id;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER lease_names_its_partner BEFORE INSERT ON "lease" FOR EACH ROW EXECUTE FUNCTION lease_names_its_partner();
--> statement-breakpoint
UPDATE "lease" SET "partner_id" = b.partner_id
  FROM partner_code c JOIN partner_batch b ON b.id = c.batch_id WHERE c.id = "lease".code_id;
