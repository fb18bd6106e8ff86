CREATE TABLE "sync_probe" (
	"id" smallint PRIMARY KEY NOT NULL,
	"token" uuid NOT NULL,
	"written_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE ON "sync_probe" TO "landfall_app";--> statement-breakpoint
ALTER TABLE "sync_probe" REPLICA IDENTITY FULL;--> statement-breakpoint
-- Every request counts here, and each count would wait for the disk. Counters that a crash sets back to 0 harm nobody.
ALTER TABLE "rate_limits" SET UNLOGGED;
