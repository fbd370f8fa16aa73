"""What must hold for the acts of a registration."""

from __future__ import annotations

from dataclasses import dataclass

from dianchi.kernel.errors import Refusal
from dianchi.kernel.law.articles import default, reg26
from dianchi.kernel.lifecycle import Guard
from dianchi.kernel.text import Text, join


@dataclass(frozen=True)
class Facts:
    """What the guards ask."""

    holder_may: bool = True  # resources by those who hold them, products by those who make them
    catalogued: bool = True  # a resource is on the catalogue
    own_object: bool = True  # and the applicant holds it, or is in charge of its territory
    evidence_preserved: bool = True
    missing: tuple[Text, ...] = ()  # materials that the law asks for and that are not there
    committed: bool = True
    joint_stated: bool = True  # joint registrants are others, on record, and it is said why they apply together
    unconfirmed: tuple[str, ...] = ()  # joint registrants that have not confirmed yet
    invited: bool = True  # the actor's organisation is one of them and has not confirmed yet
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
    one_of_several: bool = True  # the objection named is open, and another one is too
    named: bool = True
    evidenced: bool = True
    in_window: bool = True  # renewal within the last days before expiry
    past_validity: bool = False
    something_new: bool = True  # what is proposed differs from what stands
    based: bool = True  # a correction has the registrant's consent or a proof
    untouched: bool = True  # what stands is what the last certificate says
    reported: bool = True  # the record named was reported, and no receipt for it is kept yet


object_fits_the_applicant = Guard[Facts](
    lambda f: f.holder_may,
    Refusal("registration.not-the-holder", Text("资源由持有或管理单位登记，产品和服务由经授权开发的单位登记", "Holders register resources, those who make them register products"),
            reg26(5), Text("请核对登记类型", "Check the type"), field="object_type"),
    on_inputs=True,
)  # fmt: skip
evidence_is_preserved = Guard[Facts](
    lambda f: f.evidence_preserved,
    Refusal("registration.no-evidence", Text("不能申请：没有该登记对象的存证", "Cannot apply: no evidence of this object is preserved"), reg26(7),
            Text("请先存证，再填写目录、接收回执或材料的国密摘要", "Preserve it first; enter the SM3 digest of the item, the receipt or a document"), ("R65",), "evidence_digest"),
    on_inputs=True,
)  # fmt: skip
materials_are_complete = Guard[Facts](
    lambda f: not f.missing,
    Refusal("registration.materials-missing", Text("不能申请：缺少{materials}", "Cannot apply: missing are {materials}"), reg26(9, 1),
            Text("请补齐后再申请", "Add them and apply again")),
    on_inputs=True, naming=lambda f: {"materials": join(f.missing)},
)  # fmt: skip
commitment_is_given = Guard[Facts](
    lambda f: f.committed,
    Refusal("registration.no-commitment", Text("不能申请：未作登记承诺", "Cannot apply: the commitment is not given"), reg26(9, 1),
            Text("请确认材料真实、合法、有效后勾选承诺", "Make sure the materials are true, then vouch for them"), field="commitment"),
    on_inputs=True,
)  # fmt: skip
joint_is_stated = Guard[Facts](
    lambda f: f.joint_stated,
    Refusal("registration.joint-not-stated", Text("共同登记主体须为已入驻的其他机构，并写明共同申请的依据", "Joint registrants are other bodies on record, and the basis is stated"),
            reg26(7), Text("请核对共同登记主体并填写依据", "Check them and state the basis"), field="co_registrants"),
    on_inputs=True,
)  # fmt: skip
all_have_confirmed = Guard[Facts](
    lambda f: not f.unconfirmed,
    Refusal("registration.joint-unconfirmed", Text("共同登记主体尚未全部确认：{names}", "Joint registrants have not all confirmed: {names}"), reg26(7),
            Text("请待其确认，或由代表办理的单位补正", "Wait for them, or let the representative supplement")),
    naming=lambda f: {"names": "、".join(f.unconfirmed)},
)  # fmt: skip
is_invited = Guard[Facts](
    lambda f: f.invited,
    Refusal("registration.not-a-joint-registrant", Text("贵单位不是待确认的共同登记主体", "Your organisation is no joint registrant who has to confirm"), reg26(7),
            Text("请由申请中列明的共同登记主体确认", "Let those named in the application confirm")),
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
one_of_several = Guard[Facts](
    lambda f: f.one_of_several,
    Refusal("registration.not-one-of-several", Text("没有这一待处理的异议，或只剩这一件", "There is no such open objection, or it is the only one"), reg26(12),
            Text("最后一件异议请办理“异议不成立”或“异议成立”", "Decide the last one by dismissing or upholding"), field="number"),
    on_inputs=True,
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
publicity_runs = Guard[Facts](
    lambda f: not f.publicity_over,
    Refusal("registration.publicity-over", Text("公示期已满，不能再提出异议", "The publicity is over; it is too late to object"), reg26(12),
            Text("登记后认为信息有误的，请申请更正登记", "If the record is wrong, apply for its correction")),
)  # fmt: skip
renewal_window = Guard[Facts](
    lambda f: f.in_window,
    Refusal("registration.outside-renewal-window", Text("只能在有效期届满前六十日内申请续期，逾期不再办理", "Renewal is open only in the last sixty days before expiry"),
            reg26(15), Text("请在规定期间内申请", "Apply within the window"), ("R62",)),
)  # fmt: skip
something_new = Guard[Facts](
    lambda f: f.something_new,
    Refusal("registration.nothing-new", Text("申请的内容与登记记录相同", "What is asked for is what stands already"), reg26(9, 2),
            Text("请写明需要改动的内容", "Enter what is to be different"), field="proposal"),
    on_inputs=True,
)  # fmt: skip
correction_is_based = Guard[Facts](
    lambda f: f.based,
    Refusal("registration.correction-without-basis", Text("更正登记须有登记主体书面同意或登记错误的证明", "A correction needs the registrant's written consent or a proof of the error"),
            reg26(9, 3), Text("请写明同意书或证明材料", "Name the consent or the proof"), field="basis_document"),
    on_inputs=True,
)  # fmt: skip
record_is_untouched = Guard[Facts](
    lambda f: f.untouched,
    Refusal("registration.altered-outside-a-case", Text("登记记录与最近一次登记凭证不一致，登记结果只能经变更、更正登记修改",
                                                        "The record differs from its last certificate; results change only through a change or a correction"),
            reg26(19, 2), Text("请停止办理并报告数据管理部门核查", "Stop, and report it to the data administration"), ("R64",)),
)  # fmt: skip
record_was_reported = Guard[Facts](
    lambda f: f.reported,
    Refusal("registration.no-such-report", Text("没有这一待回执的报送记录", "There is no such reported record without a receipt"), reg26(14),
            Text("请核对报送流水号", "Check the serial"), field="serial"),
    on_inputs=True,
)  # fmt: skip
