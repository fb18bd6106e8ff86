DROP INDEX "leads_newest";--> statement-breakpoint
DROP INDEX "lead_events_lead_id";--> statement-breakpoint
DROP INDEX "lead_receipts_client";--> statement-breakpoint
DROP INDEX "leads_of_device";--> statement-breakpoint
CREATE INDEX "lead_events_lead_id" ON "lead_events" USING btree ("lead_id","tenant_id");--> statement-breakpoint
CREATE INDEX "lead_receipts_client" ON "lead_receipts" USING btree ("client_id","tenant_id");--> statement-breakpoint
CREATE INDEX "leads_of_device" ON "leads" USING btree ("client_id","received_at" DESC NULLS LAST);