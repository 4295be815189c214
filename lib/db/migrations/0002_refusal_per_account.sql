DROP INDEX "event_refusal_once";--> statement-breakpoint
CREATE UNIQUE INDEX "event_refusal_once" ON "event" USING btree ("account_id","subject") WHERE "event"."action" = 'key.refused';