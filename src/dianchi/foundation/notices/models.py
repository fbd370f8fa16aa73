"""Notices, where a person wants them sent, the secret addresses of calendars, and how far the ledger has been told."""

from django.db import models


class Notice(models.Model):
    """One sentence to one person in one capacity; told once, whatever happens to the teller."""

    person = models.CharField(max_length=40)
    organisation = models.CharField(max_length=18)
    key = models.CharField(max_length=120)  # what it is about: "act:1024", "due:7:soon", "end:agreements:XY-…:90"
    kind = models.CharField(max_length=12)
    case_type = models.CharField(max_length=40)
    case_code = models.CharField(max_length=40)
    act = models.CharField(max_length=40, default="")
    article = models.CharField(max_length=40)
    zh = models.CharField(max_length=600)
    en = models.CharField(max_length=900)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "notices_notice"
        indexes = (
            models.Index(fields=["person", "organisation", "-at"], name="notices_of_a_person"),
            models.Index(fields=["mailed_at", "at"], name="notices_to_mail"),
        )
        constraints = (
            models.UniqueConstraint(fields=["person", "organisation", "key"], name="notice_told_once"),
            models.CheckConstraint(
                condition=models.Q(kind__in=("todo", "news", "soon", "overdue", "escalated", "end")),
                name="notice_kind_is_known",
            ),
        )


class Address(models.Model):
    """Where and how a person wants to be written to."""

    person = models.CharField(max_length=40, unique=True)
    email = models.EmailField(max_length=120)
    language = models.CharField(max_length=2, default="zh")
    mode = models.CharField(max_length=6, default="each")
    since = models.DateTimeField()  # nothing older is mailed
    digested_on = models.DateField(null=True)

    class Meta:
        db_table = "notices_address"
        constraints = (
            models.CheckConstraint(condition=models.Q(mode__in=("each", "daily")), name="address_mode_is_known"),
            models.CheckConstraint(condition=models.Q(language__in=("zh", "en")), name="address_language_is_known"),
        )


class Feed(models.Model):
    """A calendar's secret address, kept as its SHA-256; revoked ones stay on record."""

    digest = models.CharField(max_length=64, unique=True)
    person = models.CharField(max_length=40)
    organisation = models.CharField(max_length=18)
    made_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "notices_feed"
        constraints = (
            models.UniqueConstraint(
                fields=["person", "organisation"], condition=models.Q(revoked_at=None), name="one_feed_at_a_time"
            ),
        )


class Told(models.Model):
    """One row: up to which ledger index, and on which day, people have been told."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    index = models.BigIntegerField(default=0)
    ends_on = models.DateField(null=True)  # the day on which what runs out was last told

    class Meta:
        db_table = "notices_told"
        constraints = (models.CheckConstraint(condition=models.Q(id=1), name="told_is_one_row"),)
