"""Exits."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models

from dianchi.chapters.authorization.agreements.models import Agreement
from dianchi.chapters.operation.contracts.models import Contract
from dianchi.chapters.supervision.corrections.models import Correction
from dianchi.chapters.supervision.exits.lifecycle import EXIT
from dianchi.chapters.supervision.exits.steps import FIELDS, STEPS, Step
from dianchi.foundation.cases.models import Case, CaseQuerySet
from dianchi.kernel.actors import Actor, Role
from dianchi.kernel.text import Text


class ExitQuerySet(CaseQuerySet):
    """The parties of what ends, supervision, and those who may witness."""

    def visible_to(self, actor: Actor) -> Self:
        """A provider sees exits whose data are its own: it may witness their destruction."""
        seen = self.seen_by(actor, territory=frozenset({Role.BUREAU}), everywhere=frozenset({Role.AUDITOR}),
                            parties={"institution": Role.IMPLEMENTER}) | self.seen_by(actor, parties={"operator": Role.OPERATOR})  # fmt: skip
        seen |= self.seen_by(actor, parties={"party": Role.DEVELOPER})
        if Role.PROVIDER in actor.roles:
            seen |= self.filter(pk__in=[e.pk for e in self if actor.organisation in e.providers])
        return seen


class Exit(Case):
    """A party leaves, step by step."""

    lifecycle = EXIT
    list_columns: ClassVar = ("party", "ground")
    personal_fields: ClassVar = ("witnesses",)
    legible: ClassVar = {"witnesses": frozenset(Role)}
    shown_beside: ClassVar = ("evidence", "witnesses", "certificate", "reached", *FIELDS)
    words: ClassVar = {
        **{step.field: step.title for step in STEPS},
        "party": Text("退出单位", "Party that leaves"), "operator": Text("运营机构", "Operator"),
        "institution": Text("实施机构", "Institution"), "providers": Text("数据提供单位", "Providers"),
        "reached": Text("确认时停止的事项", "What stopped on confirmation"), "evidence": Text("事项和证据", "Steps and evidence"),
        "witnesses": Text("见证", "Witnesses"), "certificate": Text("销毁证明", "Certificate of destruction"),
        "ordered_at": Text("下达销毁时间", "Destruction ordered at"), "logs_until": Text("日志留存至", "Logs kept until"),
        "records_until": Text("法定记录留存至", "Records kept until"),
    }  # fmt: skip

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, null=True)
    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, null=True, related_name="+")
    correction = models.ForeignKey(Correction, on_delete=models.PROTECT, null=True)
    party = models.CharField(max_length=18, db_index=True)
    operator = models.CharField(max_length=18, db_index=True)
    institution = models.CharField(max_length=18, db_index=True)
    providers = models.JSONField(default=list)
    ground = models.CharField(max_length=14)
    receiver = models.CharField(max_length=18, default="")
    plan = models.TextField()
    reason = models.TextField(default="")
    reached = models.JSONField(default=list)
    evidence = models.JSONField(default=list)
    witnesses = models.JSONField(default=list)
    ordered_at = models.DateTimeField(null=True)
    certificate = models.JSONField(default=dict)
    logs_until = models.DateField(null=True)
    records_until = models.DateField(null=True)
    frozen_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    access_closed_at = models.DateTimeField(null=True)
    handed_over_at = models.DateTimeField(null=True)
    destroyed_at = models.DateTimeField(null=True)
    retained_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    assets_at = models.DateTimeField(null=True)
    register_at = models.DateTimeField(null=True)
    final_report_at = models.DateTimeField(null=True)
    conclusion = models.TextField(default="")
    exited_on = models.DateField(null=True)

    objects = ExitQuerySet.as_manager()

    class Meta:
        db_table = "exits_exit"
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(state="exited") | models.Q(**{f"{name}__isnull": False for name in FIELDS}),
                name="closed_exit_has_no_open_step",
            ),
            models.CheckConstraint(
                condition=models.Q(agreement__isnull=True, contract__isnull=False)
                | models.Q(agreement__isnull=False, contract__isnull=True),
                name="exit_ends_one_agreement",
            ),
            models.CheckConstraint(
                condition=models.Q(destroyed_at__isnull=True) | models.Q(ordered_at__isnull=False),
                name="destruction_was_ordered",
            ),
            models.UniqueConstraint(
                fields=["agreement"], condition=~models.Q(state="withdrawn"), name="one_exit_of_an_agreement"
            ),
            models.UniqueConstraint(
                fields=["contract"], condition=~models.Q(state="withdrawn"), name="one_exit_of_a_contract"
            ),
        )

    @property
    def subject(self) -> Agreement | Contract:
        """The agreement that ends."""
        ended = self.agreement or self.contract
        assert ended is not None
        return ended

    @property
    def open_steps(self) -> tuple[Step, ...]:
        """The steps that are not done."""
        return tuple(step for step in STEPS if getattr(self, step.field) is None)
