"""The public catalogue as DCAT 3, in JSON-LD and Turtle: the whole by pages, and each item by itself."""

from __future__ import annotations

from datetime import UTC
from typing import Any

from django.http import HttpRequest, HttpResponse
from rdflib import RDF, BNode, Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, SKOS, XSD

from dianchi.chapters.resources.catalogue import queries
from dianchi.chapters.resources.catalogue.queries import Description
from dianchi.kernel.text import Text

HYDRA = Namespace("http://www.w3.org/ns/hydra/core#")
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
EU = "http://publications.europa.eu/resource/authority/frequency/"
# Frequencies as the DCAT application profile for data portals names them.
FREQUENCIES = {
    "realtime": "CONT", "daily": "DAILY", "weekly": "WEEKLY", "monthly": "MONTHLY", "quarterly": "QUARTERLY",
    "half-yearly": "ANNUAL_2", "yearly": "ANNUAL", "irregular": "IRREG",
}  # fmt: skip
FORMATS = {"jsonld": ("json-ld", "application/ld+json"), "ttl": ("turtle", "text/turtle")}
PAGE = 200  # datasets of one page


def catalogue(request: HttpRequest, ending: str) -> HttpResponse:
    """A page of the catalogue (`?page=`); hydra says how many there are and where the next is."""
    host = _host(request)
    page = int(p) if (p := request.GET.get("page", "1")).isdigit() and 0 < int(p) < 1_000_000 else 1
    items = queries.open_items()
    total = items.count()
    said = queries.descriptions(items[(page - 1) * PAGE : page * PAGE])
    graph, root = _graph(), URIRef(f"{host}/catalogue")
    _catalogue(graph, root, host)
    for one in said:
        node = _dataset(graph, one, host)
        graph.add((root, DCAT.dataset, node))
        graph.add((root, DCAT.record, _record(graph, node, one, host)))
    _pages(graph, root, f"{host}/catalogue.{ending}", page, total)
    return _answer(graph, ending)


def item(request: HttpRequest, code: str, ending: str) -> HttpResponse:
    """One item; 404 where there is none that is public."""
    found = queries.open_item(code.upper())
    if found is None:
        return HttpResponse(status=404, content_type=FORMATS[ending][1])
    graph, host = _graph(), _host(request)
    said = queries.description(found)
    _record(graph, _dataset(graph, said, host), said, host)
    return _answer(graph, ending)


def _host(request: HttpRequest) -> str:
    return f"{request.scheme}://{request.get_host()}"


def _graph() -> Graph:
    graph = Graph()
    for name, space in (
        ("dcat", DCAT),
        ("dct", DCTERMS),
        ("foaf", FOAF),
        ("vcard", VCARD),
        ("hydra", HYDRA),
    ):
        graph.bind(name, space)
    return graph


def _answer(graph: Graph, ending: str) -> HttpResponse:
    form, media = FORMATS[ending]
    response = HttpResponse(graph.serialize(format=form, encoding="utf-8"), content_type=f"{media}; charset=utf-8")
    response["Access-Control-Allow-Origin"] = "*"  # public by law; browsers elsewhere may read it
    return response


def _say(graph: Graph, about: Any, relation: Any, text: str | Text) -> None:
    """A text in its language, both where there are two."""
    if not text:
        return
    graph.add((about, relation, Literal(str(text), lang="zh")))
    if isinstance(text, Text) and text.en and text.en != str(text):
        graph.add((about, relation, Literal(text.en, lang="en")))


def _catalogue(graph: Graph, root: URIRef, host: str) -> None:
    graph.add((root, RDF.type, DCAT.Catalog))
    _say(graph, root, DCTERMS.title, Text("云南省公共数据资源目录", "Catalogue of public data resources of Yunnan"))
    _say(
        graph, root, DCTERMS.description,
        Text("已发布且可以公开的公共数据资源目录，只含目录信息，不含数据", "Published items that may be public: descriptions, no data"),
    )  # fmt: skip
    graph.add((root, DCTERMS.language, Literal("zh")))
    graph.add((root, FOAF.homepage, URIRef(f"{host}/catalogue")))
    service = URIRef(f"{host}/api/3/action/package_search")
    graph.add((service, RDF.type, DCAT.DataService))
    graph.add((service, DCAT.endpointURL, service))
    graph.add((service, DCAT.servesDataset, root))
    _say(graph, service, DCTERMS.title, Text("目录检索接口", "Search of the catalogue"))
    graph.add((root, DCAT.service, service))


