"""What the catalogue shows in motion: a change beside what is published, a demand for data, an objection to an entry."""

from __future__ import annotations

from dianchi.interfaces.cli.demo import people as who
from dianchi.interfaces.cli.demo.chain import Story, column
from dianchi.interfaces.cli.demo.stage import Stage

_SCENIC = {
    "title": "旅游景区名录", "summary": "全省旅游景区名称、等级、所在区划和联系电话。", "sector": "文化旅游", "industry": "R",
    "update_frequency": "quarterly", "attribute": "ALLOWED", "legal_basis": "旅游法", "coverage": ["530000"],
    "contact": "信息中心 0871-60000000",
    "items": [column("name", "景区名称", "VARCHAR", "select"), column("level", "等级", "VARCHAR", "select"),
              column("division", "所在区划", "VARCHAR", "select")],
}  # fmt: skip


def list_and_ask(stage: Stage, story: Story) -> None:
    """A department prepares a change, a firm asks for data that are not there, another finds an entry wrong."""
    scenic = story.items["scenic"].code
    stage.does("wenlv", "catalogue", "prepare-change", scenic, change_reason="增加所在区划，改为按季度更新。",
               proposed_grade="GENERAL-1", proposed_basis="公开信息，按指南定为一级。", proposal=_SCENIC)  # fmt: skip
    stage.cannot("shujuju", "catalogue", "approve-change", scenic)
    stage.does("wenlv", "catalogue", "submit-change", scenic)
    demand = stage.does("kaifa", "demands", "ask", title="客运站发班信息", sector="交通运输", frequency="daily",
                        wanted="全省客运站每日班次和余票。", purpose="为游客安排线路。")  # fmt: skip
    stage.does("yonghu", "demands", "support", demand.code, note="同样需要班次信息。")
    stage.does("shujuju", "demands", "assign", demand.code, provider=who.TOURISM)
    stage.does("kaifa", "objections", "raise", title="更新频率与实际不符", item=story.items["divisions"].code, aspect="FREQUENCY",
               statement="目录写每年更新，实际随区划调整更新。", suggestion="改为不定期更新。")  # fmt: skip
