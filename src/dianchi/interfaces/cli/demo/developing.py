"""A developer at work inside the domain: a program in two versions, a run, an egress request, own data."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from dianchi.foundation.documents.store import attach
from dianchi.gate import development, egress, holdings
from dianchi.interfaces.cli.demo.chain import Story
from dianchi.interfaces.cli.demo.stage import Stage

FIRST = "select prefecture_code, count(*) as visits\nfrom visits\ngroup by prefecture_code"
SECOND = (
    "select prefecture_code,\n       count(distinct person_id) as visitors,\n       avg(spend) as mean_spend\n"
    "from visits\ngroup by prefecture_code\norder by visitors desc"
)
RAW = "select name, phone, spend from visits order by spend desc limit 10"
PROOF = '{"文号": "自采说明 2026-03 号", "内容": "数据由本公司门店管理系统按月导出，仅含各州市客房数，不含住客信息。"}'
HOTELS = "code,rooms\n530100,182000\n530700,64000\n532900,71000\n532800,39000\n530500,28000\n"


def experiment(stage: Stage, story: Story) -> None:
    """Programs are saved, frozen and approved; one runs for real, and its result waits for a second opinion."""
    request = story.requests["visitor-spend"].code
    own = _own(stage, story)
    raw = stage.does("kaifa", "programs", "draft", title="高消费游客名单（试写）", request=request, sql=RAW)
    stage.cannot("kaifa", "programs", "freeze", raw.code)
    stage.does("kaifa", "programs", "retire", raw.code, reason="不符合数据口径，停用。")
    draft = {"title": "各州市人均消费", "request": request, "note": "先看到访人次"}
    program = stage.does("kaifa", "programs", "draft", sql=FIRST, **draft)
    stage.does("kaifa", "programs", "revise", program.code, **{**draft, "sql": SECOND, "note": "改为人数和人均消费"})
    stage.cannot("kaifa", "runs", "start", title="各州市人均消费", program=program.code)
    stage.does("kaifa", "programs", "freeze", program.code)
    stage.does("yunying", "programs", "approve", program.code, reason="范围与用途符合协议，仅输出分组统计。")
    run = stage.does("kaifa", "runs", "start", title="各州市人均消费（第 2 版）", program=program.code)
    development.execute(run.code, lambda: stage.at)
    stage.tick()
    asked = stage.does("kaifa", "egress", "request", title="各州市人均消费统计", run=run.code, form="statistics",
                       description="各州市到访人数与人均消费额，按州市代码分组。", use="用于编制文旅消费季度报告。")  # fmt: skip
    egress.check(asked.code, stage.at)
    stage.tick()
    confirmed = [str(n) for n in range(1, 13)]
    stage.cannot("kaifa", "egress", "review", asked.code, favourable=True, confirmed=confirmed, reason="自行审查。")
    stage.does("yunying", "egress", "review", asked.code, favourable=True, confirmed=confirmed,
               reason="十二项检查均已核对，仅含分组统计，同意出域。")  # fmt: skip
    stage.does("kaifa", "programs", "draft", title="州市消费与客房供给", request=request, holdings=[own],
               sql="select h.rooms, count(*) as visits\nfrom visits v join our_hotels h on h.code = v.prefecture_code\ngroup by h.rooms",
               note="与自有客房数据融合")  # fmt: skip


def _own(stage: Stage, story: Story) -> str:
    """Own data come in with their proof, by approval."""
    case = stage.does("kaifa", "holdings", "draft", title="自有酒店客房数", contract=story.contract.code, name="our_hotels",
                      source="collected", source_statement="本公司门店管理系统按月导出，不含住客信息。", proof_number="自采说明 2026-03 号",
                      columns=[{"name": "code", "title": "州市代码"}, {"name": "rooms", "title": "客房数", "type": "BIGINT"}],
                      use="按州市与游客消费合并统计，测算客房供需。")  # fmt: skip
    stage.cannot("kaifa", "holdings", "submit", case.code)
    attach(PROOF.encode(), "自采说明.json", case_type="holdings", case_code=case.code, act="", title="数据来源说明",
           by=case.opened_by, at=stage.at)  # fmt: skip
    stage.does("kaifa", "holdings", "submit", case.code)
    stage.does("yunying", "holdings", "approve", case.code, reason="来源合法，用途在场景之内，同意导入。")
    with TemporaryDirectory() as folder:
        path = Path(folder) / "hotels.csv"
        path.write_text(HOTELS, "utf-8")
        holdings.receive(case.code, path, by=stage.who("kaifa"), at=stage.at, file_name="hotels.csv")
    return str(case.code)
