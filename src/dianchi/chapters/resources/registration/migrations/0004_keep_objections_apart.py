"""Objections that stand on a registration become rows of their own; applications know when they were complete."""

from django.db import migrations


def keep_apart(apps, schema_editor):
    registrations = apps.get_model("registration", "Registration").objects
    objections = apps.get_model("registration", "Objection").objects
    for case in registrations.exclude(objector="").iterator():
        decided = case.objection_upheld is not None
        objections.create(
            registration=case, number=1, objector=case.objector, person="", organisation="",
            objection=case.objection, evidence=case.objection_evidence or "-", at=case.publicity_from or case.opened_at,
            upheld=case.objection_upheld, answer=case.reason if decided else "",
            decided_at=case.state_since if decided else None,
        )
    for case in registrations.filter(state="applied").iterator():
        case.received_at = case.state_since
        case.save(update_fields=["received_at"])


class Migration(migrations.Migration):

    dependencies = [
        ('registration', '0003_change_correct_and_certify'),
    ]

    operations = [
        migrations.RunPython(keep_apart, migrations.RunPython.noop),
    ]
