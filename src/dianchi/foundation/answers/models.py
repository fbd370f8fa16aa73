"""Questions answered, and the sketches of the cells that were released; no subject and no released value."""

from django.db import models


class Answered(models.Model):
    """A question that was answered to a party; the same question is not compared again."""

    party = models.CharField(max_length=18)
    question = models.CharField(max_length=64)  # digest of plan, parameters, grant and snapshots
    at = models.DateTimeField()

    class Meta:
        db_table = "answers_answered"
        constraints = (models.UniqueConstraint(fields=["party", "question"], name="one_answer_per_question"),)


class Remembered(models.Model):
    """The sketches of one answer over one table with its snapshot."""

    party = models.CharField(max_length=18)
    table = models.CharField(max_length=240)
    sketches = models.BinaryField()
    cells = models.PositiveIntegerField()

    class Meta:
        db_table = "answers_remembered"
        indexes = (models.Index(fields=["party", "table"], name="remembered_by_table"),)
