"""Which acts handle an incident, and by when."""

from __future__ import annotations

from dataclasses import dataclass

from dianchi.chapters.supervision.incidents.inputs import (
    Clue,
    Containment,
    Discovery,
    Freezing,
    Grading,
    Notice,
    Reason,
    Recovery,
    Report,
    Summary,
    Supplement,
    Upward,
)
from dianchi.kernel.actors import Role
from dianchi.kernel.errors import Refusal
from dianchi.kernel.law.articles import cite
from dianchi.kernel.lifecycle import Act, CaseState, Deadline, Guard, Lifecycle, Tone, days, hours
from dianchi.kernel.text import Text


class State(CaseState):
    """The clocks run from discovery, whatever the state."""

    DETECTED = "detected", Text("待定级", "To be graded"), Tone.STOPPED
    TRIAGED = "triaged", Text("处置中", "Being handled"), Tone.STOPPED
    REPORTED = "reported", Text("已报告、处置中", "Reported, being handled"), Tone.STOPPED
    RECOVERED = "recovered", Text("已恢复、待总结", "Recovered, to be summed up"), Tone.WAITING
    SUMMARISED = "summarised", Text("待结案", "To be closed"), Tone.WAITING
    CLOSED = "closed", Text("已结案", "Closed"), Tone.FORCE
    DISMISSED = "dismissed", Text("经核不属事件", "No incident"), Tone.DRAFT


@dataclass(frozen=True)
class Facts:
    """What the guards ask."""

    yours: bool = True  # the actor's unit is concerned, or the actor supervises
    own_unit: bool = True  # the unit named is the actor's, or the actor supervises
    known_unit: bool = True
    past: bool = True  # it was not discovered in the future
    grade_covers_people: bool = True
    contained: bool = True
    contained_already: bool = False
    report_missing: bool = False  # it must be reported and is not
    persons_untold: bool = False  # persons must be told and are not
    told_already: bool = False
    notice_given: bool = True  # a notice, or a ground why none is needed
    exemption_barred: bool = False  # the administration has ordered that persons be told
    must_forward: bool = True
    late_unexplained: bool = False
    own_summary: bool = False
    personal: bool = True


_NDR11, _CER4, _CER8, _PIPL57 = cite("NDR", 11), cite("CER", 4), cite("CER", 8), cite("PIPL", 57)

