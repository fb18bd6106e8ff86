ALTER TABLE "members" ADD COLUMN "display_name" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "lead_events" ADD COLUMN "member_id" text;--> statement-breakpoint

-- A shape is of one table, and the name of a person stands in another: each membership carries a copy.
CREATE FUNCTION "name_member"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.display_name := coalesce((SELECT name FROM users WHERE id = NEW.user_id), '');
  RETURN NEW;
END
$$;--> statement-breakpoint
CREATE TRIGGER "members_name" BEFORE INSERT OR UPDATE OF "user_id", "display_name" ON "members"
  FOR EACH ROW EXECUTE FUNCTION "name_member"();--> statement-breakpoint
CREATE FUNCTION "rename_members"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE members SET display_name = NEW.name WHERE user_id = NEW.id;
  RETURN NULL;
END
$$;--> statement-breakpoint
CREATE TRIGGER "users_rename_members" AFTER UPDATE OF "name" ON "users"
  FOR EACH ROW WHEN (OLD."name" IS DISTINCT FROM NEW."name") EXECUTE FUNCTION "rename_members"();--> statement-breakpoint
UPDATE "members" SET "display_name" = '';--> statement-breakpoint

-- Members see who of them did something; of a visitor's device they see nothing. A generated column would do, but no
-- shape may have one. Visitors' lines, which are nearly all, pass by the trigger.
CREATE FUNCTION "name_member_of_event"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.member_id := NEW.actor_id;
  RETURN NEW;
END
$$;--> statement-breakpoint
CREATE TRIGGER "lead_events_member" BEFORE INSERT ON "lead_events"
  FOR EACH ROW WHEN (NEW."actor_kind" = 'member') EXECUTE FUNCTION "name_member_of_event"();--> statement-breakpoint
-- The owner, if it is no superuser, is bound by the policies and would find no line.
ALTER TABLE "lead_events" NO FORCE ROW LEVEL SECURITY;--> statement-breakpoint
UPDATE "lead_events" SET "member_id" = "actor_id" WHERE "actor_kind" = 'member';--> statement-breakpoint
ALTER TABLE "lead_events" FORCE ROW LEVEL SECURITY;--> statement-breakpoint

ALTER TABLE "members" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "members" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE POLICY "members_of_sign_in" ON "members" AS PERMISSIVE FOR ALL TO "landfall_auth" USING (true) WITH CHECK (true);--> statement-breakpoint

-- Shapes need the whole old row to see it leave a filter.
ALTER TABLE "lead_events" REPLICA IDENTITY FULL;--> statement-breakpoint
ALTER TABLE "members" REPLICA IDENTITY FULL;--> statement-breakpoint
ALTER TABLE "forms" REPLICA IDENTITY FULL;--> statement-breakpoint
ALTER TABLE "form_versions" REPLICA IDENTITY FULL;
