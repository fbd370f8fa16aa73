"""The ledger's tables with what the database itself guarantees: dense indexes, no update, no delete, one growing head.

Written by hand because the guarantees are triggers. On SQLite the index must be an "integer" to be the row's own id.
"""

from django.db import migrations, models

EMPTY_ROOT = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

TABLES = """
CREATE TABLE ledger_entry (
    "index" {index} NOT NULL PRIMARY KEY CHECK ("index" >= 0),
    kind text NOT NULL CHECK (kind <> ''),
    case_type text NOT NULL,
    case_id text NOT NULL,
    "by" text NOT NULL CHECK (length("by") IN (0, 64)),
    organisation text NOT NULL,
    role text NOT NULL,
    "at" {time} NOT NULL,
    recorded_at {time} NOT NULL,
    article text NOT NULL,
    rules text NOT NULL,
    from_state text NOT NULL,
    to_state text NOT NULL,
    outcome text NOT NULL CHECK (outcome IN ('done', 'refused')),
    payload text NOT NULL,
    body text NOT NULL,
    leaf_hash text NOT NULL CHECK (length(leaf_hash) = 64)
);
CREATE INDEX ledger_entry_case ON ledger_entry (case_type, case_id);
CREATE TABLE ledger_head (
    id smallint NOT NULL PRIMARY KEY CHECK (id = 1),
    size bigint NOT NULL CHECK (size >= 0),
    frontier text NOT NULL,
    root text NOT NULL CHECK (length(root) = 64)
);
CREATE TABLE ledger_checkpoint (
    size bigint NOT NULL PRIMARY KEY CHECK (size > 0),
    root text NOT NULL CHECK (length(root) = 64),
    note text NOT NULL,
    "at" {time} NOT NULL
);
INSERT INTO ledger_head (id, size, frontier, root) VALUES (1, 0, '', '{root}')
"""

# The density check also stops INSERT OR REPLACE, which deletes without asking the delete triggers.
SQLITE = [
    """CREATE TRIGGER ledger_entry_dense BEFORE INSERT ON ledger_entry
       WHEN NEW."index" IS NOT (SELECT coalesce(max("index") + 1, 0) FROM ledger_entry)
       BEGIN SELECT RAISE(ABORT, 'the ledger is dense'); END""",
    """CREATE TRIGGER ledger_checkpoint_grows BEFORE INSERT ON ledger_checkpoint
       WHEN NEW.size <= (SELECT max(size) FROM ledger_checkpoint)
       BEGIN SELECT RAISE(ABORT, 'checkpoints only grow'); END""",
    """CREATE TRIGGER ledger_head_grows BEFORE UPDATE ON ledger_head WHEN NEW.size <= OLD.size
       BEGIN SELECT RAISE(ABORT, 'the ledger only grows'); END""",
    """CREATE TRIGGER ledger_head_single BEFORE INSERT ON ledger_head
       BEGIN SELECT RAISE(ABORT, 'the ledger has one head'); END""",
    *(
        f"""CREATE TRIGGER {table}_no_{act} BEFORE {act.upper()} ON {table}
            BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END"""
        for table, act in (
            ("ledger_entry", "update"),
            ("ledger_entry", "delete"),
            ("ledger_checkpoint", "update"),
            ("ledger_checkpoint", "delete"),
            ("ledger_head", "delete"),
        )
    ),
]

