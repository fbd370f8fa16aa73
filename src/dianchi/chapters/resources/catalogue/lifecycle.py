"""Which acts put a resource on the catalogue, grade it, change it and take it off."""

from __future__ import annotations

import dianchi.chapters.resources.catalogue.guards as g
from dianchi.chapters.resources.catalogue.guards import ITEMS, Facts
from dianchi.chapters.resources.catalogue.statements import Change, Grading, Item, Reason
from dianchi.chapters.resources.catalogue.states import State
from dianchi.kernel.actors import Role
from dianchi.kernel.law.articles import cite, default, spec27
from dianchi.kernel.lifecycle import Act, Deadline, Lifecycle, workdays
from dianchi.kernel.text import Text

_PROVIDER, _BUREAU = {Role.PROVIDER}, {Role.BUREAU}
_LAWFUL = (g.is_graded, g.no_secret, g.not_core)
_OFFERED = {State.PUBLISHED, State.SUSPENDED}

CATALOGUE = Lifecycle[Facts](
    "catalogue",
    Text("资源目录", "Catalogue"),
    State,
    (
        Act("draft", Text("编目", "Draft"), _PROVIDER, frozenset(), State.DRAFT, spec27(9, 5), (g.has_a_ground, *ITEMS), Item),
        Act("revise", Text("修改", "Revise"), _PROVIDER, {State.DRAFT, State.SUSPENDED}, None, spec27(9, 5),
            (g.holder_acts, g.has_a_ground, *ITEMS), Item, duty=False),
        Act("grade", Text("分类分级", "Grade"), _PROVIDER, {State.DRAFT, *_OFFERED}, None, cite("DSL", 21),
            (g.holder_acts, g.not_core_in_use, g.only_tightened, g.grade_is_high_enough, g.set_is_graded_highest, *ITEMS), Grading,
            duty=False),
        Act("submit", Text("提交", "Submit"), _PROVIDER, {State.DRAFT}, State.SUBMITTED, spec27(5), (g.holder_acts, *_LAWFUL)),
        Act("publish", Text("审核发布", "Publish"), _BUREAU, {State.SUBMITTED}, State.PUBLISHED, spec27(7), (g.another_person, *_LAWFUL)),
        Act("return", Text("退回", "Return"), _BUREAU, {State.SUBMITTED}, State.DRAFT, spec27(7), (), Reason, duty=False),
        Act("prepare-change", Text("拟订变更", "Prepare a change"), _PROVIDER, {State.PUBLISHED}, None, spec27(9, 5),
            (g.holder_acts, g.change_is_not_under_review, g.has_a_ground, g.not_core_in_use, g.no_secret, g.grade_is_high_enough,
             g.set_is_graded_highest, g.change_differs, *ITEMS), Change, duty=False),
        Act("submit-change", Text("提交变更", "Submit the change"), _PROVIDER, {State.PUBLISHED}, None, spec27(9, 5),
            (g.holder_acts, g.change_is_prepared, g.change_is_not_under_review)),
        Act("drop-change", Text("放弃变更", "Drop the change"), _PROVIDER, {State.PUBLISHED}, None, default(),
            (g.holder_acts, g.change_is_prepared, g.change_is_not_under_review), duty=False),
        Act("approve-change", Text("审核同意变更", "Approve the change"), _BUREAU, {State.PUBLISHED}, None, spec27(7),
            (g.change_is_under_review, g.in_charge, g.another_person, *_LAWFUL)),
        Act("return-change", Text("退回变更", "Return the change"), _BUREAU, {State.PUBLISHED}, None, spec27(7),
            (g.change_is_under_review, g.in_charge), Reason, duty=False),
        Act("suspend", Text("暂停", "Suspend"), {Role.BUREAU, Role.PROVIDER}, {State.PUBLISHED}, State.SUSPENDED, default(), (g.in_charge,),
            Reason, duty=False),
        Act("resume", Text("恢复", "Resume"), _BUREAU, {State.SUSPENDED}, State.PUBLISHED, default(),
            (g.in_charge, g.another_person, *_LAWFUL), Reason, duty=False),
        Act("ask-withdrawal", Text("申请撤销", "Ask for withdrawal"), _PROVIDER, _OFFERED, None, default(),
            (g.holder_acts, g.withdrawal_is_not_asked), Reason, duty=False),
        Act("refuse-withdrawal", Text("不同意撤销", "Refuse the withdrawal"), _BUREAU, _OFFERED, None, default(),
            (g.withdrawal_is_asked, g.in_charge), Reason),
        Act("withdraw", Text("撤销", "Withdraw"), _BUREAU, _OFFERED, State.WITHDRAWN, default(), (g.in_charge, g.another_person),
            Reason, duty=False, final=True),
    ),
    (
        Deadline(State.PUBLISHED, workdays("catalogue.review-days"), default(), Text("审核目录变更或撤销", "Review the change or withdrawal"), _BUREAU,
                 since="proposed_at", also={State.SUSPENDED}),
        Deadline(State.SUBMITTED, workdays("catalogue.review-days"), default(), Text("审核目录", "Review the item"), _BUREAU),
    ),
)  # fmt: skip
