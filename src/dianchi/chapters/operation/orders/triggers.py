"""SQL that makes the meter append-only, for the first migration."""

SQLITE = (
    "CREATE TRIGGER orders_usage_no_update BEFORE UPDATE ON orders_usage "
    "BEGIN SELECT RAISE(ABORT, 'usage is append-only'); END",
    "CREATE TRIGGER orders_usage_no_delete BEFORE DELETE ON orders_usage "
    "BEGIN SELECT RAISE(ABORT, 'usage is append-only'); END",
)
POSTGRESQL = (
    "CREATE FUNCTION orders_usage_refuse() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'usage is append-only'; END $$",
    "CREATE TRIGGER orders_usage_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON orders_usage "
    "FOR EACH STATEMENT EXECUTE FUNCTION orders_usage_refuse()",
)