the_unit_itself = Guard[Facts](
    lambda f: f.yours,
    Refusal("incidents.not-your-incident", Text("只有涉事单位和监管部门可以办理", "Only the unit concerned and supervision handle it"), _NDR11,
            Text("请由涉事单位办理", "Let the unit concerned do it")),
)  # fmt: skip
names_its_own_unit = Guard[Facts](
    lambda f: f.own_unit,
    Refusal("incidents.another-unit", Text("只有监管部门可以登记其他单位的事件", "Only supervision records another unit's incident"), _NDR11,
            Text("请留空涉事单位，或向数据管理部门反映", "Leave the unit empty, or tell the data administration"), field="unit"),
    on_inputs=True,
)  # fmt: skip
unit_is_known = Guard[Facts](
    lambda f: f.known_unit,
    Refusal("incidents.unit-unknown", Text("涉事单位未在平台登记", "The unit is not on record"), _NDR11,
            Text("请核对统一社会信用代码", "Check its code"), field="unit"),
    on_inputs=True,
)  # fmt: skip
discovered_already = Guard[Facts](
    lambda f: f.past,
    Refusal("incidents.discovered-in-the-future", Text("发现时间不能晚于现在", "It cannot be discovered in the future"), _CER4,
            Text("请填写实际发现的时间", "Enter when it was in fact discovered"), field="discovered_at"),
    on_inputs=True,
)  # fmt: skip
grade_covers_the_people = Guard[Facts](
    lambda f: f.grade_covers_people,
    Refusal("incidents.graded-too-low", Text("影响人数已达到更高的事件级别", "So many people make it a higher grade"), cite("CER"),
            Text("请按影响人数定级", "Grade it by the people affected"), ("E22",), "grade"),
    on_inputs=True,
)  # fmt: skip
not_yet_contained = Guard[Facts](
    lambda f: not f.contained_already,
    Refusal("incidents.contained-already", Text("已记录控制措施", "Containment is on record already"), _NDR11),
)  # fmt: skip
is_contained = Guard[Facts](
    lambda f: f.contained,
    Refusal("incidents.not-contained", Text("尚未记录防止危害扩大的措施", "No containment is on record"), _NDR11,
            Text("请先关停有关对象并记录控制措施", "Shut what is concerned and record the containment first")),
)  # fmt: skip
is_reported = Guard[Facts](
    lambda f: not f.report_missing,
    Refusal("incidents.not-reported", Text("该事件应当报告而尚未报告", "It must be reported and is not"), _CER4,
            Text("请先提交报告", "Report it first"), ("R70",)),
)  # fmt: skip
persons_are_told = Guard[Facts](
    lambda f: not f.persons_untold,
    Refusal("incidents.persons-not-told", Text("涉及个人信息，尚未告知个人", "Personal information is concerned and nobody was told"), _PIPL57,
            Text("请先告知个人，或说明已有效避免危害", "Tell the persons first, or say why harm is avoided")),
)  # fmt: skip
not_yet_told = Guard[Facts](
    lambda f: not f.told_already,
    Refusal("incidents.told-already", Text("已记录告知情况", "Notice is on record already"), _PIPL57),
)  # fmt: skip
persons_are_concerned = Guard[Facts](
    lambda f: f.personal,
    Refusal("incidents.no-persons", Text("该事件不涉及个人信息", "No personal information is concerned"), _PIPL57,
            Text("如涉及请先重新定级", "Grade it anew if it is")),
)  # fmt: skip
notice_is_given = Guard[Facts](
    lambda f: f.notice_given,
    Refusal("incidents.notice-empty", Text("请填写告知内容，或者免予告知的理由", "Enter the notice, or why none is needed"), _PIPL57, field="notice"),
    on_inputs=True,
)  # fmt: skip
exemption_is_open = Guard[Facts](
    lambda f: not f.exemption_barred,
    Refusal("incidents.notice-ordered", Text("数据管理部门已要求告知个人", "The administration has ordered that persons be told"), _PIPL57,
            Text("请填写告知内容", "Enter the notice"), field="exemption"),
    on_inputs=True,
)  # fmt: skip
passes_upward = Guard[Facts](
    lambda f: f.must_forward,
    Refusal("incidents.nothing-to-forward", Text("只有重大以上事件须向上级报告，且只报一次", "Only major incidents are passed upward, and once"), _CER4,
            rules=("E19",)),
)  # fmt: skip
lateness_is_explained = Guard[Facts](
    lambda f: not f.late_unexplained,
    Refusal("incidents.late-unexplained", Text("已超过法定时限，须说明逾期原因", "The time limit has passed; say why"), _CER4,
            Text("请填写逾期原因，并立即提交", "Enter the reason and submit at once"), ("R70",), "late_reason"),
    on_inputs=True,
)  # fmt: skip
summary_is_in_time = Guard[Facts](
    lambda f: not f.late_unexplained,
    Refusal("incidents.summary-late-unexplained", Text("总结报告已超过三十日，须说明逾期原因", "The summary is past thirty days; say why"), _CER8,
            Text("请填写逾期原因，并立即提交", "Enter the reason and submit at once"), ("R70",), "late_summary"),
    on_inputs=True,
)  # fmt: skip
another_person = Guard[Facts](
    lambda f: not f.own_summary,
    Refusal("incidents.own-summary", Text("不能对自己提交的总结结案", "You cannot close on your own summary"), cite("GBT22239"),
            Text("请由另一名人员结案", "Another person must close it"), ("R66",)),
)  # fmt: skip

PARTIES = frozenset({Role.OPERATOR, Role.DEVELOPER, Role.IMPLEMENTER, Role.PROVIDER})
SUPERVISORS = frozenset({Role.BUREAU, Role.SECURITY_ADMIN})
_ALL = PARTIES | SUPERVISORS
_SHUTTERS = {Role.SECURITY_ADMIN, Role.BUREAU, Role.OPERATOR}
_OPEN = {State.DETECTED, State.TRIAGED, State.REPORTED}
_HANDLED = {State.TRIAGED, State.REPORTED}
_TOLD = _HANDLED | {State.RECOVERED}


def _report(parameter: str, clock: str, when: str) -> Deadline:
    """Runs from discovery until it is reported; until it is graded it runs as if it had to be."""
    article = cite("NDR", 10) if clock == "E21" else _CER4
    return Deadline(State.DETECTED, hours(parameter), article, Text("向主管部门报告事件", "Report the incident"), _ALL,
                    clock=clock, since="discovered_at", when=when, also=frozenset({State.TRIAGED}))  # fmt: skip


def _upward(parameter: str, when: str) -> Deadline:
    return Deadline(State.REPORTED, hours(parameter), _CER4, Text("重大以上事件向上级报告", "Pass a major incident upward"), {Role.BUREAU},
                    clock="E19", since="major_since", when=when)  # fmt: skip


