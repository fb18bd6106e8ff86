-- Roles belong to the cluster, so they may be there already. They get LOGIN and a password from whoever runs it.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'landfall_app') THEN
    CREATE ROLE landfall_app NOBYPASSRLS NOINHERIT;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'landfall_auth') THEN
    CREATE ROLE landfall_auth NOLOGIN NOBYPASSRLS;
  END IF;
END
$$;
--> statement-breakpoint
-- The app signs people in as landfall_auth (SET ROLE), and is nothing more than landfall_app otherwise.
GRANT landfall_auth TO landfall_app WITH INHERIT FALSE, SET TRUE;