def _dataset(graph: Graph, said: Description, host: str) -> URIRef:
    node = URIRef(f"{host}/catalogue/{said.code}")
    graph.add((node, RDF.type, DCAT.Dataset))
    _say(graph, node, DCTERMS.title, said.title)
    _say(graph, node, DCTERMS.description, said.summary)
    graph.add((node, DCTERMS.identifier, Literal(said.code)))
    graph.add((node, DCAT.version, Literal(str(said.edition))))
    graph.add((node, DCTERMS.issued, _moment(said.issued_at)))
    graph.add((node, DCTERMS.modified, _moment(said.modified_at)))
    graph.add((node, DCTERMS.accrualPeriodicity, URIRef(EU + FREQUENCIES[said.frequency])))
    graph.add((node, DCTERMS.publisher, _publisher(graph, said, host)))
    graph.add((node, DCAT.theme, _theme(graph, said, host)))
    graph.add((node, DCAT.landingPage, node))
    graph.add((node, DCTERMS.language, Literal("zh")))
    for word in (said.sector, said.industry_label, *(f.title for f in said.fields[:20])):
        _say(graph, node, DCAT.keyword, word)
    _say(graph, node, DCTERMS.accessRights, said.attribute_label)
    _say(graph, node, DCTERMS.provenance, said.legal_basis)
    _where_and_when(graph, node, said)
    _contact(graph, node, said)
    return node


def _moment(at: Any) -> Literal:
    return Literal(at.astimezone(UTC).replace(microsecond=0).isoformat(), datatype=XSD.dateTime)


def _publisher(graph: Graph, said: Description, host: str) -> URIRef:
    node = URIRef(f"{host}/catalogue?provider={said.provider}")
    graph.add((node, RDF.type, FOAF.Organization))
    _say(graph, node, FOAF.name, said.provider_name)
    graph.add((node, DCTERMS.identifier, Literal(said.provider)))
    return node


def _theme(graph: Graph, said: Description, host: str) -> BNode:
    node = BNode()
    graph.add((node, RDF.type, SKOS.Concept))
    _say(graph, node, SKOS.prefLabel, said.sector)
    return node


def _where_and_when(graph: Graph, node: URIRef, said: Description) -> None:
    for code, name in said.places:
        spot = BNode()
        graph.add((spot, RDF.type, DCTERMS.Location))
        graph.add((spot, DCTERMS.identifier, Literal(code)))
        _say(graph, spot, SKOS.prefLabel, name)
        graph.add((node, DCTERMS.spatial, spot))
    if said.covers_from_on or said.covers_to_on:
        span = BNode()
        graph.add((span, RDF.type, DCTERMS.PeriodOfTime))
        for relation, day in ((DCAT.startDate, said.covers_from_on), (DCAT.endDate, said.covers_to_on)):
            if day is not None:
                graph.add((span, relation, Literal(day)))
        graph.add((node, DCTERMS.temporal, span))


def _contact(graph: Graph, node: URIRef, said: Description) -> None:
    if said.contact:
        card = BNode()
        graph.add((card, RDF.type, VCARD.Organization))
        graph.add((card, VCARD.fn, Literal(said.provider_name, lang="zh")))
        graph.add((card, VCARD.note, Literal(said.contact, lang="zh")))
        graph.add((node, DCAT.contactPoint, card))


def _record(graph: Graph, node: URIRef, said: Description, host: str) -> URIRef:
    """The entry about the dataset. There are no distributions: the data do not leave by this door."""
    record = URIRef(f"{host}/catalogue/{said.code}.ttl")
    graph.add((record, RDF.type, DCAT.CatalogRecord))
    graph.add((record, FOAF.primaryTopic, node))
    graph.add((record, DCTERMS.modified, _moment(said.modified_at)))
    return record


def _pages(graph: Graph, root: URIRef, address: str, page: int, total: int) -> None:
    view, last = URIRef(f"{address}?page={page}"), max(1, -(-total // PAGE))
    graph.add((view, RDF.type, HYDRA.PartialCollectionView))
    graph.add((root, HYDRA.view, view))
    graph.add((root, HYDRA.totalItems, Literal(total)))
    steps = {HYDRA.first: 1, HYDRA.last: last, **({HYDRA.previous: page - 1} if page > 1 else {})}
    steps |= {HYDRA.next: page + 1} if page < last else {}
    for relation, number in steps.items():
        graph.add((view, relation, URIRef(f"{address}?page={number}")))
