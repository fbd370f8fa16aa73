"""The public catalogue for machines: an unchanged ckanapi client against a served process, and DCAT read by rdflib."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from ckanapi import NotFound, RemoteCKAN, ValidationError
from rdflib import Graph, Literal
from rdflib import namespace as known

ROOT = Path(__file__).resolve().parents[3]
PUBLIC = {"云南省行政区划", "医疗机构名录"}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(address: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until and process.poll() is None:
        try:
            urllib.request.urlopen(f"{address}/healthz", timeout=2).read()
            return
        except OSError:
            time.sleep(0.05)  # the process is starting; nothing tells when it has
    raise AssertionError("the server did not start")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A store with a small catalogue, served by a process of its own."""
    store = tmp_path_factory.mktemp("store") / "var"
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("DIANCHI", "DJANGO"))}
    environment = {**clean, "DIANCHI_VAR": str(store), "PYTHONPATH": str(ROOT)}
    seeded = subprocess.run(
        [sys.executable, "-m", "tests.interfaces.api.seed_catalogue"], env=environment, cwd=ROOT, capture_output=True, check=False
    )  # fmt: skip
    assert seeded.returncode == 0, seeded.stderr.decode()[-2000:]
    port = _free_port()
    command = [sys.executable, "-m", "dianchi.interfaces.cli.main", "serve", "--port", str(port), "--workers", "1"]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        address = f"http://127.0.0.1:{port}"
        _wait(address, process)
        yield address
    finally:
        process.terminate()
        process.wait(20)


@pytest.fixture(params=[False, True], ids=["post", "get"])
def ckan(site: str, request: pytest.FixtureRequest) -> Iterator[RemoteCKAN]:
    """The client as it comes, by POST and by GET."""
    with RemoteCKAN(site, get_only=request.param) as client:
        yield client


def read(address: str) -> tuple[bytes, str]:
    with urllib.request.urlopen(address, timeout=10) as answer:
        return answer.read(), answer.headers.get_content_type()


def test_the_site_says_what_it_is(ckan: RemoteCKAN) -> None:
    assert ckan.action.status_show()["ckan_version"].startswith("2.")
    assert ckan.action.site_read() is True


def test_only_what_may_be_public_is_listed(ckan: RemoteCKAN) -> None:
    names = ckan.action.package_list()
    shown = [ckan.action.package_show(id=name) for name in names]
    assert {p["title"] for p in shown} == PUBLIC
    assert ckan.action.package_list(limit=1, offset=1) == names[1:]


def test_nothing_of_the_security_design_is_shown(ckan: RemoteCKAN) -> None:
    said = json.dumps([ckan.action.package_show(id=name) for name in ckan.action.package_list()], ensure_ascii=False)
    assert not [word for word in ("内部系统甲", "known-level", "uses", "grading_basis", "risk") if word in said]


@pytest.mark.parametrize("words", ["行政区划", "xzqh", "xingzheng", "区域", "四级"])
def test_search_by_words_pinyin_and_synonyms(ckan: RemoteCKAN, words: str) -> None:
    found = ckan.action.package_search(q=words)
    assert [p["title"] for p in found["results"]] == ["云南省行政区划"]
    assert found["count"] == 1


def test_search_with_filters_pages_and_facets(ckan: RemoteCKAN) -> None:
    everything = ckan.action.package_search(q="*:*", rows=1, **{"facet.field": '["organization", "groups"]'})
    assert (everything["count"], len(everything["results"])) == (2, 1)
    second = ckan.action.package_search(q="*:*", rows=1, start=1)["results"]
    assert {everything["results"][0]["title"], second[0]["title"]} == PUBLIC
    items = everything["search_facets"]["organization"]["items"]
    assert {i["display_name"]: i["count"] for i in items} == {"云南省文化和旅游厅": 1, "云南省卫生健康委员会": 1}
    one = ckan.action.package_search(fq=f"organization:{items[0]['name']}")
    assert one["count"] == 1
    assert ckan.action.package_search(fq="organization:nobody")["count"] == 0
    assert ckan.action.package_search(rows=0)["results"] == []


