"""Which acts register a resource or a product: apply, accept, examine, publicize, code, renew, cancel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dianchi.kernel.actors import Role
from dianchi.kernel.errors import Refusal
from dianchi.kernel.inputs import Inputs, entry
from dianchi.kernel.law.articles import default, reg26
from dianchi.kernel.lifecycle import Act, CaseState, Deadline, Guard, Lifecycle, Tone, days, workdays
from dianchi.kernel.text import Text


class State(CaseState):
    """Where a registration stands."""

    APPLIED = "applied", Text("待受理", "Applied"), Tone.WAITING
    SUPPLEMENT = "supplement", Text("待补正", "To be supplemented"), Tone.WAITING
    ACCEPTED = "accepted", Text("审核中", "Under review"), Tone.WAITING
    PUBLICITY = "publicity", Text("公示中", "In publicity"), Tone.PUBLICITY
    OBJECTION = "objection", Text("异议处理", "Objection"), Tone.PUBLICITY
    REGISTERED = "registered", Text("已登记", "Registered"), Tone.FORCE
    RENEWING = "renewing", Text("续期审核中", "Renewal under review"), Tone.FORCE
    CANCELLING = "cancelling", Text("注销审核中", "Cancellation under review"), Tone.FORCE
    REFUSED = "refused", Text("不予登记", "Refused"), Tone.STOPPED
    CANCELLED = "cancelled", Text("已注销", "Cancelled"), Tone.STOPPED
    EXPIRED = "expired", Text("已失效", "Expired"), Tone.STOPPED


ENDED = (State.REFUSED, State.CANCELLED, State.EXPIRED)
RESOURCE, PRODUCT = "1", "2"  # object type codes of the national registration platform
OBJECT_TYPES = (
    (RESOURCE, Text("公共数据资源", "Public data resource")),
    (PRODUCT, Text("公共数据产品和服务", "Product or service")),
)
GROUNDS = (
    ("LOST", Text("数据资源灭失或不可恢复", "The resource is lost or cannot be restored")),
    ("GIVEN_UP", Text("登记主体放弃或权利期限届满", "The registrant gives it up or its right has ended")),
    ("DISSOLVED", Text("登记主体解散、撤销、破产或终止", "The registrant is dissolved, revoked, bankrupt or ended")),
    ("OTHER", Text("法律法规规定的其他情形", "Another case set by law")),
)
HOLDERS = frozenset({Role.IMPLEMENTER, Role.PROVIDER})
MAKERS = frozenset({Role.OPERATOR, Role.DEVELOPER})
ANYBODY = frozenset(
    {Role.PROVIDER, Role.IMPLEMENTER, Role.SECTOR, Role.OPERATOR, Role.DEVELOPER, Role.CONSUMER, Role.BUREAU}
)


class Application(Inputs):
    """What the registrant states (first registration)."""

    title: str = entry(Text("数据名称", "Name of the data"), min_length=2, max_length=200, example="全省行政区划")
    object_type: str = entry(Text("登记类型", "Type"), choices=OBJECT_TYPES, pattern="^[12]$")
    object_code: str = entry(Text("资源或产品编号", "Code of the resource or product"), max_length=40)
    summary: str = entry(Text("内容简介", "Short description"), widget="long", min_length=4, max_length=400)
    source_statement: str = entry(
        Text("来源合法合规说明", "Lawful source"), widget="long", min_length=4, max_length=1000,
        help=Text("说明数据从何处依何职责取得", "Where the data come from and under which duty"),
    )  # fmt: skip
    evidence_digest: str = entry(
        Text("存证摘要", "Digest preserved as evidence"), pattern="^[0-9a-f]{64}$|^$", default="",
        help=Text("登记前须对内容存证，填写存证的国密摘要", "Evidence must be preserved first: enter its SM3 digest"),
    )  # fmt: skip
    risk_assessment: str = entry(Text("安全风险评估", "Risk assessment"), widget="long", min_length=4, max_length=2000)
    agreement_ends_on: date | None = entry(Text("授权运营期限届满日", "End of the authorized operation"), default=None)


class Reason(Inputs):
    """Why."""

    reason: str = entry(Text("理由", "Reason"), widget="long", min_length=4, max_length=1000)


class Renewal(Inputs):
    """Nothing but, for a product, until when the operation is now authorized."""

    agreement_ends_on: date | None = entry(Text("授权运营期限届满日", "End of the authorized operation"), default=None)


class Cancellation(Inputs):
    """On which of the law's grounds."""

    ground: str = entry(Text("注销情形", "Ground"), choices=GROUNDS, pattern="^(LOST|GIVEN_UP|DISSOLVED|OTHER)$")
    reason: str = entry(Text("理由", "Reason"), widget="long", min_length=4, max_length=1000)


