"""The index of the search: an FTS5 table kept by triggers on SQLite, a GIN index over the words on PostgreSQL."""

from django.db import migrations

SQLITE = (
    "CREATE VIRTUAL TABLE catalogue_search_words USING fts5("
    "words, content='catalogue_search', content_rowid='item_id', tokenize='unicode61 remove_diacritics 0')",
    "CREATE TRIGGER catalogue_search_added AFTER INSERT ON catalogue_search BEGIN "
    "INSERT INTO catalogue_search_words(rowid, words) VALUES (new.item_id, new.words); END",
    "CREATE TRIGGER catalogue_search_dropped AFTER DELETE ON catalogue_search BEGIN "
    "INSERT INTO catalogue_search_words(catalogue_search_words, rowid, words) "
    "VALUES ('delete', old.item_id, old.words); END",
    "CREATE TRIGGER catalogue_search_changed AFTER UPDATE ON catalogue_search BEGIN "
    "INSERT INTO catalogue_search_words(catalogue_search_words, rowid, words) "
    "VALUES ('delete', old.item_id, old.words); "
    "INSERT INTO catalogue_search_words(rowid, words) VALUES (new.item_id, new.words); END",
)
POSTGRESQL = (
    "CREATE INDEX catalogue_search_words ON catalogue_search "
    "USING gin (array_to_tsvector(string_to_array(words, ' ')))",
)
UNDO = {
    "sqlite": (
        "DROP TRIGGER catalogue_search_added", "DROP TRIGGER catalogue_search_dropped",
        "DROP TRIGGER catalogue_search_changed", "DROP TABLE catalogue_search_words",
    ),
    "postgresql": ("DROP INDEX catalogue_search_words",),
}


def make(apps, schema_editor):
    statements = {"sqlite": SQLITE, "postgresql": POSTGRESQL}[schema_editor.connection.vendor]
    for statement in statements:
        schema_editor.execute(statement, params=None)


def undo(apps, schema_editor):
    for statement in UNDO[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0002_editions_and_search'),
    ]

    operations = [
        migrations.RunPython(make, undo),
    ]
