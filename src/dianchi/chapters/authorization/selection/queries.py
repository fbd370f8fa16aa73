"""Questions about selections."""

from __future__ import annotations

from typing import Any

from dianchi.chapters.authorization.selection.lifecycle import State
from dianchi.chapters.authorization.selection.models import Score, Selection
from dianchi.foundation.memberships.experts import ids
from dianchi.kernel.actors import Actor


def scores(case: Selection, actor: Actor) -> list[list[dict[str, Any]]]:
    """The experts' points without their names, once the evaluation is done; before, an expert's own."""
    given = Score.objects.filter(selection=case, person__in=ids(case.experts)).order_by("id")
    if case.state in (State.ANNOUNCED, State.OPENED):
        given = given.filter(person=actor.person)
    return [s.points for s in given]
