"""Where a registration stands, and the codes that it speaks in."""

from __future__ import annotations

from dianchi.kernel.actors import Role
from dianchi.kernel.lifecycle import CaseState, Tone
from dianchi.kernel.text import Text


class State(CaseState):
    """Where a registration stands."""

    APPLIED = "applied", Text("待受理", "Applied"), Tone.WAITING
    SUPPLEMENT = "supplement", Text("待补正", "To be supplemented"), Tone.WAITING
    ACCEPTED = "accepted", Text("审核中", "Under review"), Tone.WAITING
    EXPERT = "expert", Text("专家评审中", "With experts"), Tone.WAITING
    PUBLICITY = "publicity", Text("公示中", "In publicity"), Tone.PUBLICITY
    OBJECTION = "objection", Text("异议处理", "Objection"), Tone.PUBLICITY
    REGISTERED = "registered", Text("已登记", "Registered"), Tone.FORCE
    CHANGING = "changing", Text("变更审核中", "Change under review"), Tone.FORCE
    CORRECTING = "correcting", Text("更正审核中", "Correction under review"), Tone.FORCE
    RENEWING = "renewing", Text("续期审核中", "Renewal under review"), Tone.FORCE
    CANCELLING = "cancelling", Text("注销审核中", "Cancellation under review"), Tone.FORCE
    REFUSED = "refused", Text("不予登记", "Refused"), Tone.STOPPED
    CANCELLED = "cancelled", Text("已注销", "Cancelled"), Tone.STOPPED
    REVOKED = "revoked", Text("已撤销", "Revoked"), Tone.STOPPED
    EXPIRED = "expired", Text("已失效", "Expired"), Tone.STOPPED


# A pending application does not end what is registered.
IN_FORCE = (State.REGISTERED, State.CHANGING, State.CORRECTING, State.RENEWING, State.CANCELLING)
OPEN_TO_THE_PUBLIC = (State.PUBLICITY, State.OBJECTION)
ENDED = (State.REFUSED, State.CANCELLED, State.REVOKED, State.EXPIRED)
CODED = (*IN_FORCE, State.CANCELLED, State.REVOKED, State.EXPIRED)  # had a query code at some time

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
FAULTS = (
    ("FALSE", Text("隐瞒事实或提供虚假材料", "Facts hidden or false material")),
    ("FORGED", Text("篡改、伪造登记结果", "Results altered or forged")),
    ("MISUSED", Text("违法使用登记结果或以此牟利", "Results used unlawfully or for profit")),
    ("OTHER", Text("其他违法情形", "Another breach")),
)
CHANGES = (
    ("SOURCE", Text("数据来源变化", "Source")),
    ("RESOURCE", Text("数据资源情况变化", "Resource")),
    ("PRODUCT", Text("产品和服务变化", "Product or service")),
    ("EVIDENCE", Text("存证情况变化", "Evidence")),
    ("REGISTRANT", Text("登记主体信息变化", "Registrant")),
)
BASES = (
    ("CONSENT", Text("登记主体书面同意", "Written consent of the registrant")),
    ("PROOF", Text("登记确有错误的证明", "Proof of the error")),
)
PLATFORMS = (
    ("NATIONAL", Text("国家公共数据资源登记平台", "National registration platform")),
    ("PROVINCIAL", Text("省公共数据资源登记平台", "Provincial registration platform")),
)
HOLDERS = frozenset({Role.IMPLEMENTER, Role.PROVIDER})
MAKERS = frozenset({Role.OPERATOR, Role.DEVELOPER})
ANYBODY = frozenset(
    {Role.PROVIDER, Role.IMPLEMENTER, Role.SECTOR, Role.OPERATOR, Role.DEVELOPER, Role.CONSUMER, Role.BUREAU}
)
