CREATE TABLE "reminder" (
	"subscription_id" uuid NOT NULL,
	"ends_at" timestamp (3) with time zone NOT NULL,
	"days" integer NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "reminder_subscription_id_ends_at_days_pk" PRIMARY KEY("subscription_id","ends_at","days"),
	CONSTRAINT "reminder_days_known" CHECK ("reminder"."days" in (30, 7, 1, 0))
);
--> statement-breakpoint
ALTER TABLE "reminder" ADD CONSTRAINT "reminder_subscription_id_subscription_id_fk" FOREIGN KEY ("subscription_id") REFERENCES "public"."subscription"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "subscription_ends" ON "subscription" USING btree ("ends_at");