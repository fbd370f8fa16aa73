"""What an operator must be and show, each condition with its evidence (operation norm, arts. 3 and 12)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from dianchi.kernel.inputs import Inputs, entry
from dianchi.kernel.text import Text

# The first four are the norm's, the others good practice.
CONDITIONS = (
    ("legal-person", Text("具有法人资格", "A legal person")),
    ("ability", Text("具备数据处理和技术服务能力", "Able to process data and give technical service")),
    ("standing", Text("经营状况和信用良好", "Good standing and credit")),
    ("security", Text("满足国家数据安全保护要求", "Meets the requirements of data security")),
    ("officer", Text("有数据安全负责人、部门和制度", "A security officer, department and rules")),
    ("clean-record", Text("近三年无重大违法记录", "No major violation within three years")),
    ("not-dishonest", Text("未列入失信被执行人、重大税收违法等名单", "On no list of dishonest or tax-evading parties")),
    ("no-incident", Text("近三年未发生重大数据安全事件", "No major data security incident within three years")),
    ("truthful", Text("承诺材料真实", "Commits itself to truthfulness")),
)


class Evidence(Inputs):
    """One condition and what proves it."""

    condition: str = entry(Text("条件", "Condition"), choices=CONDITIONS, max_length=40)
    met: bool = entry(Text("符合", "Met"))
    evidence: str = entry(Text("证明材料", "Evidence"), default="", max_length=300)


def lacking(checklist: Iterable[Mapping[str, object]]) -> tuple[str, ...]:
    """The conditions that are not met or have no evidence."""
    proved = {e["condition"] for e in checklist if e["met"] and e["evidence"]}
    return tuple(condition for condition, _ in CONDITIONS if condition not in proved)


def said(conditions: Iterable[str]) -> tuple[Text, ...]:
    """Their words."""
    wanted = set(conditions)
    return tuple(label for condition, label in CONDITIONS if condition in wanted)
