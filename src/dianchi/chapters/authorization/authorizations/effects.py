"""An authorization changes nothing besides its state and what its inputs say."""

from __future__ import annotations

from dianchi.chapters.authorization.authorizations import facts
from dianchi.chapters.authorization.authorizations.lifecycle import AUTHORIZATION
from dianchi.chapters.authorization.authorizations.models import Authorization
from dianchi.foundation.cases.registry import CaseType

CASE = CaseType(AUTHORIZATION, Authorization, facts.gather, prefix="SQ")