class Supplement(Inputs):
    """Everything that is missing, told at once."""

    notice: str = entry(Text("需补正的全部内容", "All that is missing"), widget="long", min_length=4, max_length=2000)


class Resubmission(Inputs):
    """The supplemented statements."""

    source_statement: str = entry(
        Text("来源合法合规说明", "Lawful source"), widget="long", min_length=4, max_length=1000
    )
    risk_assessment: str = entry(Text("安全风险评估", "Risk assessment"), widget="long", min_length=4, max_length=2000)


class Objection(Inputs):
    """An objection in the objector's own name, with evidence."""

    objector: str = entry(
        Text("异议人实名", "Objector's real name"), default="", max_length=120, personal=True,
        help=Text("匿名异议不予受理", "Anonymous objections are not accepted"),
    )  # fmt: skip
    objection: str = entry(Text("异议内容", "Objection"), widget="long", min_length=4, max_length=2000)
    objection_evidence: str = entry(Text("证据", "Evidence"), widget="long", default="", max_length=2000)


@dataclass(frozen=True)
class Facts:
    """What the guards ask."""

    holder_may: bool = True  # resources by those who hold them, products by those who make them
    catalogued: bool = True  # a resource is on the catalogue
    own_object: bool = True  # and the applicant holds it, or is in charge of its territory
    evidence_preserved: bool = True
    term_stated: bool = True  # a product's registration cannot outlast the agreement, so its end is stated
    operation_over: bool = False  # that end has passed
    already: bool = False  # another registration of the object is running or in force
    own_organisation: bool = False  # the registrar would act on its own organisation's object
    in_territory: bool = True  # the object lies where the registrar is in charge
    registrant: bool = True  # the actor's organisation applied
    supplemented: bool = False  # a supplement was already demanded once
    contents: bool = True  # the four contents of a publicity are there
    publicity_over: bool = False
    objection_open: bool = False
    objection_upheld: bool = False
    named: bool = True
    evidenced: bool = True
    in_window: bool = True  # renewal within the last days before expiry
    past_validity: bool = False


