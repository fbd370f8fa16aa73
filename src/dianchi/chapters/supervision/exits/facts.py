"""The facts about an exit."""

from __future__ import annotations

from datetime import datetime

from dianchi.chapters.authorization.agreements.models import Agreement
from dianchi.chapters.operation.contracts.models import Contract
from dianchi.chapters.supervision.corrections.models import Correction
from dianchi.chapters.supervision.exits import standing
from dianchi.chapters.supervision.exits.lifecycle import Closing, Completion, Facts, Notice, State
from dianchi.chapters.supervision.exits.models import Exit
from dianchi.chapters.supervision.exits.steps import BY_NAME
from dianchi.foundation.cases.figures import value
from dianchi.foundation.organisations.queries import organisation
from dianchi.kernel.actors import Actor, Role
from dianchi.kernel.workdays import local_day

_BY_LADDER = {"BREACH", "REFUSAL"}


def gather(case: Exit, by: Actor, at: datetime, inputs: object) -> Facts:
    """Whose exit it is, what is open, and what the record says of the step that is ticked."""
    if isinstance(inputs, Notice):
        return _announced(by, inputs)
    if not case.state:
        return Facts()
    step = BY_NAME.get(inputs.step) if isinstance(inputs, Completion) else None
    seen = {w["person"] for w in case.witnesses}
    return Facts(
        own_notice=case.opened_by == by.person,
        step_known=not isinstance(inputs, Completion) or step is not None,
        step_done=step is not None and getattr(case, step.field) is not None,
        step_ready=step is None or standing.ready(case, step.name, at),
        step=step and step.title,
        shown=step and step.shown,
        independent=by.organisation not in (case.party, case.operator),
        witnessed_already=by.person in seen,
        witnesses=len(seen) >= int(value("exit.witnesses", case.region)),
        stopped=standing.stopped(case, at),
        ordered=case.ordered_at is not None,
        may_destroy=case.ordered_at is not None,
        destroyed=case.destroyed_at is not None,
        open_steps=tuple(s.title for s in case.open_steps),
        out_already=not isinstance(inputs, Closing) or inputs.exited_on <= local_day(at),
    )


def _announced(by: Actor, inputs: Notice) -> Facts:
    if bool(inputs.agreement) == bool(inputs.contract):
        return Facts(one_subject=False)
    correction = Correction.objects.filter(code=inputs.correction).first()
    agreement = Agreement.objects.filter(code=inputs.agreement).first()
    contract = Contract.objects.filter(code=inputs.contract).first()
    parties = {agreement.opened_for, agreement.operator} if agreement else set()
    if contract:
        parties = {contract.operator, contract.developer, contract.agreement.opened_for}
    leaving = agreement.operator if agreement else contract.developer if contract else ""
    climbed = correction is not None and correction.state == "exiting" and correction.party == leaving
    open_already = Exit.objects.filter(agreement=agreement, contract=contract).exclude(state=State.WITHDRAWN)
    return Facts(
        standing=by.plays(Role.BUREAU) or by.organisation in parties,
        already=open_already.exists(),
        ladder=inputs.ground not in _BY_LADDER or climbed,
        receiver=inputs.ground != "DISSOLVED" or (bool(inputs.receiver) and organisation(inputs.receiver) is not None),
    )
