-- The five roles of the database; run by a superuser, as often as you like.
-- wellbeing_owner owns tables and runs migrations; wellbeing_app is what the product connects as and owns nothing;
-- wellbeing_gate owns the functions that ask for grants; wellbeing_keys is for the commands that rotate, erase and take
-- stock of keys (docs/keys.md); wellbeing_backup reads every row for a backup and writes none (docs/backup.md). In
-- production give the four logins passwords of their own (ALTER ROLE … PASSWORD …), and let no other role connect.
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'wellbeing_gate') THEN
    CREATE ROLE wellbeing_gate NOLOGIN NOSUPERUSER NOBYPASSRLS;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'wellbeing_owner') THEN
    CREATE ROLE wellbeing_owner LOGIN NOSUPERUSER NOBYPASSRLS CREATEDB;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'wellbeing_app') THEN
    CREATE ROLE wellbeing_app LOGIN NOSUPERUSER NOBYPASSRLS;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'wellbeing_keys') THEN
    CREATE ROLE wellbeing_keys LOGIN NOSUPERUSER NOBYPASSRLS;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'wellbeing_backup') THEN
    CREATE ROLE wellbeing_backup LOGIN NOSUPERUSER BYPASSRLS CONNECTION LIMIT 8;
  END IF;
END $$;
GRANT wellbeing_gate TO wellbeing_owner;
-- It may what the application may, and sees since when its transactions run: no key ends under one of them.
GRANT wellbeing_app, pg_read_all_stats TO wellbeing_keys;
-- What it reads is sealed, or stands on a cover: it has no root key. A dump that walls cut short would be no backup.
GRANT pg_read_all_data TO wellbeing_backup;
ALTER ROLE wellbeing_backup SET default_transaction_read_only = on;
