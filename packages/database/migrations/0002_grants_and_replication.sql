-- Also the owner of the tables is bound by the policies, unless it is a superuser.
ALTER TABLE "tenants" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "domains" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "forms" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "form_versions" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "leads" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "lead_receipts" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "lead_events" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "sync_operations" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "devices" FORCE ROW LEVEL SECURITY;--> statement-breakpoint

GRANT USAGE ON SCHEMA "public" TO "landfall_app", "landfall_auth";--> statement-breakpoint
-- No DELETE: a lead leaves only by a right that the app does not have yet.
GRANT SELECT ON "tenants", "domains", "forms", "form_versions" TO "landfall_app";--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE ON "leads", "lead_receipts", "sync_operations" TO "landfall_app";--> statement-breakpoint
GRANT SELECT, INSERT ON "lead_events", "devices" TO "landfall_app";--> statement-breakpoint
-- An operation answered `retry` leaves no trace in the ledger.
GRANT DELETE ON "sync_operations" TO "landfall_app";--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE, DELETE ON "rate_limits" TO "landfall_app";--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE, DELETE ON "users", "sessions", "accounts", "verifications", "members", "invitations" TO "landfall_auth";--> statement-breakpoint
GRANT SELECT ON "tenants" TO "landfall_auth";--> statement-breakpoint

-- Shapes need the whole old row to see it leave a filter.
ALTER TABLE "leads" REPLICA IDENTITY FULL;--> statement-breakpoint
ALTER TABLE "lead_receipts" REPLICA IDENTITY FULL;