INCIDENT = Lifecycle[Facts](
    "incidents",
    Text("安全事件", "Incidents"),
    State,
    (
        Act("discover", Text("登记事件", "Record"), _ALL, frozenset(), State.DETECTED, _NDR11,
            (names_its_own_unit, unit_is_known, discovered_already), Discovery,
            help=Text("立即登记，情况不清的可以先登记后补充", "Record at once; what is not clear yet follows")),
        Act("freeze", Text("一键关停", "Shut at once"), _SHUTTERS, _OPEN, None, _NDR11, (), Freezing, duty=False, sensitive=True,
            help=Text("立即停止有关产品、开发主体、资源或全部出口的交付", "Deliveries of the product, developer, resource or whole gate stop at once")),
        Act("triage", Text("定级", "Grade"), _ALL, {State.DETECTED, State.TRIAGED}, State.TRIAGED, _CER4,
            (the_unit_itself, grade_covers_the_people), Grading),
        Act("regrade", Text("调整级别", "Grade anew"), _ALL, {State.REPORTED}, None, _CER4, (the_unit_itself, grade_covers_the_people), Grading,
            duty=False),
        Act("contain", Text("记录控制措施", "Record containment"), _ALL, _OPEN, None, _NDR11, (the_unit_itself, not_yet_contained), Containment),
        Act("report", Text("提交报告", "Report"), _ALL, {State.TRIAGED}, State.REPORTED, _CER4, (the_unit_itself, lateness_is_explained), Report,
            document=Text("网络安全事件报告", "Incident report"),
            help=Text("情况不清的先报基本情况和影响，其余随后补充", "Basics and impact first; the rest may follow")),
        Act("supplement", Text("补充报告", "Supplement"), _ALL, {State.REPORTED, State.RECOVERED}, None, cite("CER", 7), (the_unit_itself,),
            Supplement, duty=False),
        Act("forward", Text("向上级报告", "Pass upward"), {Role.BUREAU}, {State.REPORTED}, None, _CER4, (passes_upward,), Upward),
        Act("notify", Text("告知个人", "Tell the persons"), _ALL, _TOLD, None, _PIPL57,
            (the_unit_itself, persons_are_concerned, not_yet_told, notice_is_given, exemption_is_open), Notice),
        Act("order-notice", Text("责令告知个人", "Order notice"), {Role.BUREAU}, _TOLD, None, _PIPL57, (persons_are_concerned,), Reason,
            duty=False, help=Text("可能造成危害的，要求通知个人；此前的免予告知作废", "Where harm is possible; an earlier exemption is void")),
        Act("transfer", Text("移送线索", "Hand over a clue"), _ALL, {*_OPEN, State.RECOVERED, State.SUMMARISED}, None, _NDR11, (the_unit_itself,), Clue,
            duty=False),
        Act("recover", Text("恢复运行", "Recover"), _ALL, _HANDLED, State.RECOVERED, _NDR11,
            (the_unit_itself, is_contained, is_reported, persons_are_told), Recovery),
        Act("summarise", Text("提交总结", "Sum up"), _ALL, {State.RECOVERED}, State.SUMMARISED, _CER8,
            (the_unit_itself, persons_are_told, summary_is_in_time),
            Summary, document=Text("网络安全事件总结报告", "Incident summary")),
        Act("close", Text("结案", "Close"), {Role.BUREAU}, {State.SUMMARISED}, State.CLOSED, _CER8, (another_person,), Reason),
        Act("return", Text("退回补充", "Return"), {Role.BUREAU}, {State.SUMMARISED}, State.RECOVERED, _CER8, (), Reason, duty=False),
        Act("dismiss", Text("排除事件", "Dismiss"), {Role.BUREAU, Role.SECURITY_ADMIN}, {State.DETECTED}, State.DISMISSED, _NDR11, (), Reason,
            duty=False, final=True),
    ),
    (
        _report("incident.report-hours-critical", "E17", "critical_clock"),
        _report("incident.report-hours-central", "E18", "central_clock"),
        _report("incident.report-hours", "E16", "ordinary_clock"),
        _report("incident.flaw-hours", "E21", "flaw_clock"),
        _upward("incident.upward-hours-protection", "protection_upward"),
        _upward("incident.upward-hours-province", "province_upward"),
        _upward("incident.upward-hours-central", "central_upward"),
        Deadline(State.RECOVERED, days("incident.summary-days"), _CER8, Text("提交总结报告", "Submit the summary"), _ALL, clock="E20",
                 since="handled_at"),
    ),
)  # fmt: skip
