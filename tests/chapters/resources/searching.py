"""Search one small catalogue on the database of DIANCHI_DATABASE_URL and print what was found: run as a program."""

from __future__ import annotations

import json
import os

os.environ["DJANGO_SETTINGS_MODULE"] = "dianchi.config.settings.base"

import django

django.setup()

from django.core.management import call_command  # noqa: E402

QUESTIONS = (
    "行政区划",
    "区域",
    "xzqh",
    "xingzheng",
    "yljg",
    "医院",
    "机构",
    "名录",
    "行政 名录",
    "云",
    "COVID",
    "不存在的词",
    "a'b\"c*(",
    "的",
    "划区",
    "",
)


def main() -> None:
    """Titles for each question, and the facets of everything."""
    from tests.factories import resources as make
    from tests.factories.people import HOME, actor

    from dianchi.chapters.resources.catalogue import queries
    from dianchi.kernel.actors import Role

    call_command("migrate", verbosity=0, interactive=False)
    health = actor(Role.PROVIDER, organisation=HOME[Role.SECTOR][0])
    plain = {"contract": {}, "items": [make.column("name", "名称")]}
    make.a_published_item()
    make.a_published_item(by=health, title="医疗机构名录", summary="名称和地址。", sector="卫生健康", **plain)
    make.a_published_item(
        by=health, title="新冠疫情逐日累计", summary="确诊人数。", sector="卫生健康", update_frequency="daily", **plain
    )
    make.a_published_item(title="旅游景区名录", summary="景区等级。", sector="文化旅游", **plain)
    found = {q: [r.title for r in queries.search(queries.Asked(words=q), open_only=True).rows] for q in QUESTIONS}
    narrow = queries.search(queries.Asked(sector="卫生健康"), open_only=True)
    print(json.dumps({"found": found, "total": narrow.total, "facets": narrow.facets}, ensure_ascii=False))


if __name__ == "__main__":
    main()
