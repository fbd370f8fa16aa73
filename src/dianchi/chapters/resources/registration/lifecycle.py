"""Which acts register a resource or a product: apply, accept, examine, publicize, code, change, correct, renew, end."""

from __future__ import annotations

import dianchi.chapters.resources.registration.guards as g
import dianchi.chapters.resources.registration.statements as said
from dianchi.chapters.resources.registration.guards import Facts
from dianchi.chapters.resources.registration.states import ANYBODY, CODED, HOLDERS, IN_FORCE, MAKERS, State
from dianchi.kernel.actors import Role
from dianchi.kernel.law.articles import default, reg26
from dianchi.kernel.lifecycle import Act, Deadline, Lifecycle, days, workdays
from dianchi.kernel.text import Text

_REGISTRAR = {Role.REGISTRAR}
_REGISTRANTS = HOLDERS | MAKERS
COMPETENT = (g.registrar_is_independent, g.in_own_territory)
ON_RECORD = (*COMPETENT, g.record_is_untouched)
CERTIFICATE = Text("登记凭证", "Registration certificate")

REGISTRATION = Lifecycle[Facts](
    "registration",
    Text("登记", "Registrations"),
    State,
    (
        Act("apply", Text("申请登记", "Apply"), _REGISTRANTS, frozenset(), State.APPLIED, reg26(9),
            (g.object_fits_the_applicant, g.object_is_catalogued, g.own_object, g.evidence_is_preserved, g.materials_are_complete,
             g.commitment_is_given, g.joint_is_stated, g.term_is_stated, g.one_registration),
            said.Application),
        Act("join", Text("确认共同登记", "Confirm the joint application"), _REGISTRANTS, {State.APPLIED, State.SUPPLEMENT}, None, reg26(7),
            (g.is_invited,)),
        Act("accept", Text("受理", "Accept"), _REGISTRAR, {State.APPLIED}, State.ACCEPTED, reg26(10), (*COMPETENT, g.all_have_confirmed)),
        Act("supplement", Text("退回补正", "Ask to supplement"), _REGISTRAR, {State.APPLIED}, State.SUPPLEMENT, reg26(10),
            (*COMPETENT, g.told_once), said.Supplement, duty=False),
        Act("resubmit", Text("补正后提交", "Resubmit"), _REGISTRANTS, {State.SUPPLEMENT}, State.APPLIED, reg26(10),
            (g.registrant_acts,), said.Resubmission),
        Act("decline", Text("不予受理", "Decline"), _REGISTRAR, {State.APPLIED}, State.REFUSED, reg26(10),
            COMPETENT, said.Reason, duty=False, final=True),
        Act("consult", Text("提请专家评审", "Ask experts"), _REGISTRAR, {State.ACCEPTED}, State.EXPERT, reg26(11),
            COMPETENT, said.Reason, duty=False),
        Act("resume", Text("评审结束", "Experts have answered"), _REGISTRAR, {State.EXPERT}, State.ACCEPTED, reg26(11),
            COMPETENT, said.Opinion),
        Act("pass-review", Text("审核通过并公示", "Pass and publicize"), _REGISTRAR, {State.ACCEPTED}, State.PUBLICITY, reg26(11),
            (*COMPETENT, g.four_contents, g.operation_goes_on)),
        Act("fail-review", Text("审核不通过", "Fail"), _REGISTRAR, {State.ACCEPTED}, State.REFUSED, reg26(11),
            COMPETENT, said.Reason, duty=False, final=True),
        Act("object", Text("提出异议", "Object"), ANYBODY, {State.PUBLICITY, State.OBJECTION}, State.OBJECTION, reg26(12),
            (g.publicity_runs, g.real_name, g.with_evidence), said.Objection, duty=False, sensitive=True),
        Act("answer", Text("逐件答复异议", "Answer one objection"), _REGISTRAR, {State.OBJECTION}, None, reg26(12),
            (*COMPETENT, g.one_of_several), said.Answer, duty=False),
        Act("uphold", Text("异议成立", "Uphold"), _REGISTRAR, {State.OBJECTION}, State.REFUSED, reg26(12),
            COMPETENT, said.Reason, final=True),
        Act("dismiss", Text("异议不成立", "Dismiss"), _REGISTRAR, {State.OBJECTION}, State.PUBLICITY, reg26(12),
            COMPETENT, said.Reason),
        Act("code", Text("赋码", "Issue the code"), {Role.SYSTEM, Role.REGISTRAR}, {State.PUBLICITY, State.OBJECTION}, State.REGISTERED,
            reg26(13), (*COMPETENT, g.four_contents, g.publicity_is_over, g.no_objection, g.operation_goes_on), document=CERTIFICATE),
        Act("apply-change", Text("申请变更", "Apply for a change"), _REGISTRANTS, {State.REGISTERED}, State.CHANGING, reg26(9, 2),
            (g.registrant_acts, g.something_new, g.evidence_is_preserved), said.Change, duty=False),
        Act("change", Text("准予变更", "Change"), _REGISTRAR, {State.CHANGING}, State.REGISTERED, reg26(9, 2),
            (*ON_RECORD, g.operation_goes_on), document=CERTIFICATE),
        Act("refuse-change", Text("不予变更", "Refuse the change"), _REGISTRAR, {State.CHANGING}, State.REGISTERED, reg26(9, 2),
            COMPETENT, said.Reason, duty=False),
        Act("apply-correction", Text("申请更正", "Apply for a correction"), ANYBODY, {State.REGISTERED}, State.CORRECTING, reg26(9, 3),
            (g.something_new, g.correction_is_based, g.evidence_is_preserved), said.Correction, duty=False),
        Act("correct", Text("予以更正", "Correct"), _REGISTRAR, {State.CORRECTING}, State.REGISTERED, reg26(9, 3), ON_RECORD,
            document=CERTIFICATE),
        Act("refuse-correction", Text("不予更正", "Refuse the correction"), _REGISTRAR, {State.CORRECTING}, State.REGISTERED, reg26(9, 3),
            COMPETENT, said.Reason, duty=False),
        Act("apply-renewal", Text("申请续期", "Apply for renewal"), _REGISTRANTS, {State.REGISTERED}, State.RENEWING, reg26(15),
            (g.registrant_acts, g.renewal_window, g.term_is_stated), said.Renewal),
        Act("renew", Text("准予续期", "Renew"), _REGISTRAR, {State.RENEWING}, State.REGISTERED, reg26(15),
            (*ON_RECORD, g.operation_goes_on), document=CERTIFICATE),
        Act("refuse-renewal", Text("不予续期", "Refuse the renewal"), _REGISTRAR, {State.RENEWING}, State.REGISTERED, reg26(15),
            COMPETENT, said.Reason, duty=False),
        Act("apply-cancellation", Text("申请注销", "Apply for cancellation"), _REGISTRANTS, {State.REGISTERED}, State.CANCELLING,
            reg26(9, 4), (g.registrant_acts,), said.Cancellation, duty=False),
        Act("cancel", Text("注销", "Cancel"), _REGISTRAR, {State.CANCELLING}, State.CANCELLED, reg26(9, 4), COMPETENT, final=True),
        Act("refuse-cancellation", Text("不予注销", "Refuse the cancellation"), _REGISTRAR, {State.CANCELLING}, State.REGISTERED,
            reg26(9, 4), COMPETENT, said.Reason, duty=False),
        Act("revoke", Text("撤销登记", "Revoke"), _REGISTRAR, set(IN_FORCE), State.REVOKED, reg26(20), COMPETENT, said.Revocation,
            duty=False, final=True),
        Act("expire", Text("期满失效", "Expire"), {Role.REGISTRAR, Role.SYSTEM}, {State.REGISTERED, State.RENEWING}, State.EXPIRED,
            reg26(15), (g.past_validity,), duty=False, final=True),
        Act("receipt", Text("登记平台回执", "Keep a platform's receipt"), _REGISTRAR,
            {State.PUBLICITY, State.OBJECTION, State.REFUSED, *CODED}, None, reg26(14), (g.in_own_territory, g.record_was_reported),
            said.Receipt, duty=False),
    ),
    (
        Deadline(State.APPLIED, workdays("registration.acceptance-days"), reg26(10), Text("受理", "Accept"), _REGISTRAR, clock="E1",
                 since="received_at"),
        Deadline(State.ACCEPTED, workdays("registration.form-review-days"), reg26(11), Text("形式审核", "Form review"), _REGISTRAR,
                 clock="E2", pauses={State.EXPERT}),
        Deadline(State.PUBLICITY, workdays("registration.publicity-days"), reg26(12), Text("公示期满赋码", "Code after publicity"),
                 _REGISTRAR, then="code", clock="E3", since="publicity_from", also={State.OBJECTION}),
        Deadline(State.OBJECTION, workdays("registration.objection-days"), default(), Text("处理异议", "Decide the objection"), _REGISTRAR),
        *(Deadline(state, workdays("registration.form-review-days"), reg26(11), asks, _REGISTRAR, clock="E2")
          for state, asks in ((State.CHANGING, Text("审核变更", "Examine the change")),
                              (State.CORRECTING, Text("审核更正", "Examine the correction")),
                              (State.RENEWING, Text("审核续期", "Examine the renewal")))),
        Deadline(State.CANCELLING, workdays("registration.cancellation-days"), reg26(9, 4), Text("办理注销", "Cancel"), _REGISTRAR,
                 clock="E6"),
        Deadline(State.REGISTERED, days("registration.renewal-window-days"), reg26(15), Text("申请续期", "Apply for renewal"),
                 _REGISTRANTS, then="expire", clock="E8", since="renewal_opens_on"),
    ),
)  # fmt: skip
