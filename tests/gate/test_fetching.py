"""Fetching: pages of a web service, a database by its watermark, a drop folder, another platform's datasets."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest
from tests.factories import resources as make
from tests.factories.people import NOON, actor
from tests.factories.resources import LONG_AGO, SAID, do
from tests.postgres import postgres_url

from dianchi.chapters.resources.catalogue.models import Item
from dianchi.chapters.resources.sources import addresses
from dianchi.chapters.resources.sources.models import Source
from dianchi.chapters.resources.supply.models import Load
from dianchi.foundation.cases.perform import perform
from dianchi.foundation.jobs.queue import run_next
from dianchi.gate import fetching, tending
from dianchi.gate.feeds.web import records
from dianchi.gate.store import lake
from dianchi.kernel.actors import Role
from dianchi.kernel.errors import Invalid

pytestmark = pytest.mark.django_db(transaction=True)
ROWS = [{"code": f"5301{i:02d}", "name": f"县{i}", "level": "county", "parent_code": "5301"} for i in range(25)]
Answer = Callable[[str, dict[str, str], Any], tuple[int, str, bytes] | tuple[int, str, bytes, str]]


@pytest.fixture(autouse=True)
def store(tmp_path: Path, settings: Any) -> Iterator[None]:
    settings.DIANCHI_VAR = tmp_path / "var"
    lake.cache_clear()
    yield
    lake.cache_clear()


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Answer], str]]:
    """Start a web service of ours; its address, whose host alone is allowed."""
    servers: list[ThreadingHTTPServer] = []

    def start(answer: Answer) -> str:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                query = {k: v[0] for k, v in parse_qs(parts.query).items()}
                status, kind, body, *location = answer(parts.path, query, self.headers)
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                if location:
                    self.send_header("Location", location[0])
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        host = f"127.0.0.1:{server.server_port}"
        if len(servers) == 1:
            monkeypatch.setattr(addresses, "value", lambda key, region: f"{host},localhost")
        return f"http://{host}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def database() -> str:
    """The URL of an empty database of this test alone."""
    return postgres_url()


def connect(**changes: Any) -> Source:
    if "item" not in changes:
        changes["item"] = make.a_published_item(update_frequency="daily").code
    inputs = {"title": "数据源", "kind": "http", **changes}
    return perform("sources", "connect", by=actor(Role.PROVIDER), at=LONG_AGO, inputs=inputs).case


def fetched(source: Source, at: Any = NOON) -> Source:
    fetching.fetch(Source.objects.get(pk=source.pk), at)
    return Source.objects.get(pk=source.pk)


def as_json(value: object) -> tuple[int, str, bytes]:
    return 200, "application/json", json.dumps(value, ensure_ascii=False).encode()


def paged(path: str, query: dict[str, str], headers: Any) -> tuple[int, str, bytes]:
    if headers.get("Authorization") != "Bearer t0ken":
        return 401, "text/plain", b""
    size, page = int(query["size"]), int(query["page"])
    return as_json({"code": 0, "data": {"total": len(ROWS), "records": ROWS[(page - 1) * size : page * size]}})


def test_every_page_of_a_service_is_one_load(serve: Any) -> None:
    source = connect(address=serve(paged) + "/visits", page="page", size="size", page_size=10, secret="t0ken")
    after = fetched(source)
    load = Load.objects.get(code=after.load)
    assert (after.rows, after.problem, load.rows_received, load.rows_accepted, load.channel) == (25, "", 25, 25, "http")
    assert load.state == "received"


def test_the_same_answer_again_is_no_second_load_and_no_problem(serve: Any) -> None:
    source = connect(address=serve(paged) + "/visits", page="page", size="size", page_size=10, secret="t0ken")
    first = fetched(source)
    again = fetched(source, NOON + timedelta(days=1))
    assert (again.problem, again.load, Load.objects.exclude(state="opened").count()) == ("", "", 1)
    assert first.load


def test_a_wrong_token_is_a_problem_that_holds_no_secret(serve: Any) -> None:
    after = fetched(connect(address=serve(paged) + "/visits", page="page", size="size", secret="wrong-t0ken"))
    assert "sources.refused" in after.problem
    assert "401" in after.problem
    assert "wrong-t0ken" not in after.problem
    assert not after.load


def test_pages_of_csv_have_one_header(serve: Any) -> None:
    def answer(path: str, query: dict[str, str], headers: Any) -> tuple[int, str, bytes]:
        page = ROWS[(int(query["p"]) - 1) * 10 : int(query["p"]) * 10]
        return (
            200,
            "text/csv",
            ("code,name,level,parent_code\n" + "".join(",".join(r.values()) + "\n" for r in page)).encode(),
        )

    after = fetched(connect(address=serve(answer), page="p"))
    assert (after.problem, Load.objects.get(code=after.load).rows_accepted) == ("", 25)


def test_a_service_without_pages_is_asked_once(serve: Any) -> None:
    asked: list[str] = []

    def answer(path: str, query: dict[str, str], headers: Any) -> tuple[int, str, bytes]:
        asked.append(path)
        return as_json(ROWS)

    assert fetched(connect(address=serve(answer))).rows == 25
    assert asked == ["/"]


@pytest.mark.parametrize(
    "elsewhere", ["http://169.254.169.254/latest/meta-data", "http://localhost:1/x", "file:///etc/passwd", "//evil.cn/"]
)
def test_no_redirect_leads_elsewhere(serve: Any, elsewhere: str) -> None:
    after = fetched(connect(address=serve(lambda *_: (302, "text/plain", b"", elsewhere))))
    assert "sources.led-elsewhere" in after.problem
    assert Load.objects.count() == 0


def test_a_redirect_on_the_same_host_is_followed(serve: Any) -> None:
    address = serve(lambda path, *_: as_json(ROWS) if path == "/new" else (301, "text/plain", b"", "/new"))
    assert fetched(connect(address=f"{address}/old")).rows == 25


def test_a_host_that_is_struck_off_is_not_asked(serve: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    source = connect(address=serve(lambda *_: as_json(ROWS)))
    monkeypatch.setattr(addresses, "value", lambda key, region: "")
    assert "sources.led-elsewhere" in fetched(source).problem


def test_what_holds_no_rows_is_said(serve: Any) -> None:
    assert "sources.not-data" in fetched(connect(address=serve(lambda *_: as_json({"message": "x"})))).problem
    for nothing in (1, {"a": [1, 2]}, {"a": "b"}):
        with pytest.raises(Invalid):
            records(nothing)


def test_a_database_is_read_by_its_watermark(serve: Any, database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(addresses, "value", lambda key, region: "localhost")
    with psycopg.connect(database, autocommit=True) as db:
        db.execute("CREATE TABLE places (code text, name text, level text, parent_code text, changed timestamp)")
        insert = "INSERT INTO places VALUES (%s, %s, 'county', '5301', %s)"
        db.cursor().executemany(
            insert, [(r["code"], '县, "引"', f"2024-01-01 00:00:{i:02d}") for i, r in enumerate(ROWS)]
        )
        query = "SELECT code, name, level, parent_code, changed FROM places"
        columns = [*make.DIVISIONS, make.column("changed", "变更时间", "TIMESTAMP")]
        contract = make.DIVISIONS_CONTRACT | {
            "columns": [*make.DIVISIONS_CONTRACT["columns"], {"name": "changed", "type": "timestamp"}]
        }
        item = make.a_published_item(items=columns, contract=contract)
        source = connect(item=item.code, kind="postgresql", address=database, query=query, watermark="changed")
        first = fetched(source)
        assert (first.problem, first.rows, first.watermark_value) == ("", 25, "2024-01-01 00:00:24")
        do("supply", "pass", Role.BUREAU, first.load, at=NOON, verdict=SAID)
        assert fetched(source).rows == 0  # nothing new
        db.execute(insert, ("530199", "新县", "2024-01-02 00:00:00"))
        second = fetched(source)
    assert (second.rows, second.watermark_value) == (1, "2024-01-02 00:00:00")
    load = Load.objects.get(code=second.load)
    assert (load.added, load.rows_received, lake().read(item.code, int(load.snapshot)).num_rows) == (True, 1, 26)


@pytest.mark.parametrize(
    "query", ["nowhere", "DELETE FROM places RETURNING *", "SELECT 1; DROP TABLE places", "SELECT nothing FROM places"]
)
def test_a_database_is_only_read(query: str, database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(addresses, "value", lambda key, region: "localhost")
    with psycopg.connect(database, autocommit=True) as db:
        db.execute("CREATE TABLE places (code text)")
        db.execute("INSERT INTO places VALUES ('1')")
        after = fetched(connect(kind="postgresql", address=database, query=query))
        assert "sources.bad-query" in after.problem
        assert db.execute("SELECT count(*) FROM places").fetchall() == [(1,)]


def test_files_dropped_into_the_folder_come_in(serve: Any) -> None:
    source = connect(kind="folder", address="")
    folder = fetching.folder_of(source)
    assert fetching.poll(NOON) == 0
    (folder / "a.csv").write_text("code,name,level,parent_code\n530101,甲,county,5301\n", encoding="utf-8")
    (folder / "b.csv").write_text("x\n1\n")
    (folder / "c.csv.part").write_text("code")
    assert tending.tend(NOON) == 1
    assert run_next(lambda: NOON)
    after = Source.objects.get(pk=source.pk)
    assert [(r["name"], r["outcome"]) for r in after.report] == [("a.csv", "已接收"), ("b.csv", "未接收")]
    assert Load.objects.get(code=after.load).channel == "folder"
    assert [p.name for p in folder.iterdir() if p.is_file()] == ["c.csv.part"]
    assert len(list((folder / "已接收").iterdir())) == len(list((folder / "未接收").iterdir())) == 1


def test_another_platform_is_folded_in_with_a_report(serve: Any) -> None:
    csv = "区划代码,名称,数量\n" + "".join(f"5301{i:02d},县{i},{i}\n" for i in range(60))

    def answer(path: str, query: dict[str, str], headers: Any) -> tuple[int, str, bytes]:
        if path == "/visits.csv":
            return 200, "text/csv", csv.encode("gb18030")
        if path == "/gone.csv":
            return 404, "text/plain", b""
        found = [
            {"name": "visits", "title": "到访统计", "notes": "各县到访。", "extras": [{"key": "frequency", "value": "monthly"}],
             "resources": [{"format": "CSV", "url": f"{address}/visits.csv"}, {"format": "CSV", "url": f"{address}/more.csv"}]},
            {"name": "map", "title": "地图", "resources": [{"format": "SHP", "url": f"{address}/x.shp"}]},
            {"name": "gone", "title": "失效", "resources": [{"format": "CSV", "url": f"{address}/gone.csv"}]},
            {"name": "far", "title": "外链", "resources": [{"format": "CSV", "url": "http://169.254.169.254/x.csv"}]},
        ]  # fmt: skip
        return as_json({"success": True, "result": {"count": len(found), "results": found[int(query["start"]) :]}})

    address = serve(answer)
    make.enrol_all()
    source = connect(kind="ckan", address=address, item="", sector="文化旅游", legal_basis="旅游条例")
    after = fetched(source)
    assert [(r["name"], r["outcome"]) for r in after.report] == [
        ("visits", "已拟目录"), ("map", "未并入"), ("gone", "未并入"), ("far", "未并入"),
    ]  # fmt: skip
    assert "404" in after.report[2]["reason"]
    assert "sources.led-elsewhere" in after.report[3]["reason"]
    item = Item.objects.get(code=after.mapping["visits"])
    assert (item.state, item.update_frequency, item.grade) == ("draft", "monthly", "")
    assert [(c["name"], c["title"]) for c in item.items] == [
        ("column_1", "区划代码"),
        ("column_2", "名称"),
        ("column_3", "数量"),
    ]
    do("catalogue", "grade", Role.PROVIDER, item.code, **make.grading())
    do("catalogue", "submit", Role.PROVIDER, item.code)
    do("catalogue", "publish", Role.BUREAU, item.code)
    again = fetched(source, NOON + timedelta(days=1))
    assert (again.report[0]["outcome"], again.rows) == ("已并入", 60)
    assert "另有 1 个数据文件未并入" in again.report[0]["reason"]
    assert Load.objects.get(code=again.load).rows_accepted == 60
