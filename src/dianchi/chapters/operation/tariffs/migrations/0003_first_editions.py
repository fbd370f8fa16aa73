"""Prices that were published before are the first edition of their product's."""

from django.db import migrations


def first_editions(apps, schema_editor):
    tariff, edition = apps.get_model("tariffs", "Tariff"), apps.get_model("tariffs", "Edition")
    for one in tariff.objects.filter(state="priced").order_by("id"):
        edition.objects.create(
            tariff=one.code, product_id=one.product_id, number=1, published_at=one.priced_at or one.opened_at, unit=one.unit,
            terms={"charge": "PER_UNIT", "price_fen": one.price_fen, "lot": 1, "blocks": [], "included": 0, "over_fen": 0,
                   "span": "MONTH", "discounts": []},
        )


class Migration(migrations.Migration):

    dependencies = [("tariffs", "0002_kinds_of_charge")]

    operations = [migrations.RunPython(first_editions, migrations.RunPython.noop)]