def test_organisations_groups_and_tags(ckan: RemoteCKAN) -> None:
    for kind in ("organization", "group"):
        listed = ckan.call_action(f"{kind}_list", {"all_fields": True})
        assert {row["package_count"] for row in listed} == {1}
        names = ckan.call_action(f"{kind}_list", {})
        assert sorted(names) == sorted(row["name"] for row in listed)
        shown = ckan.call_action(f"{kind}_show", {"id": names[0]})
        assert shown["package_count"] == len(shown["packages"]) == 1
    tags = ckan.action.tag_list()
    assert {"民政", "卫生健康", "每月", "云南省"} <= set(tags)
    assert len(ckan.action.tag_show(id="每月", include_datasets=True)["packages"]) == 1


def test_a_resource_is_a_form_of_the_description(ckan: RemoteCKAN) -> None:
    package = ckan.action.package_show(id=ckan.action.package_list()[0])
    resource = package["resources"][-1]
    assert ckan.action.resource_show(id=resource["id"]) == resource
    body, kind = read(resource["url"])
    assert (kind, resource["mimetype"]) == ("text/turtle", "text/turtle")
    assert Graph().parse(data=body, format="turtle")


def test_what_is_not_there_is_said_as_ckan_says_it(ckan: RemoteCKAN) -> None:
    for action in ("package_show", "organization_show", "group_show", "resource_show", "tag_show"):
        with pytest.raises(NotFound):
            ckan.call_action(action, {"id": "no-such-thing"})
    with pytest.raises(ValidationError):
        ckan.action.package_search(rows="many")
    with pytest.raises(ValidationError):
        ckan.action.package_show()


@pytest.mark.parametrize(("thing", "many"), [("datasets", 2), ("organizations", 2), ("groups", 2)])
def test_dump_writes_every_record(site: str, tmp_path: Path, thing: str, many: int) -> None:
    out = tmp_path / "dump.jsonl"
    scripts = Path(sys.executable).parent
    environment = {**os.environ, "PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}"}
    command = [str(scripts / "ckanapi"), "dump", thing, "--all", "-r", site, "-O", str(out), "-p", "2"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    records = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert len(records) == many
    assert all(record["name"] and record["title"] for record in records)


# DCAT


@pytest.mark.parametrize(
    ("ending", "form", "media"), [("ttl", "turtle", "text/turtle"), ("jsonld", "json-ld", "application/ld+json")]
)
def test_the_catalogue_is_dcat(site: str, ending: str, form: str, media: str) -> None:
    body, kind = read(f"{site}/catalogue.{ending}")
    graph = Graph().parse(data=body, format=form)
    assert kind == media
    (catalogue,) = graph.subjects(known.RDF.type, known.DCAT.Catalog)
    datasets = set(graph.objects(catalogue, known.DCAT.dataset))
    assert {str(graph.value(d, known.DCTERMS.title)) for d in datasets} == PUBLIC
    for dataset in datasets:
        assert (dataset, known.RDF.type, known.DCAT.Dataset) in graph
        publisher = graph.value(dataset, known.DCTERMS.publisher)
        assert str(graph.value(publisher, known.FOAF.name)).startswith("云南省")
        assert graph.value(dataset, known.DCTERMS.accrualPeriodicity) is not None
        record = next(graph.subjects(known.FOAF.primaryTopic, dataset))
        alone = Graph().parse(data=read(str(record))[0], format="turtle")
        assert alone.value(dataset, known.DCTERMS.identifier) == graph.value(dataset, known.DCTERMS.identifier)
    assert not list(graph.subjects(known.RDF.type, known.DCAT.Distribution))  # no data leave by this door


def test_both_forms_say_the_same(site: str) -> None:
    graphs = [
        Graph().parse(data=read(f"{site}/catalogue.{e}")[0], format=f)
        for e, f in (("ttl", "turtle"), ("jsonld", "json-ld"))
    ]
    said = [{(str(s), str(o)) for s, o in g.subject_objects(known.DCTERMS.title)} for g in graphs]
    assert said[0] == said[1]
    assert any(o == Literal("2020-01-01", datatype=o.datatype) for o in graphs[0].objects(None, known.DCAT.startDate))


def test_what_is_not_public_has_no_description(site: str) -> None:
    with pytest.raises(urllib.error.HTTPError) as refused:
        read(f"{site}/catalogue/ML-0000.ttl")
    assert refused.value.code == 404
