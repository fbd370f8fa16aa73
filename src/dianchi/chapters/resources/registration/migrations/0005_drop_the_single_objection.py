from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('registration', '0004_keep_objections_apart'),
    ]

    operations = [
        migrations.RemoveField(
            model_name='registration',
            name='objection',
        ),
        migrations.RemoveField(
            model_name='registration',
            name='objection_evidence',
        ),
        migrations.RemoveField(
            model_name='registration',
            name='objection_upheld',
        ),
        migrations.RemoveField(
            model_name='registration',
            name='objector',
        ),
    ]
