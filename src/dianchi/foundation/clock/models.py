"""A store that was made for demonstration says so, for good, in one row."""

from django.db import models


class Demonstration(models.Model):
    """Present only in demonstration stores: how far their clock has been moved ahead, to let statutory days pass."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    ahead = models.DurationField()

    class Meta:
        db_table = "clock_demonstration"
        constraints = (models.CheckConstraint(condition=models.Q(id=1), name="demonstration_is_one_row"),)
