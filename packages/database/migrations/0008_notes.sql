CREATE TABLE "notes" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"lead_id" uuid NOT NULL,
	"author_id" text NOT NULL,
	"body" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"updated_at" timestamp with time zone NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"write_id" uuid,
	"device_id" uuid NOT NULL,
	CONSTRAINT "notes_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "notes" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "notes" ADD CONSTRAINT "notes_lead" FOREIGN KEY ("tenant_id","lead_id") REFERENCES "public"."leads"("tenant_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "notes_lead_id" ON "notes" USING btree ("lead_id","tenant_id");--> statement-breakpoint
CREATE POLICY "notes_of_tenant" ON "notes" AS PERMISSIVE FOR ALL TO "landfall_app" USING ("notes"."tenant_id" = nullif(current_setting('app.tenant_id', true), '')::uuid) WITH CHECK ("notes"."tenant_id" = nullif(current_setting('app.tenant_id', true), '')::uuid);--> statement-breakpoint

-- Also the owner of the tables is bound by the policies, unless it is a superuser.
ALTER TABLE "notes" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
-- Whose note it is, and of which lead, stays.
GRANT SELECT, INSERT, DELETE ON "notes" TO "landfall_app";--> statement-breakpoint
GRANT UPDATE ("body", "updated_at", "version", "write_id", "device_id") ON "notes" TO "landfall_app";--> statement-breakpoint
-- Shapes need the whole old row to see it leave a filter.
ALTER TABLE "notes" REPLICA IDENTITY FULL;
