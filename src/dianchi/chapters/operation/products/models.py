"""Products."""

from __future__ import annotations

from typing import Any, Self

from django.db import models

from dianchi.chapters.operation.products import kinds
from dianchi.chapters.operation.products.lifecycle import PRODUCT, QUERY, SETTINGS, State
from dianchi.chapters.operation.requests.models import Request
from dianchi.foundation.cases.models import Case, CaseQuerySet
from dianchi.kernel.actors import ADMINISTRATORS, Actor, Role


class ProductQuerySet(CaseQuerySet):
    """A product is its parties' until it is listed; then everybody in business may choose it."""

    def visible_to(self, actor: Actor) -> Self:
        """Developer, operator, implementing institution, officials of the territory; listed ones are for all."""
        seen = self.seen_by(
            actor, territory=frozenset({Role.BUREAU, Role.AUTHORIZER}), everywhere=frozenset({Role.AUDITOR}),
            parties={"operator": Role.OPERATOR, "developer": Role.DEVELOPER, "implementer": Role.IMPLEMENTER},
        )  # fmt: skip
        return seen if actor.roles <= ADMINISTRATORS else seen | self.filter(state__in=(State.LISTED, State.DELISTED))


class Product(Case):
    """A governed query with its parameters, reviewed and delivered as one edition."""

    lifecycle = PRODUCT

    operator = models.CharField(max_length=18, db_index=True)
    developer = models.CharField(max_length=18, db_index=True)
    implementer = models.CharField(max_length=18, db_index=True)
    request = models.ForeignKey(Request, on_delete=models.PROTECT)
    slug = models.CharField(max_length=60, unique=True)
    purpose = models.CharField(max_length=20)  # that of the request
    summary = models.TextField()
    sql = models.TextField()
    parameters = models.JSONField(default=list)
    kind = models.CharField(max_length=16, default=QUERY)
    subject_parameter = models.CharField(max_length=40, default="", blank=True)  # of a verification: who is verified
    own_columns = models.JSONField(default=list, blank=True)  # of a fusion call: the caller's table
    model_digest = models.CharField(max_length=64, default="", blank=True)  # of a scoring: SHA-256 of its ONNX file
    tolerances = models.JSONField(default=list, blank=True)  # of a bulk set: by how much a column's cells may be marked
    totals = models.JSONField(default=list, blank=True)  # of a bulk set: columns over whose groups sums stay
    source_statement = models.TextField()
    edition = models.PositiveIntegerField(default=0)  # grows with every change
    plan_digest = models.CharField(
        max_length=64
    )  # SM3 of query, parameters and policy as last compiled by the developer
    approved_digest = models.CharField(max_length=64, blank=True)  # the one that was reviewed
    submitted_by = models.CharField(max_length=40, blank=True)
    reason = models.TextField(blank=True)

    objects = ProductQuerySet.as_manager()

    class Meta:
        db_table = "products_product"
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(state="listed") | models.Q(approved_digest=models.F("plan_digest")),
                name="product_listed_as_reviewed",
            ),
        )

    @property
    def settings(self) -> dict[str, Any]:
        """What the kind asks for beside the query."""
        return {name: getattr(self, name) for name in SETTINGS}

    @property
    def written(self) -> kinds.Written:
        """What is compiled, reviewed and run."""
        return kinds.Written(self.sql, tuple(self.parameters), self.kind, self.settings)
