"""Kinds, grades and reporting clocks of incidents."""

from __future__ import annotations

from dianchi.kernel.text import Text

KINDS = (
    ("LEAK", Text("数据泄露", "Leak")), ("TAMPER", Text("数据篡改", "Alteration")), ("LOSS", Text("数据丢失", "Loss")),
    ("INTRUSION", Text("网络攻击或入侵", "Attack or intrusion")), ("OUTAGE", Text("系统中断", "Outage")),
    ("MISUSE", Text("超范围使用或再识别", "Use beyond scope or re-identification")),
    ("FLAW", Text("安全缺陷或漏洞", "Flaw or vulnerability")), ("OTHER", Text("其他", "Other")),
)  # fmt: skip
SITES = (
    ("PLATFORM", Text("本平台", "This platform")),
    ("CENTRAL", Text("中央机关及其驻滇单位的系统", "A system of a central body")),
    ("OTHER", Text("其他单位的系统", "A system of another body")),
)
GRADES = (
    ("GENERAL", Text("一般", "General")), ("LARGER", Text("较大", "Larger")), ("MAJOR", Text("重大", "Major")),
    ("ESPECIALLY-MAJOR", Text("特别重大", "Especially major")),
)  # fmt: skip
RANK = {grade: i for i, (grade, _) in enumerate(GRADES)}
CRITICAL, CENTRAL, ORDINARY = "CRITICAL", "CENTRAL", "ORDINARY"
CHANNELS = (
    ("PHONE", Text("电话", "Telephone")), ("SMS", Text("短信", "Text message")), ("IM", Text("即时通讯", "Instant message")),
    ("MAIL", Text("电子邮件", "Mail")), ("ANNOUNCEMENT", Text("公告", "Announcement")),
)  # fmt: skip


def clock_of(site: str, *, critical: bool) -> str:
    """Whose reporting clock an incident at that place runs under (CER, art. 4)."""
    if site == "CENTRAL":
        return CENTRAL
    return CRITICAL if site == "PLATFORM" and critical else ORDINARY


def least_grade(people: int, larger: int, major: int, especially: int) -> str:
    """The lowest grade that so many affected people admit; a number that is reached counts."""
    if people >= especially:
        return "ESPECIALLY-MAJOR"
    return "MAJOR" if people >= major else "LARGER" if people >= larger else "GENERAL"


def reaches(grade: str, least: str) -> bool:
    """Whether a grade is at least another; one not yet given is taken for the highest."""
    return not grade or RANK[grade] >= RANK[least]
