"""Catalogue items as CKAN's packages, organisations, groups, tags and resources."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import pypinyin

from dianchi.chapters.resources.catalogue import queries
from dianchi.chapters.resources.catalogue.queries import Description, place
from dianchi.foundation.organisations.queries import names

Asked = Mapping[str, Any]
MOST = 1000  # packages of one answer, as in CKAN
LICENCE = {
    "id": "notspecified", "title": "仅公开目录信息，数据按授权运营程序使用", "url": "", "status": "active",
    "domain_data": False, "domain_content": False, "domain_software": False, "od_conformance": "not reviewed",
    "osd_conformance": "not reviewed", "maintainer": "", "family": "", "is_generic": True,
}  # fmt: skip
# CKAN's facets and ours.
_FACETS = {
    "organization": "provider",
    "groups": "sector",
    "region": "region",
    "frequency": "frequency",
    "grade": "grade",
}
_CLAUSE = re.compile(r'([+-]?)([a-z_]+):("[^"]*"|\([^)]*\)|\S+)')


class Missing(Exception):
    """There is no such thing, or none that is public."""


class Wrong(Exception):
    """A parameter is not what the action takes."""

    def __init__(self, field: str, message: str):
        self.field, self.message = field, message
        super().__init__(message)


@lru_cache(maxsize=4096)
def slug(title: str) -> str:
    """A name as CKAN takes it: pinyin, small letters, with a few hexadecimal digits so that no two are the same."""
    letters = re.sub(r"[^a-z0-9]+", "-", "-".join(pypinyin.lazy_pinyin(title)).lower()).strip("-")[:60]
    return f"{letters}-{uuid5(NAMESPACE_URL, title).hex[:6]}" if letters else uuid5(NAMESPACE_URL, title).hex


def _number(asked: Asked, field: str, default: int, most: int | None = None) -> int:
    value = asked.get(field)
    if value in (None, ""):
        return default
    try:
        number = int(str(value))
    except ValueError:
        raise Wrong(field, "Invalid integer") from None
    if number < 0:
        raise Wrong(field, "Must be a natural number")
    return min(number, most) if most is not None else number


def _flag(asked: Asked, field: str, default: bool) -> bool:
    value = asked.get(field, default)
    return value if isinstance(value, bool) else str(value).lower() in ("true", "1", "yes", "on")


def _id(asked: Asked, field: str = "id") -> str:
    value = asked.get(field)
    if not isinstance(value, str) or not value:
        raise Wrong(field, "Missing value")
    return value


# Packages


def package(said: Description, host: str) -> dict[str, Any]:
    """One item as a package."""
    return {
        "id": said.code.lower(), "name": said.code.lower(), "title": said.title, "notes": said.summary, "type": "dataset",
        "state": "active", "private": False, "isopen": False, "url": f"{host}/catalogue/{said.code}",
        "version": str(said.edition), "license_id": LICENCE["id"], "license_title": LICENCE["title"], "author": said.provider_name,
        "author_email": None, "maintainer": said.contact, "maintainer_email": None, "creator_user_id": None,
        "metadata_created": _moment(said.issued_at), "metadata_modified": _moment(said.modified_at),
        "owner_org": said.provider.lower(), "organization": _organisation(said.provider, said.provider_name, host),
        "groups": [_group(said.sector)], "tags": [_tag(t) for t in tags(said)], "num_tags": len(tags(said)),
        "extras": [{"key": key, "value": value} for key, value in _extras(said)], "resources": _resources(said, host),
        "num_resources": 3, "relationships_as_subject": [], "relationships_as_object": [],
    }  # fmt: skip


def _moment(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S.%f")


def tags(said: Description) -> list[str]:
    """What an item is tagged with: its sector, its division, how often it changes."""
    return list(dict.fromkeys((said.sector, str(place(said.region)), str(said.frequency_label))))


def _extras(said: Description) -> list[tuple[str, str]]:
    plain = {
        "catalogue_code": said.code, "sector": said.sector, "industry": said.industry, "frequency": said.frequency,
        "coverAreaCodes": ",".join(said.coverage), "dataCoverageTimeStart": said.covers_from_on,
        "dataCoverageTimeEnd": said.covers_to_on, "authorization": str(said.attribute_label), "condition": said.condition,
        "sharing": str(said.sharing_label), "opening": str(said.opening_label), "grade": str(said.grade_label),
        "format": str(said.format_label), "legal_basis": said.legal_basis, "quality": said.quality_statement,
        "records": said.volume_records, "bytes": said.volume_bytes,
    }  # fmt: skip
    return [(key, str(value)) for key, value in plain.items() if value not in (None, "")]


def _resources(said: Description, host: str) -> list[dict[str, Any]]:
    page = f"{host}/catalogue/{said.code}"
    return [
        _resource(said, n, name, kind, media, f"{page}{ending}")
        for n, (name, kind, media, ending) in enumerate((
            ("目录页面", "HTML", "text/html", ""), ("目录描述（DCAT）", "JSON-LD", "application/ld+json", ".jsonld"),
            ("目录描述（DCAT）", "TTL", "text/turtle", ".ttl"),
        ))
    ]  # fmt: skip


def _resource(said: Description, position: int, name: str, kind: str, media: str, url: str) -> dict[str, Any]:
    return {
        "id": f"{said.code.lower()}.{kind.lower()}", "package_id": said.code.lower(), "name": name, "description": "",
        "format": kind, "mimetype": media, "url": url, "position": position, "state": "active", "url_type": None,
        "created": _moment(said.issued_at), "last_modified": _moment(said.modified_at), "metadata_modified": _moment(said.modified_at),
        "size": None, "hash": "", "resource_type": "metadata", "datastore_active": False, "cache_url": None,
        "cache_last_updated": None, "mimetype_inner": None,
    }  # fmt: skip


def package_list(asked: Asked, host: str) -> Any:
    """The names of all packages, in order; `limit` and `offset` take a part."""
    codes = [code.lower() for code in queries.open_codes()]
    first = _number(asked, "offset", 0)
    return codes[first : first + _number(asked, "limit", len(codes))]


def current_package_list(asked: Asked, host: str) -> Any:
    """Packages with their resources, the latest changed first; `limit` and `offset` take a part."""
    return package_search({"rows": asked.get("limit", 100), "start": asked.get("offset", 0)}, host)["results"]


def package_show(asked: Asked, host: str) -> Any:
    """One package, by name or id."""
    return package(_found(_id(asked)), host)


def _found(name: str) -> Description:
    item = queries.open_item(name.upper())
    if item is None:
        raise Missing
    return queries.description(item)


def package_search(asked: Asked, host: str) -> Any:
    """Packages that hold the words of `q`, within the filters of `fq`, with facets; `rows` and `start` take a part."""
    wanted = _wanted(asked)
    rows, start = _number(asked, "rows", 10, MOST), _number(asked, "start", 0)
    if wanted is None:
        return {"count": 0, "results": [], "facets": {}, "search_facets": {}, "sort": "", "expanded": {}}
    # A page of the search is counted in rows; a start between two pages is cut out of both.
    size = max(rows, 1)
    page, skip = divmod(start, size)
    found = queries.search(wanted, open_only=True, page=page + 1, size=size)
    entries = found.rows[skip:]
    if skip and rows:
        entries += queries.search(wanted, open_only=True, page=page + 2, size=size).rows[:skip]
    said = queries.descriptions(queries.open_named([e.code for e in entries[:rows]]))
    facets = _facets(asked, found.facets)
    return {
        "count": found.total, "sort": "score desc, metadata_modified desc", "expanded": {},
        "results": [package(one, host) for one in said],
        "facets": {name: {i["name"]: i["count"] for i in said["items"]} for name, said in facets.items()},
        "search_facets": facets,
    }  # fmt: skip


def _wanted(asked: Asked) -> queries.Asked | None:
    """What the query and its filters ask; None where they ask for what cannot be."""
    query, filters = str(asked.get("q") or ""), asked.get("fq") or asked.get("fq_list") or ""
    filters = " ".join(map(str, filters)) if isinstance(filters, list) else str(filters)
    clauses = _CLAUSE.findall(f"{query} {filters}")
    words = [_CLAUSE.sub("", query).replace("*:*", "").replace("*", "")]
    narrow: dict[str, str] = {}
    for sign, field, value in clauses:
        value = value.strip('"()')
        if field in ("title", "notes", "text", "name", "tags"):
            words.append(value)
        elif facet := {"res_format": "", **_FACETS, "owner_org": "provider"}.get(field):
            narrow[facet] = _value(field, value)
            if sign == "-" or not narrow[facet]:
                return None
    return queries.Asked(words=" ".join(w for w in words if w.strip()).strip(), **narrow)


def _value(field: str, value: str) -> str:
    """Our value of a CKAN name: the code of an organisation, the title of a sector."""
    if field in ("organization", "owner_org"):
        return next((code for code in queries.open_values("provider") if value.lower() == code.lower()), "")
    if field == "groups":
        return next((s for s in queries.open_values("sector") if value in (slug(s), s)), "")
    return value


def _facets(asked: Asked, found: Mapping[str, list[tuple[str, int]]]) -> dict[str, Any]:
    wanted = asked.get("facet.field") or asked.get("facet_field") or []
    if isinstance(wanted, str):
        try:
            wanted = json.loads(wanted)
        except ValueError:
            wanted = [wanted]
    limit = _number(asked, "facet.limit", 50)
    made = {}
    for name in wanted if isinstance(wanted, list) else []:
        values = found.get(_FACETS.get(name, ""), [])[: limit or None]
        known = names({v for v, _ in values}) if name == "organization" else {}
        items = [{**_named(name, v, known), "count": count} for v, count in values]
        made[str(name)] = {"title": str(name), "items": items}
    return made


def _named(facet: str, value: str, known: Mapping[str, str]) -> dict[str, str]:
    if facet == "organization":
        return {"name": value.lower(), "display_name": known.get(value, value)}
    return {"name": slug(value) if facet == "groups" else value, "display_name": value}


def package_autocomplete(asked: Asked, host: str) -> Any:
    """Names and titles of packages that begin with or hold `q`."""
    found = queries.search(queries.Asked(words=_id(asked, "q")), open_only=True, size=_number(asked, "limit", 10, 100))
    return [
        {"name": e.code.lower(), "title": e.title, "match_field": "title", "match_displayed": e.title} for e in found.rows
    ]  # fmt: skip


def resource_show(asked: Asked, host: str) -> Any:
    """One resource of a package, by id."""
    wanted = _id(asked).lower()
    of_it = _resources(_found(wanted.partition(".")[0]), host)
    found = next((r for r in of_it if r["id"] == wanted), None)
    if found is None:
        raise Missing
    return found


def resource_search(asked: Asked, host: str) -> Any:
    """Resources of the packages whose title holds what `query` asks (`name:…`)."""
    query = asked.get("query")
    text = " ".join(query) if isinstance(query, list) else str(query or "")
    found = package_search({"q": text.partition(":")[2] or text, "rows": asked.get("limit", 100)}, host)["results"]
    resources = [r for p in found for r in p["resources"]]
    return {"count": len(resources), "results": resources}


# Organisations, groups, tags


def _organisation(uscc: str, title: str, host: str) -> dict[str, Any]:
    return {
        "id": uscc.lower(), "name": uscc.lower(), "title": title, "description": "", "type": "organization",
        "is_organization": True, "state": "active", "approval_status": "approved", "image_url": "", "created": None,
    }  # fmt: skip


def _group(sector: str) -> dict[str, Any]:
    return {
        "id": slug(sector), "name": slug(sector), "title": sector,
        "display_name": sector, "description": "", "image_display_url": "",
    }  # fmt: skip


def _tag(word: str) -> dict[str, Any]:
    return {
        "id": word, "name": word, "display_name": word, "state": "active",
        "vocabulary_id": None,
    }  # fmt: skip


def _listed(asked: Asked, rows: list[dict[str, Any]]) -> Any:
    first = _number(asked, "offset", 0)
    rows = rows[first : first + _number(asked, "limit", MOST)]
    return rows if _flag(asked, "all_fields", False) else [row["name"] for row in rows]


def organization_list(asked: Asked, host: str) -> Any:
    """The departments that hold packages; `all_fields` shows them whole."""
    counts = queries.open_values("provider")
    known = names(set(counts))
    rows = [
        {**_organisation(c, known.get(c, c), host), "display_name": known.get(c, c), "package_count": n}
        for c, n in counts.items()
    ]
    return _listed(asked, rows)


def organization_show(asked: Asked, host: str) -> Any:
    """One department, by name or id; with its packages unless `include_datasets` is false."""
    uscc = _value("organization", _id(asked).lower())
    if not uscc:
        raise Missing
    said = _organisation(uscc, names({uscc}).get(uscc, uscc), host)
    return {
        **said,
        "display_name": said["title"],
        **_with_packages(asked, host, f"organization:{uscc.lower()}"),
        **_EMPTY,
    }


def group_list(asked: Asked, host: str) -> Any:
    """The sectors of packages; `all_fields` shows them whole."""
    rows = [
        {**_group(s), "package_count": n, "type": "group", "state": "active"}
        for s, n in queries.open_values("sector").items()
    ]
    return _listed(asked, rows)


def group_show(asked: Asked, host: str) -> Any:
    """One sector, by name; with its packages unless `include_datasets` is false."""
    sector = _value("groups", _id(asked))
    if not sector:
        raise Missing
    said = {
        **_group(sector),
        "type": "group",
        "state": "active",
        "is_organization": False,
        "approval_status": "approved",
    }
    return {**said, **_with_packages(asked, host, f"groups:{slug(sector)}"), **_EMPTY}


def group_package_show(asked: Asked, host: str) -> Any:
    """The packages of a sector."""
    return package_search({"fq": f"groups:{_id(asked)}", "rows": asked.get("limit", MOST)}, host)["results"]


_EMPTY: dict[str, Any] = {"users": [], "extras": [], "tags": [], "groups": []}


def _with_packages(asked: Asked, host: str, clause: str) -> dict[str, Any]:
    wanted = _flag(asked, "include_datasets", True)
    found = package_search({"fq": clause, "rows": MOST if wanted else 0}, host)
    return {"package_count": found["count"], **({"packages": found["results"]} if wanted else {})}


def _all_tags() -> dict[str, dict[str, str]]:
    """Every tag that an open item carries now, with the facet that finds its packages, in order."""
    often = {str(queries.frequency_label(f)): {"frequency": f} for f in queries.open_values("frequency")}
    where = {str(place(r)): {"region": r} for r in queries.open_values("region")}
    what = {s: {"sector": s} for s in queries.open_values("sector")}
    return dict(sorted({**often, **where, **what}.items()))


def tag_list(asked: Asked, host: str) -> Any:
    """The tags of packages; `query` takes those that hold it."""
    held = str(asked.get("query") or "")
    rows = [_tag(word) for word in _all_tags() if held in word]
    return rows if _flag(asked, "all_fields", False) else [row["name"] for row in rows]


def tag_search(asked: Asked, host: str) -> Any:
    """Tags that hold `query`."""
    rows = [_tag(word) for word in _all_tags() if str(asked.get("query") or "") in word]
    return {"count": len(rows), "results": rows[: _number(asked, "limit", MOST)]}


def tag_show(asked: Asked, host: str) -> Any:
    """One tag, by name; with its packages where `include_datasets` is true."""
    wanted = _id(asked)
    facet = _all_tags().get(wanted)
    if facet is None:
        raise Missing
    if not _flag(asked, "include_datasets", False):
        return _tag(wanted)
    entries = queries.search(queries.Asked(**facet), open_only=True, size=MOST).rows
    said = queries.descriptions(queries.open_named([e.code for e in entries]))
    return {**_tag(wanted), "packages": [package(d, host) for d in said if wanted in tags(d)]}


def license_list(asked: Asked, host: str) -> Any:
    """The one licence: the description is public, the data are not."""
    return [LICENCE]
