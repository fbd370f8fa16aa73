"""What anybody may read without signing in: the same facts as the cases hold, and only those that are to be public."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet

from dianchi.chapters.resources.catalogue import queries as catalogue
from dianchi.chapters.resources.registration import checking
from dianchi.chapters.resources.registration import queries as registrations
from dianchi.foundation import ledger
from dianchi.foundation.cases.registry import case_types
from dianchi.interfaces.web import parties, sections
from dianchi.interfaces.web.facts import Fact
from dianchi.interfaces.web.shapes import Shape
from dianchi.interfaces.web.words import WORDS
from dianchi.kernel.inputs import Entry
from dianchi.kernel.lifecycle import Tone
from dianchi.kernel.text import Text


@dataclass(frozen=True)
class Figure:
    """One live figure of the platform."""

    value: int
    word: Text


@dataclass(frozen=True)
class Offer:
    """A listed product with its price; a price of None is not set yet, of 0 is free."""

    product: Any
    developer: str
    operator: str
    price_fen: int | None
    unit: str
    cap_fen: int | None = None
    registration: str = ""  # the code under which it is registered


def cases(name: str, *states: str) -> QuerySet[Any] | None:
    """The cases of a kind in these states, by default those in force; None where there is no such kind."""
    kind = case_types().get(name)
    if kind is None:
        return None
    wanted = states or tuple(s.value for s in kind.lifecycle.states if s.tone is Tone.FORCE)
    found: QuerySet[Any] = kind.model.objects.filter(state__in=wanted).order_by("-state_since")
    return found


def many(name: str, *states: str, limit: int = 200) -> list[Any]:
    """The same as a list."""
    found = cases(name, *states)
    return [] if found is None else list(found[:limit])


def authorizations() -> list[dict[str, Any]]:
    """What is authorized to whom until when: the agreements in force."""
    agreements = many("agreements")
    names = parties.names({getattr(a, f, "") for a in agreements for f in ("operator", "implementer", "opened_for")})
    return [
        {
            "title": a.title, "code": a.code, "operator": names.get(getattr(a, "operator", ""), ""),
            "implementer": names.get(getattr(a, "implementer", "") or a.opened_for, ""),
            "region": parties.region(a.region),
            "starts_on": getattr(a, "starts_on", None), "ends_on": getattr(a, "ends_on", None),
            "resources": resource_titles(getattr(a, "resources", None) or []), "case": a,
        }
        for a in agreements
    ]  # fmt: skip


def resource_titles(codes: list[Any]) -> list[str]:
    """Names of catalogue items; what has no name is left out."""
    found = cases("catalogue")
    return [] if found is None else list(found.filter(code__in=[str(c) for c in codes]).values_list("title", flat=True))


def in_publicity(at: datetime) -> list[Any]:
    """Registrations whose publicity runs, also while an objection is being decided; the first to end first."""
    return list(registrations.in_publicity(at))


def publicized(code: str, at: datetime) -> Any:
    """One of them; None where there is none."""
    return registrations.in_publicity(at).filter(code=code).first() if "\0" not in code else None


def registered(at: datetime, limit: int = 50) -> list[Any]:
    """The latest registrations in force; one whose change, renewal or cancellation is under review is in force too."""
    return list(registrations.in_force(at)[:limit])


def registration_of(object_code: str, at: datetime) -> Any:
    """The registration in force of a resource or product."""
    return registrations.registered(object_code, at)


@dataclass(frozen=True)
class Checked:
    """What became of a certificate that somebody handed in."""

    statement: dict[str, Any]
    findings: list[checking.Finding]
    registration: Any  # as it stands now; None where the code is unknown here
    latest: bool  # no later edition was issued

    @property
    def genuine(self) -> bool:
        """Whether everything that can be checked holds."""
        return all(finding.holds for finding in self.findings)


def check_certificate(data: bytes) -> Checked:
    """Check a certificate file as anybody can, and say what has become of it since; raises Invalid for no certificate."""
    said = checking.read(data)
    findings = checking.check(said, checking.verifiers([ledger.ledger_key().public_line]))
    found = registrations.by_query_code(str(said["statement"].get("query_code", ""))[:80])
    return Checked(said["statement"], findings, found, found is not None and said["statement"] == found.certificate)


def offers() -> list[Offer]:
    """Listed products with their prices."""
    listed = many("products", "listed")
    prices = _prices([p.pk for p in listed])
    codes = _registrations([p.code for p in listed])
    names = parties.names({getattr(p, f, "") for p in listed for f in ("developer", "operator", "opened_for")})
    return [
        Offer(
            p, names.get(getattr(p, "developer", "") or p.opened_for, ""), names.get(getattr(p, "operator", ""), ""),
            *prices.get(p.pk, (None, "", None)), registration=codes.get(p.code, ""),
        )
        for p in listed
    ]  # fmt: skip


def offer(code: str) -> Offer | None:
    """The listed product of a code or public name."""
    return next((o for o in offers() if code in (o.product.code, getattr(o.product, "slug", None))), None)


def example_call(product: Any, host: str) -> str:
    """How the product is called, with a value for each parameter that its bounds admit."""
    given = {p["name"]: str(p.get("minimum") or next(iter(p.get("choices") or ()), "…")) for p in product.parameters}
    query = f"?{urlencode(given, safe='…')}" if given else ""
    return f'curl -H "Authorization: Bearer $DIANCHI_KEY" \\\n  "{host}/gate/v1/products/{product.slug}{query}"'


def _registrations(products: list[str]) -> dict[str, str]:
    found = cases("registration")
    rows = [] if found is None else found.filter(object_code__in=products).order_by("state_since")
    return {r.object_code: r.query_code for r in rows}


def _prices(products: list[int]) -> dict[int, tuple[int | None, str, int | None]]:
    found = cases("tariffs", "priced")
    if found is None:
        return {}
    rows = found.filter(product__in=products).order_by("state_since")
    return {t.product_id: (t.price_fen, str(getattr(t, "unit", "")), getattr(t, "cap_fen", None)) for t in rows}


def figures() -> list[Figure]:
    """The live figures, of what exists."""
    wanted = (
        ("agreements", (), Text("生效授权", "authorizations in force")),
        ("catalogue", (), Text("目录条目", "catalogue items")),
        ("supply", ("in-service", "stale"), Text("在用数据批次", "loads in service")),
        ("registration", (), Text("登记数量", "registrations")),
        ("registration", ("publicity",), Text("正在公示", "in publicity")),
        ("developers", (), Text("合格开发主体", "qualified developers")),
        ("products", ("listed",), Text("上架产品", "products listed")),
        ("orders", (), Text("在用订单", "live orders")),
    )
    return [Figure(found.count(), word) for name, states, word in wanted if (found := cases(name, *states)) is not None]


def disclosures() -> list[Any]:
    """Published disclosures."""
    return many("disclosure")


def disclosure(code: str) -> tuple[Any, list[Fact]] | None:
    """A published disclosure, also one that a later edition has replaced, with its contents as people read them."""
    found = cases("disclosure", "published", "replaced")
    case = found.filter(code=code).first() if found is not None and "\0" not in code else None
    if case is None:
        return None
    words = {name: WORDS.get(name, Text(name, name)) for name in case.pack}
    return case, [sections.made(Shape(n, Entry(words[n]), str), v, None) for n, v in case.pack.items()]


def search(words: str, at: datetime) -> dict[str, list[Any]]:
    """What is public and bears the words."""
    low = words.lower()
    return {
        "authorizations": [a for a in authorizations() if low in a["title"].lower() or low in a["operator"].lower()],
        "products": [o for o in offers() if low in o.product.title.lower()],
        "registrations": [r for r in registered(at, 200) if low in r.title.lower() or low == r.query_code.lower()],
        "catalogue": catalogue.search(catalogue.Asked(words=words), open_only=True, size=10).rows,
    }
