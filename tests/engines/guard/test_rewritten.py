"""What allowed queries become: the whole text that the engine is given, kept word for word.

A change here is a change of what is run; after judging it, write the file anew with
`.venv/bin/python -m tests.engines.guard.test_rewritten`.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.engines.guard import people
from tests.engines.guard.test_attacks import ALLOWED

from dianchi.engines import guard

GRANT = guard.Grant.from_json(people.grant())
FILE = Path(__file__).parent / "fixtures/rewritten.golden"
EXAMPLES = [
    "select region_code, count(*), avg(cost) from visits group by 1",
    "select d.name, sum(cost) from visits v join divisions d on d.code = left(v.region_code, 4) group by 1 order by 2 desc limit 5",
    "select age // 10 * 10 as decade, count(distinct person_id) from visits where age >= 60 group by 1",
    "with v as (select * from visits) select count(*) from v where region_code = '530102'",
    "select name from visits",
    "select region_code, age // 30, count(*), sum(cost) from visits group by rollup (1, 2)",
    "select region_code, sum(case when age > 60 then cost else 0 end) from visits group by 1",
    "select count(*) from visits v where exists (select 1 from visits w where w.person_id = v.person_id and w.age > 30)",
]
QUERIES = list(dict.fromkeys([*EXAMPLES, *ALLOWED[::12]]))


def rewritten(sql: str) -> str:
    """The text for the engine."""
    return guard.compile(sql, GRANT).sql


@pytest.mark.parametrize("sql", QUERIES, ids=[q[:60] for q in QUERIES])
def test_the_text_for_the_engine_is_as_it_was_judged(sql: str) -> None:
    kept = dict(block.split(";\n-- ", 1) for block in FILE.read_text("utf-8").strip().split("\n\n"))
    assert rewritten(sql) == kept[sql]


if __name__ == "__main__":
    FILE.write_text("\n\n".join(f"{q};\n-- {rewritten(q)}" for q in QUERIES) + "\n", "utf-8")
