"""What an inspection may find: what no machine sees is looked for by people, rule by rule."""

from __future__ import annotations

from dianchi.kernel.text import Text

# Kind of finding, name, the rule of the law that it concerns.
FINDINGS = (
    ("OUTLET", Text("平台之外另有出口、导出或者接口", "An outlet, export or interface besides the platform"), "R11"),
    ("SEPARATE", Text("另建独立的授权运营平台", "A separate operation platform"), "R12"),
    ("UNLIKE", Text("同等条件下区别对待而无客观理由", "Unlike treatment of the like without a reason"), "R27"),
    ("TYING", Text("搭售、排他或者算法歧视", "Tying, exclusivity or discrimination by algorithm"), "R29"),
    ("ASSETIZATION", Text("未经批准质押、融资、出资或者入表", "Pledge, financing, equity or booking without approval"), "R31"),
    ("RAW", Text("原始数据未依法公开而直接入市", "Raw data not lawfully public go to market"), "R43"),
    ("TOLD", Text("对外提供个人信息未告知或者未取得单独同意", "Personal information provided without notice or consent"), "R47"),
    ("REIDENTIFY", Text("重新识别或者超场景关联", "Re-identification or linking outside the scenario"), "R50"),
    ("MAINTAINER", Text("运维人员接触业务数据", "A maintainer reads business data"), "R51"),
    ("KEPT", Text("到期留存数据或者结果", "Data or results kept after the term"), "R52"),
    ("DELEGATED", Text("擅自转委托处理个人信息", "Processing handed on without consent"), "R53"),
    ("MINIMUM", Text("收集或者使用超出最小必要", "More than the minimum is collected or used"), "R56"),
    ("CRYPTO", Text("未加密传输或者存储、未用规定算法", "Not encrypted, or not with the suite prescribed"), "R69"),
    ("GAIN", Text("以数据谋取私利", "Private gain from data"), "R75"),
    ("OTHER", Text("其他问题", "Another finding"), ""),
)  # fmt: skip
KINDS = tuple((kind, name) for kind, name, _ in FINDINGS)
RULES = tuple(rule for _, _, rule in FINDINGS if rule)
PRIVATE_GAIN = "GAIN"
