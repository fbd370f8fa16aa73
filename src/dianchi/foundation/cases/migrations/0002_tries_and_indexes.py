"""When time last tried an act in vain, and which ledger entry an idempotent request was answered with."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial")]

    operations = [
        migrations.AddField("due", "tried_at", models.DateTimeField(null=True)),
        migrations.AddField("idempotencykey", "ledger_index", models.BigIntegerField(default=-1)),
    ]