object_fits_the_applicant = Guard[Facts](
    lambda f: f.holder_may,
    Refusal("registration.not-the-holder", Text("资源由持有或管理单位申请，产品由运营机构或开发主体申请", "Resources are registered by those who hold them, products by those who make them"),
            reg26(5), Text("请由相应主体申请", "Let the right party apply"), field="object_type"),
    on_inputs=True,
)  # fmt: skip
evidence_is_preserved = Guard[Facts](
    lambda f: f.evidence_preserved,
    Refusal("registration.no-evidence", Text("不能申请登记：没有找到该对象的这份存证", "Cannot apply: no such evidence of the object is preserved"), reg26(7),
            Text("请先存证，再填写目录、接收回执或材料的国密摘要", "Preserve it first; enter the SM3 digest of the item, the receipt or a document"), ("R65",), "evidence_digest"),
    on_inputs=True,
)  # fmt: skip
object_is_catalogued = Guard[Facts](
    lambda f: f.catalogued,
    Refusal("registration.not-on-the-catalogue", Text("资源不在已发布的目录中", "The resource is not on the published catalogue"), reg26(9, 1),
            Text("请核对资源编号，或先完成编目", "Check the code, or catalogue it first"), field="object_code"),
    on_inputs=True,
)  # fmt: skip
own_object = Guard[Facts](
    lambda f: f.own_object,
    Refusal("registration.not-your-resource", Text("只能登记本单位持有或管理的资源", "Only resources that your organisation holds or manages"), reg26(3, 2),
            Text("请由持有或管理该资源的单位申请", "Let the body that holds or manages it apply"), field="object_code"),
    on_inputs=True,
)  # fmt: skip
term_is_stated = Guard[Facts](
    lambda f: f.term_stated,
    Refusal("registration.operation-term-missing", Text("产品和服务登记须写明授权运营期限", "A product's registration must state when the authorized operation ends"),
            reg26(15), Text("请填写授权运营期限届满日", "Enter the end of the authorized operation"), ("R62",), "agreement_ends_on"),
    on_inputs=True,
)  # fmt: skip
operation_goes_on = Guard[Facts](
    lambda f: not f.operation_over,
    Refusal("registration.operation-over", Text("授权运营期限已届满，登记有效期不得超过该期限", "The authorized operation has ended; a registration cannot outlast it"),
            reg26(15), Text("请在授权运营期限延长后办理", "Come back once the operation is extended"), ("R62",)),
)  # fmt: skip
in_own_territory = Guard[Facts](
    lambda f: f.in_territory,
    Refusal("registration.not-your-territory", Text("登记按行政层级和属地办理，该对象不由您所在机构登记", "Registration is by level and territory; this object is not yours"),
            reg26(6), Text("请由该区划的登记机构办理", "Let the registrar of that division act")),
)  # fmt: skip
past_validity = Guard[Facts](
    lambda f: f.past_validity,
    Refusal("registration.still-valid", Text("登记仍在有效期内", "The registration is still valid"), reg26(15), Text("请待有效期届满", "Wait for its end")),
)  # fmt: skip
one_registration = Guard[Facts](
    lambda f: not f.already,
    Refusal("registration.already-registered", Text("该对象已在办理登记或已登记", "The object is being registered or is registered"),
            reg26(9), Text("请办理变更或续期", "Change or renew the existing registration"), field="object_code"),
    on_inputs=True,
)  # fmt: skip
registrar_is_independent = Guard[Facts](
    lambda f: not f.own_organisation,
    Refusal("registration.own-organisation", Text("登记机构不得办理本单位的登记", "A registrar may not register its own organisation's objects"),
            default(), Text("请交由上级登记机构办理", "Hand it to the registrar above"), ("R74",)),
)  # fmt: skip
registrant_acts = Guard[Facts](
    lambda f: f.registrant,
    Refusal("registration.not-the-registrant", Text("只有登记主体可以办理", "Only the registrant may do this"), reg26(9),
            Text("请由登记主体办理", "Let the registrant do it")),
)  # fmt: skip
told_once = Guard[Facts](
    lambda f: not f.supplemented,
    Refusal("registration.supplement-told-already", Text("补正内容须一次性告知，不能再次要求补正", "What is missing is told once and in full; no second notice"),
            reg26(10), Text("请受理或者不予受理", "Accept or refuse the application"), ("R61",)),
)  # fmt: skip
four_contents = Guard[Facts](
    lambda f: f.contents,
    Refusal("registration.publicity-incomplete", Text("公示须载明登记主体、登记类型、数据名称、内容简介", "A publicity names registrant, type, data name and short description"),
            reg26(12), Text("请补齐公示内容", "Complete the contents"), ("R58",)),
)  # fmt: skip
publicity_is_over = Guard[Facts](
    lambda f: f.publicity_over,
    Refusal("registration.publicity-not-over", Text("公示期未满，不能赋码", "The publicity is not over; no code yet"), reg26(12),
            Text("请待公示期满", "Wait for its end"), ("R58",)),
)  # fmt: skip
no_objection = Guard[Facts](
    lambda f: not (f.objection_open or f.objection_upheld),
    Refusal("registration.objection-open", Text("有异议尚未处理或已成立，不能赋码", "An objection is open or upheld; no code"), reg26(13),
            Text("请先处理异议", "Decide the objection first"), ("R60",)),
)  # fmt: skip
real_name = Guard[Facts](
    lambda f: f.named,
    Refusal("registration.anonymous-objection", Text("不能提出异议：须实名", "Cannot object: the real name is needed"), reg26(12),
            Text("请填写异议人实名", "Enter the objector's real name"), ("R59",), "objector"),
    on_inputs=True,
)  # fmt: skip
with_evidence = Guard[Facts](
    lambda f: f.evidenced,
    Refusal("registration.objection-without-evidence", Text("不能提出异议：须附证据", "Cannot object: evidence is needed"), reg26(12),
            Text("请附上证据", "Add the evidence"), ("R59",), "objection_evidence"),
    on_inputs=True,
)  # fmt: skip
renewal_window = Guard[Facts](
    lambda f: f.in_window,
    Refusal("registration.outside-renewal-window", Text("只能在有效期届满前六十日内申请续期，逾期不再办理", "Renewal is open only in the last sixty days before expiry"),
            reg26(15), Text("请在规定期间内申请", "Apply within the window"), ("R62",)),
)  # fmt: skip
_REGISTRAR = {Role.REGISTRAR}
COMPETENT = (registrar_is_independent, in_own_territory)

