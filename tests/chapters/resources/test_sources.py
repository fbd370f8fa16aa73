"""Sources: who connects what, to which hosts, with a secret that nobody sees again."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.factories import resources as make
from tests.factories.people import HOME, NOON, actor
from tests.factories.resources import LONG_AGO, SAID, do
from tests.factories.rules import matrix, refused, rows

from dianchi.chapters.resources.sources.addresses import allowed, host_of
from dianchi.chapters.resources.sources.effects import opened
from dianchi.chapters.resources.sources.lifecycle import SOURCES, Facts
from dianchi.chapters.resources.sources.models import Source
from dianchi.chapters.resources.sources.queries import due
from dianchi.foundation.cases.perform import perform
from dianchi.foundation.cases.present import summary
from dianchi.foundation.cases.registry import get_case
from dianchi.foundation.ledger.models import Entry
from dianchi.kernel.actors import PLATFORM, Role
from dianchi.kernel.errors import NotFound, NotPermitted

pytestmark = pytest.mark.django_db
ALLOWED = """
connect: - -> active: provider
change: active, paused -> =: provider
fetched: active -> =: system
pause: active -> paused: provider bureau
resume: paused -> active: provider
stop: active, paused -> stopped: provider bureau
"""
SECRET = "s3cret-口令"


@pytest.fixture(autouse=True)
def store(tmp_path: Path, settings: Any) -> None:
    """Keys of its own for each test."""
    settings.DIANCHI_VAR = tmp_path / "var"


@pytest.fixture
def hosts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two hosts are allowed."""
    from dianchi.chapters.resources.sources import addresses

    monkeypatch.setattr(addresses, "value", lambda key, region: "data.example.cn,db.example.cn:6543,localhost")


def connect(by: Any = Role.PROVIDER, code: str | None = None, act: str = "connect", **changes: Any) -> Source:
    inputs = {"title": "到访接口", "kind": "http", "address": "https://data.example.cn/api", **changes}
    if "item" not in inputs:
        inputs["item"] = make.a_published_item().code
    who = actor(by) if isinstance(by, Role) else by
    return perform("sources", act, by=who, at=LONG_AGO, code=code, inputs=inputs).case


def test_who_may_do_what_from_where() -> None:
    assert matrix(SOURCES, Facts()) == rows(ALLOWED)


def test_only_the_provider_connects(hosts: None) -> None:
    item = make.a_published_item()
    with refused("sources.not-the-provider"):
        connect(actor(Role.PROVIDER, organisation=HOME[Role.SECTOR][0]), item=item.code)
    with refused("sources.item-not-published"):
        connect(item=make.a_draft_item().code)


@pytest.mark.parametrize(
    "changes",
    [{"address": ""}, {"kind": "postgresql", "address": "postgresql://db.example.cn:6543/x"}, {"address": "file:///etc/passwd"},
     {"kind": "folder", "item": ""}, {"kind": "ckan", "item": "", "sector": "x"}],
)  # fmt: skip
def test_what_a_kind_needs_must_be_there(hosts: None, changes: dict[str, Any]) -> None:
    with refused("sources.incomplete"):
        connect(**changes)


@pytest.mark.parametrize(
    "address",
    ["http://169.254.169.254/latest", "http://data.example.cn:8080/", "http://data.example.cn@evil.cn/", "http://evil.cn/data.example.cn",
     "http://localhost.evil.cn/", "http://[::1]/", "http://db.example.cn/"],
)  # fmt: skip
def test_no_host_but_those_allowed(hosts: None, address: str) -> None:
    with refused("sources.host-not-allowed") as seen:
        connect(address=address)
    assert host_of(address) in str(seen.of("sources.host-not-allowed").message)


def test_by_default_no_host_is_allowed() -> None:
    assert not allowed("https://data.example.cn/api", "530000")
    with refused("sources.host-not-allowed"):
        connect()


@pytest.mark.parametrize(
    ("address", "host"),
    [("postgresql:///x?host=/run/pg", "localhost"), ("postgresql://db.example.cn:5432/x", "db.example.cn"),
     ("postgresql://db.example.cn/x?host=evil.cn", ""), ("http://a:b:c/", ""), ("https://Data.Example.cn:443/", "data.example.cn")],
)  # fmt: skip
def test_the_host_of_an_address(address: str, host: str) -> None:
    assert host_of(address) == host


@pytest.mark.parametrize("address", ["https://u:pw@data.example.cn/", "postgresql://db.example.cn/x?password=pw"])
def test_no_password_in_the_address(hosts: None, address: str) -> None:
    with refused("sources.password-in-address"):
        connect(address=address)


def test_the_secret_is_sealed_and_never_told(hosts: None, tmp_path: Path) -> None:
    source = connect(secret=SECRET, username="reader")
    assert opened(source) == SECRET
    assert SECRET not in source.sealed
    told = json.dumps([e.payload for e in Entry.objects.filter(case_id=source.code)], ensure_ascii=False, default=str)
    assert SECRET not in told
    assert source.sealed not in told
    assert SECRET not in json.dumps(summary(source), ensure_ascii=False, default=str)
    files = [p.read_bytes() for p in (tmp_path / "var").rglob("*") if p.is_file()]
    assert not any(SECRET.encode() in data for data in files)


def test_a_change_without_a_secret_keeps_it(hosts: None) -> None:
    source = connect(secret=SECRET)
    changed = connect(code=source.code, act="change", item=source.item.code, query="visits", secret="")
    assert opened(changed) == SECRET
    again = connect(code=source.code, act="change", item=source.item.code, secret="other")
    assert opened(again) == "other"


def test_a_source_is_due_by_the_frequency_of_its_resource(hosts: None) -> None:
    source = connect(item=make.a_published_item(update_frequency="weekly").code)
    assert due(NOON) == [source]
    do("sources", "fetched", PLATFORM, source.code, at=NOON, rows=3)
    assert due(NOON + timedelta(days=6)) == []
    assert due(NOON + timedelta(days=7)) == [source]
    do("sources", "fetched", PLATFORM, source.code, at=NOON, problem="不能连接")
    assert due(NOON + timedelta(hours=1)) == [source]  # what failed is tried again sooner
    do("sources", "pause", Role.BUREAU, source.code, reason=SAID)
    assert due(NOON + timedelta(days=30)) == []
    assert do("sources", "resume", Role.PROVIDER, source.code).state == "active"
    assert do("sources", "stop", Role.PROVIDER, source.code, reason=SAID).state == "stopped"


def test_sources_are_for_their_provider_and_supervision(hosts: None) -> None:
    source = connect()
    for role in (Role.PROVIDER, Role.BUREAU, Role.AUDITOR):
        assert get_case("sources", source.code, actor(role)) == source
    for by in (actor(Role.OPERATOR), actor(Role.PROVIDER, organisation=HOME[Role.SECTOR][0]), actor(Role.SYSTEM_ADMIN)):
        with pytest.raises(NotFound):
            get_case("sources", source.code, by)


def test_a_refused_attempt_is_recorded_and_leaves_nothing(hosts: None) -> None:
    with pytest.raises(NotPermitted):
        connect(actor(Role.OPERATOR))
    assert Source.objects.count() == 0
    assert Entry.objects.filter(kind="sources.connect", outcome="refused").count() == 1
