"""Verification: match or no match, on consent or another legal basis that each call shows, never enough to probe."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

import pyarrow as pa

from dianchi.chapters.operation.orders import probes
from dianchi.foundation.cases.figures import value
from dianchi.foundation.ledger import person_hash
from dianchi.gate.kinds.values import Call, Outcome, Runs
from dianchi.kernel.errors import Invalid, Refusal, RuleBroken
from dianchi.kernel.law.articles import cite, spec27
from dianchi.kernel.text import Text
from dianchi.kernel.workdays import local_day

CONSENT, CONSENT_UNTIL, BASIS = "_consent", "_consent_until", "_basis"
# The grounds of PIPL 13 other than consent, with the text that names the duty or law.
_BASIS = re.compile(r"(contract|duty|emergency|news|published|law):.{4,200}", re.DOTALL)
_DIGEST = re.compile(r"[0-9a-f]{64}")

NO_GROUND = Refusal(
    "gate.no-consent-or-basis",
    Text("核验须随每次调用提供个人同意凭证或其他合法依据", "Each verification shows the person's consent or another legal basis"),
    cite("PIPL", 13),
    Text("请给出同意凭证的摘要和有效期，或写明依据的类别与条款", "Give the consent's digest and its end, or the kind of basis with its text"),
    ("R46", "R47"), CONSENT,
)  # fmt: skip
CONSENT_PAST = Refusal(
    "gate.consent-expired", Text("个人同意已过有效期", "The person's consent has expired"), cite("PIPL", 15),
    Text("请重新取得同意", "Ask the person again"), ("R46",), CONSENT_UNTIL,
)  # fmt: skip
PROBING_SUBJECT = Refusal(
    "gate.probing-subject",
    Text("对同一主体的核验次数超过每日上限，疑为试探", "The same subject was verified too often today; this looks like probing"),
    spec27(21), Text("请于次日再试，或向运营机构说明", "Try tomorrow, or explain it to the operator"), ("R50",),
)  # fmt: skip
PROBING_HITS = Refusal(
    "gate.probing-hit-rate",
    Text("核验命中率过低，疑为批量试探，已停止", "Too few verifications match; this looks like enumeration and was stopped"),
    spec27(21), Text("请向运营机构说明后由其恢复", "Explain it to the operator"), ("R50",),
)  # fmt: skip


def answer(call: Call, runs: Runs) -> Outcome:
    """One row: whether anything matched. The attempt counts before it runs, so that a lost answer is no free try."""
    ground = _ground(call)
    bound = call.bound()
    subject = person_hash(str(bound[call.settings["subject_parameter"]]))
    day = local_day(call.at)
    _refuse_probing(call, probes.tried(call.order.id, day, subject))
    hit = runs.run(bound).num_rows > 0
    if hit:
        probes.hit(call.order.id, day, subject)
    table = pa.table({"match": pa.array([hit], pa.bool_())})
    return Outcome(table, hit=hit, recorded={"ground": ground, "subject": subject})


def _ground(call: Call) -> Mapping[str, str]:
    """On what the call rests, for the record: the consent's digest and end, or the basis as a digest."""
    given = call.reserved
    consent, basis = given.get(CONSENT, ""), given.get(BASIS, "")
    if _DIGEST.fullmatch(consent):
        try:
            until = date.fromisoformat(given.get(CONSENT_UNTIL, ""))
        except ValueError:
            raise Invalid(NO_GROUND) from None
        if until < local_day(call.at):
            raise RuleBroken(CONSENT_PAST)
        return {"consent": consent, "until": until.isoformat()}
    if _BASIS.fullmatch(basis):
        kind, _, text = basis.partition(":")
        return {"basis": kind, "text": text.strip()}
    raise RuleBroken(NO_GROUND)


def _refuse_probing(call: Call, seen: probes.Seen) -> None:
    if seen.of_subject > int(value("gate.verifications-per-subject", call.order.region)):
        raise RuleBroken(PROBING_SUBJECT)
    enough = seen.of_order > int(value("gate.verifications-before-hit-rate", call.order.region))
    if enough and seen.hits * 100 < int(value("gate.least-hit-percent", call.order.region)) * seen.of_order:
        raise RuleBroken(PROBING_HITS)