REGISTRATION = Lifecycle[Facts](
    "registration",
    Text("登记", "Registrations"),
    State,
    (
        Act("apply", Text("申请登记", "Apply"), HOLDERS | MAKERS, frozenset(), State.APPLIED, reg26(9),
            (object_fits_the_applicant, object_is_catalogued, own_object, evidence_is_preserved, term_is_stated, one_registration),
            Application),
        Act("accept", Text("受理", "Accept"), _REGISTRAR, {State.APPLIED}, State.ACCEPTED, reg26(10), COMPETENT),
        Act("supplement", Text("退回补正", "Ask to supplement"), _REGISTRAR, {State.APPLIED}, State.SUPPLEMENT, reg26(10),
            (*COMPETENT, told_once), Supplement, duty=False),
        Act("resubmit", Text("补正后提交", "Resubmit"), HOLDERS | MAKERS, {State.SUPPLEMENT}, State.APPLIED, reg26(10),
            (registrant_acts,), Resubmission),
        Act("decline", Text("不予受理", "Decline"), _REGISTRAR, {State.APPLIED}, State.REFUSED, reg26(10),
            COMPETENT, Reason, duty=False, final=True),
        Act("pass-review", Text("审核通过并公示", "Pass and publicize"), _REGISTRAR, {State.ACCEPTED}, State.PUBLICITY, reg26(11),
            (*COMPETENT, four_contents, operation_goes_on)),
        Act("fail-review", Text("审核不通过", "Fail"), _REGISTRAR, {State.ACCEPTED}, State.REFUSED, reg26(11),
            COMPETENT, Reason, duty=False, final=True),
        Act("object", Text("提出异议", "Object"), ANYBODY, {State.PUBLICITY}, State.OBJECTION, reg26(12), (real_name, with_evidence),
            Objection, duty=False, sensitive=True),
        Act("uphold", Text("异议成立", "Uphold"), _REGISTRAR, {State.OBJECTION}, State.REFUSED, reg26(12),
            COMPETENT, Reason, final=True),
        Act("dismiss", Text("异议不成立", "Dismiss"), _REGISTRAR, {State.OBJECTION}, State.PUBLICITY, reg26(12),
            COMPETENT, Reason),
        Act("code", Text("赋码", "Issue the code"), {Role.SYSTEM, Role.REGISTRAR}, {State.PUBLICITY, State.OBJECTION}, State.REGISTERED,
            reg26(13), (*COMPETENT, four_contents, publicity_is_over, no_objection, operation_goes_on), document=Text("登记凭证", "Registration certificate")),
        Act("apply-renewal", Text("申请续期", "Apply for renewal"), HOLDERS | MAKERS, {State.REGISTERED}, State.RENEWING, reg26(15),
            (registrant_acts, renewal_window, term_is_stated), Renewal),
        Act("renew", Text("准予续期", "Renew"), _REGISTRAR, {State.RENEWING}, State.REGISTERED, reg26(15),
            (*COMPETENT, operation_goes_on), document=Text("登记凭证", "Registration certificate")),
        Act("apply-cancellation", Text("申请注销", "Apply for cancellation"), HOLDERS | MAKERS, {State.REGISTERED}, State.CANCELLING,
            reg26(9, 4), (registrant_acts,), Cancellation, duty=False),
        Act("cancel", Text("注销", "Cancel"), _REGISTRAR, {State.CANCELLING}, State.CANCELLED, reg26(9, 4), COMPETENT, final=True),
        Act("revoke", Text("撤销登记", "Revoke"), _REGISTRAR, {State.REGISTERED, State.RENEWING, State.CANCELLING}, State.CANCELLED,
            reg26(20), COMPETENT, Reason, duty=False, final=True),
        Act("expire", Text("期满失效", "Expire"), {Role.REGISTRAR, Role.SYSTEM}, {State.REGISTERED, State.RENEWING}, State.EXPIRED,
            reg26(15), (past_validity,), duty=False, final=True),
    ),
    (
        Deadline(State.APPLIED, workdays("registration.acceptance-days"), reg26(10), Text("受理", "Accept"), _REGISTRAR, clock="E1"),
        Deadline(State.ACCEPTED, workdays("registration.form-review-days"), reg26(11), Text("形式审核", "Form review"), _REGISTRAR,
                 clock="E2"),
        Deadline(State.PUBLICITY, workdays("registration.publicity-days"), reg26(12), Text("公示期满赋码", "Code after publicity"),
                 _REGISTRAR, then="code", clock="E3", since="publicity_from"),
        Deadline(State.CANCELLING, workdays("registration.cancellation-days"), reg26(9, 4), Text("办理注销", "Cancel"), _REGISTRAR,
                 clock="E6"),
        Deadline(State.REGISTERED, days("registration.renewal-window-days"), reg26(15), Text("申请续期", "Apply for renewal"),
                 HOLDERS | MAKERS, clock="E8", since="renewal_opens_on"),
    ),
)  # fmt: skip
