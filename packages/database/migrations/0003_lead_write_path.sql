ALTER TYPE "public"."lead_status" ADD VALUE 'withdrawn';--> statement-breakpoint
ALTER TYPE "public"."receipt_status" ADD VALUE 'withdrawn';--> statement-breakpoint
ALTER TABLE "leads" ADD COLUMN "spam_reasons" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "leads" ADD COLUMN "consents" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "leads" ADD COLUMN "field_edits" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
CREATE INDEX "leads_of_device" ON "leads" USING btree ("tenant_id","client_id","received_at" DESC NULLS LAST);--> statement-breakpoint
-- A visitor who takes a lead back takes its values out of its history too. Nothing else of a line may change.
GRANT UPDATE ("data") ON "lead_events" TO "landfall_app";
