"""Where an item stands, and the codes that the catalogue speaks in."""

from __future__ import annotations

from dianchi.chapters.resources.catalogue.labels import USE_LABELS
from dianchi.kernel.lifecycle import CaseState, Tone
from dianchi.kernel.text import Text


class State(CaseState):
    """Where an item stands."""

    DRAFT = "draft", Text("草稿", "Draft"), Tone.DRAFT
    SUBMITTED = "submitted", Text("待审核", "Submitted"), Tone.WAITING
    PUBLISHED = "published", Text("已发布", "Published"), Tone.FORCE
    SUSPENDED = "suspended", Text("已暂停", "Suspended"), Tone.STOPPED
    WITHDRAWN = "withdrawn", Text("已撤销", "Withdrawn"), Tone.STOPPED


FREQUENCIES = (
    ("realtime", Text("实时", "Real time")), ("daily", Text("每日", "Daily")), ("weekly", Text("每周", "Weekly")),
    ("monthly", Text("每月", "Monthly")), ("quarterly", Text("每季度", "Quarterly")), ("half-yearly", Text("每半年", "Half-yearly")),
    ("yearly", Text("每年", "Yearly")), ("irregular", Text("不定期", "Irregular")),
)  # fmt: skip
ATTRIBUTES = (
    ("ALLOWED", Text("可授权", "May be authorized")),
    ("CONDITIONAL", Text("有条件授权", "May be authorized on conditions")),
    ("FORBIDDEN", Text("不予授权", "May not be authorized")),
)
GRADES = (
    ("GENERAL-1", Text("一般数据一级", "General, level 1")), ("GENERAL-2", Text("一般数据二级", "General, level 2")),
    ("GENERAL-3", Text("一般数据三级", "General, level 3")), ("GENERAL-4", Text("一般数据四级", "General, level 4")),
    ("IMPORTANT", Text("重要数据", "Important")), ("CORE", Text("核心数据", "Core")),
)  # fmt: skip
SUBJECTS = (
    ("none", Text("不涉及个体", "None")), ("person", Text("自然人", "Person")), ("enterprise", Text("法人或组织", "Enterprise")),
    ("vehicle", Text("车辆", "Vehicle")),
)  # fmt: skip


SHARING = (
    ("UNCONDITIONAL", Text("无条件共享", "Shared unconditionally")), ("CONDITIONAL", Text("有条件共享", "Shared on conditions")),
    ("NONE", Text("不予共享", "Not shared")),
)  # fmt: skip
OPENING = (
    ("UNCONDITIONAL", Text("无条件开放", "Open unconditionally")), ("CONDITIONAL", Text("有条件开放", "Open on conditions")),
    ("NONE", Text("不予开放", "Not open")),
)  # fmt: skip
FORMATS = (
    ("TABLE", Text("数据库表", "Database table")), ("CSV", Text("文本表格", "Delimited text")), ("XLSX", Text("电子表格", "Spreadsheet")),
    ("JSON", Text("结构化文本", "Structured text")), ("API", Text("接口", "Interface")), ("GIS", Text("地理空间数据", "Geographic data")),
    ("IMAGE", Text("图像", "Images")), ("DOCUMENT", Text("文档", "Documents")), ("OTHER", Text("其他", "Other")),
)  # fmt: skip
# The sections of GB/T 4754-2017, by their letter.
INDUSTRIES = (
    ("A", Text("农、林、牧、渔业", "Agriculture, forestry, animal husbandry, fishery")), ("B", Text("采矿业", "Mining")),
    ("C", Text("制造业", "Manufacturing")), ("D", Text("电力、热力、燃气及水生产和供应业", "Electricity, heat, gas and water supply")),
    ("E", Text("建筑业", "Construction")), ("F", Text("批发和零售业", "Wholesale and retail")),
    ("G", Text("交通运输、仓储和邮政业", "Transport, storage and post")), ("H", Text("住宿和餐饮业", "Accommodation and catering")),
    ("I", Text("信息传输、软件和信息技术服务业", "Information transmission, software and information technology")),
    ("J", Text("金融业", "Finance")), ("K", Text("房地产业", "Real estate")), ("L", Text("租赁和商务服务业", "Leasing and business services")),
    ("M", Text("科学研究和技术服务业", "Research and technical services")),
    ("N", Text("水利、环境和公共设施管理业", "Water, environment and public facilities")),
    ("O", Text("居民服务、修理和其他服务业", "Resident services, repair and other services")), ("P", Text("教育", "Education")),
    ("Q", Text("卫生和社会工作", "Health and social work")), ("R", Text("文化、体育和娱乐业", "Culture, sports and entertainment")),
    ("S", Text("公共管理、社会保障和社会组织", "Public administration, social security and organisations")),
    ("T", Text("国际组织", "International organisations")),
)  # fmt: skip
USES = tuple(use for use, _ in USE_LABELS)
GENERAL = tuple(code for code, _ in GRADES if code.startswith("GENERAL-"))
