"""Which document belongs to which case."""

from django.db import models


class Document(models.Model):
    """A file of a case: attached by somebody, or issued by an act."""

    case_type = models.CharField(max_length=40)
    case_code = models.CharField(max_length=40)
    act = models.CharField(max_length=40)
    title = models.CharField(max_length=200)
    file_name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sm3 = models.CharField(max_length=64)
    sha256 = models.CharField(max_length=64)
    entry = models.BigIntegerField(null=True)  # ledger index of the act whose official document it is
    added_by = models.CharField(max_length=40)
    added_at = models.DateTimeField()

    class Meta:
        db_table = "documents_document"
        indexes = (models.Index(fields=["case_type", "case_code"]),)
        constraints = (
            models.UniqueConstraint(
                fields=["case_type", "case_code", "act", "sm3"], name="document_once_per_case_and_act"
            ),
        )
