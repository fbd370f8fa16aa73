"""Make a store with a small catalogue: run as a program, with the store in DIANCHI_VAR."""

from __future__ import annotations

import os

os.environ["DJANGO_SETTINGS_MODULE"] = "dianchi.config.settings.base"

import django

django.setup()

from django.core.management import call_command  # noqa: E402


def main() -> None:
    """Four items: two open ones of two departments, one important, one banned."""
    from tests.factories import resources as make
    from tests.factories.people import HOME, actor

    from dianchi.kernel.actors import Role

    call_command("migrate", verbosity=0, interactive=False)
    health = actor(Role.PROVIDER, organisation=HOME[Role.SECTOR][0])
    make.a_published_item(contact="信息中心 0871-60000000", covers_from_on="2020-01-01")
    make.a_published_item(
        by=health, title="医疗机构名录", summary="全省医疗机构的名称和等级。", sector="卫生健康", industry="Q",
        update_frequency="monthly", attribute="CONDITIONAL", ground="须经卫生健康部门同意。", source_system="内部系统甲",
        items=[make.column("name", "机构名称"), make.column("level", "等级")], contract={},
    )  # fmt: skip
    make.a_published_item(title="重要水源地坐标", grade="IMPORTANT", risk_assessment="已评估，风险可控。")
    make.a_published_item(title="不予授权的资源", attribute="FORBIDDEN", ground="测绘法第三十条")


if __name__ == "__main__":
    main()