POSTGRESQL = [
    """CREATE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN RAISE EXCEPTION 'the ledger is append-only' USING ERRCODE = 'restrict_violation'; END $$""",
    """CREATE FUNCTION ledger_dense() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN
           IF NEW."index" IS DISTINCT FROM (SELECT coalesce(max("index") + 1, 0) FROM ledger_entry) THEN
               RAISE EXCEPTION 'the ledger is dense' USING ERRCODE = 'restrict_violation';
           END IF;
           RETURN NEW;
       END $$""",
    """CREATE FUNCTION ledger_checkpoint_grows() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN
           IF NEW.size <= (SELECT max(size) FROM ledger_checkpoint) THEN
               RAISE EXCEPTION 'checkpoints only grow' USING ERRCODE = 'restrict_violation';
           END IF;
           RETURN NEW;
       END $$""",
    """CREATE FUNCTION ledger_head_grows() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN
           IF NEW.size <= OLD.size THEN
               RAISE EXCEPTION 'the ledger only grows' USING ERRCODE = 'restrict_violation';
           END IF;
           RETURN NEW;
       END $$""",
]
POSTGRESQL_TRIGGERS = [
    ("ledger_entry", "dense", "BEFORE INSERT", "ROW", "ledger_dense"),
    ("ledger_checkpoint", "grows", "BEFORE INSERT", "ROW", "ledger_checkpoint_grows"),
    ("ledger_head", "grows", "BEFORE UPDATE", "ROW", "ledger_head_grows"),
    ("ledger_head", "single", "BEFORE INSERT OR DELETE", "ROW", "ledger_refuse"),
    ("ledger_head", "no_truncate", "BEFORE TRUNCATE", "STATEMENT", "ledger_refuse"),
    *(
        (table, name, event, level, "ledger_refuse")
        for table in ("ledger_entry", "ledger_checkpoint")
        for name, event, level in (
            ("no_change", "BEFORE UPDATE OR DELETE", "ROW"),
            ("no_truncate", "BEFORE TRUNCATE", "STATEMENT"),
        )
    ),
]


def create(apps, schema_editor):
    """Make the tables and what guards them."""
    vendor = schema_editor.connection.vendor
    names = {
        "sqlite": {"index": "integer", "time": "datetime"},
        "postgresql": {"index": "bigint", "time": "timestamp with time zone"},
    }
    if vendor not in names:
        raise NotImplementedError(f"the ledger has no guards for {vendor}")
    for statement in TABLES.format(root=EMPTY_ROOT, **names[vendor]).split(";\n"):
        schema_editor.execute(statement)
    for statement in SQLITE if vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement)
    if vendor == "postgresql":
        for table, name, event, level, function in POSTGRESQL_TRIGGERS:
            trigger = f"{table}_{name}"
            schema_editor.execute(
                f"CREATE TRIGGER {trigger} {event} ON {table} FOR EACH {level} EXECUTE FUNCTION {function}()"
            )
            # Always: also in a session that calls itself a replica to be rid of triggers.
            schema_editor.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {trigger}")


def unmanaged(name, table, ordering, *fields):
    """A model that Django knows and whose table it leaves alone."""
    options = {"db_table": table, "managed": False}
    if ordering:
        options["ordering"] = [ordering]
    return migrations.CreateModel(name=name, fields=list(fields), options=options)


def texts(*names):
    return [(name, models.TextField()) for name in names]


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        unmanaged(
            "Entry",
            "ledger_entry",
            "index",
            ("index", models.BigIntegerField(primary_key=True, serialize=False)),
            *texts("kind", "case_type", "case_id", "by", "organisation", "role"),
            ("at", models.DateTimeField()),
            ("recorded_at", models.DateTimeField()),
            *texts("article", "rules", "from_state", "to_state"),
            ("outcome", models.TextField(choices=[("done", "Done"), ("refused", "Refused")])),
            *texts("payload", "body", "leaf_hash"),
        ),
        unmanaged(
            "Head",
            "ledger_head",
            "",
            ("id", models.SmallIntegerField(primary_key=True, serialize=False)),
            ("size", models.BigIntegerField()),
            *texts("frontier", "root"),
        ),
        unmanaged(
            "Checkpoint",
            "ledger_checkpoint",
            "size",
            ("size", models.BigIntegerField(primary_key=True, serialize=False)),
            *texts("root", "note"),
            ("at", models.DateTimeField()),
        ),
        migrations.RunPython(create),
    ]
