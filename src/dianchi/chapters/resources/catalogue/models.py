"""Catalogue items, their editions, and the notices to those who depend on them."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, Self

from django.db import models

from dianchi.chapters.resources.catalogue.lifecycle import CATALOGUE
from dianchi.foundation.cases.models import Case, CaseQuerySet
from dianchi.kernel.actors import ADMINISTRATORS, Actor, Role
from dianchi.kernel.text import Text


class ItemQuerySet(CaseQuerySet):
    """What is published is known to all who take part; drafts to the provider and supervision."""

    def visible_to(self, actor: Actor) -> Self:
        """Published items, one's own, and for the data administration those of its territory."""
        if not actor.roles - ADMINISTRATORS:
            return self.none()
        own = self.seen_by(
            actor,
            territory=frozenset({Role.BUREAU}),
            everywhere=frozenset({Role.AUDITOR}),
            parties={"opened_for": Role.PROVIDER},
        )
        # Whoever was told that it is suspended or gone must be able to read why.
        told = models.Q(pk__in=Notice.objects.filter(organisation=actor.organisation).values("item"))
        return own | self.filter(models.Q(state="published") | told)


class Item(Case):
    """One resource of one department."""

    lifecycle = CATALOGUE
    personal_fields = ("submitted_by",)  # the id of a person: neither recorded nor shown
    # A change in preparation is shown beside the published item, not in it.
    secret_fields = ("submitted_by", "proposal", "proposed_grade", "proposed_basis", "change_stage", "change_reason")
    words: ClassVar[dict[str, Text]] = {
        "proposed_at": Text("变更或撤销提交时间", "Change or withdrawal submitted"),
        "edition": Text("目录版次", "Edition of the catalogue"),
        "withdrawal_asked": Text("已申请撤销", "Withdrawal asked for"),
    }

    summary = models.TextField()
    sector = models.CharField(max_length=40)
    subject_type = models.CharField(max_length=12, default="none")
    subject_column = models.CharField(max_length=64, default="")
    min_subjects = models.PositiveIntegerField(default=0)
    update_frequency = models.CharField(max_length=12)
    attribute = models.CharField(max_length=12)
    ground = models.CharField(max_length=500, default="")
    legal_basis = models.CharField(max_length=500)
    state_secret = models.BooleanField(default=False)
    shared_in = models.BooleanField(default=False)
    sharer_consent = models.CharField(max_length=100, default="")
    industry = models.CharField(max_length=1, default="")
    coverage = models.JSONField(default=list)
    covers_from_on = models.DateField(null=True)
    covers_to_on = models.DateField(null=True)
    format = models.CharField(max_length=12, default="TABLE")
    volume_records = models.PositiveBigIntegerField(null=True)
    volume_bytes = models.PositiveBigIntegerField(null=True)
    source_system = models.CharField(max_length=120, default="")
    sharing = models.CharField(max_length=16, default="CONDITIONAL")
    opening = models.CharField(max_length=16, default="NONE")
    contact = models.CharField(max_length=120, default="")
    quality_statement = models.TextField(default="")
    items = models.JSONField(default=list)
    contract = models.JSONField(default=dict)
    grade = models.CharField(max_length=12, default="")
    grading_basis = models.TextField(default="")
    risk_assessment = models.TextField(default="")
    graded_at = models.DateTimeField(null=True)
    submitted_by = models.CharField(max_length=40, default="")
    reason = models.TextField(default="")
    edition = models.PositiveIntegerField(default=0)
    proposal = models.JSONField(default=dict)  # the draft of a change, beside what is published
    proposed_grade = models.CharField(max_length=12, default="")
    proposed_basis = models.TextField(default="")
    change_reason = models.TextField(default="")
    change_stage = models.CharField(max_length=12, default="")  # "", "draft", "submitted"
    withdrawal_asked = models.BooleanField(default=False)
    proposed_at = models.DateTimeField(null=True)  # since when a change or withdrawal waits for review

    objects = ItemQuerySet.as_manager()

    class Meta:
        db_table = "catalogue_item"
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(state="published")
                | (~models.Q(grade__in=("", "CORE")) & models.Q(state_secret=False)),
                name="published_item_is_graded_not_core_not_secret",
            ),
        )

    @property
    def idle(self) -> bool:
        """On offer, and no change or withdrawal is under way."""
        return self.state in ("published", "suspended") and not (self.change_stage or self.withdrawal_asked)

    def told_also(self, act: str, at: datetime) -> set[str]:
        """The organisations whose cases depend on the item."""
        return set(self.notices.filter(act=act, at=at).values_list("organisation", flat=True))

    @property
    def provider(self) -> str:
        """The department that holds it."""
        return self.opened_for


class Edition(models.Model):
    """What the catalogue said of an item from some moment on; written once."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="editions")
    number = models.PositiveIntegerField()
    content = models.JSONField()
    digest = models.CharField(max_length=64)  # SM3 of the canonical content
    act = models.CharField(max_length=24)
    reason = models.TextField(default="")
    at = models.DateTimeField()

    class Meta:
        db_table = "catalogue_edition"
        constraints = (models.UniqueConstraint(fields=["item", "number"], name="edition_number_once"),)

    def __str__(self) -> str:
        return f"{self.item_id} {self.number}"


class Notice(models.Model):
    """An organisation whose case depends on an item is told of what became of it."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="notices")
    act = models.CharField(max_length=24)
    edition = models.PositiveIntegerField()
    organisation = models.CharField(max_length=18, db_index=True)
    about_type = models.CharField(max_length=40)  # the case that depends on it
    about_code = models.CharField(max_length=40)
    reason = models.TextField(default="")
    at = models.DateTimeField()

    class Meta:
        db_table = "catalogue_notice"
        constraints = (
            models.UniqueConstraint(
                fields=["item", "act", "at", "organisation", "about_type", "about_code"], name="notice_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.item_id} {self.act} {self.organisation}"


class SearchEntry(models.Model):
    """An item as the search finds it: its facets, and its words cut apart. Derived; kept by the same acts."""

    item = models.OneToOneField(Item, on_delete=models.CASCADE, primary_key=True, related_name="search_entry")
    code = models.CharField(max_length=40)
    title = models.CharField(max_length=200)
    provider = models.CharField(max_length=18)
    region = models.CharField(max_length=6)
    sector = models.CharField(max_length=40)
    frequency = models.CharField(max_length=12)
    grade = models.CharField(max_length=12)
    open = models.BooleanField()  # whether anybody may see it without signing in
    changed_at = models.DateTimeField()
    words = models.TextField()

    class Meta:
        db_table = "catalogue_search"
        indexes = (
            # One for each facet: its counts are read off the index alone.
            models.Index(fields=["open", "provider"], name="catalogue_by_provider"),
            models.Index(fields=["open", "region"], name="catalogue_by_region"),
            models.Index(fields=["open", "sector"], name="catalogue_by_sector"),
            models.Index(fields=["open", "frequency"], name="catalogue_by_frequency"),
            models.Index(fields=["open", "grade"], name="catalogue_by_grade"),
            models.Index(fields=["open", "-changed_at", "code"], name="catalogue_search_recent"),
        )

    def __str__(self) -> str:
        return self.code
