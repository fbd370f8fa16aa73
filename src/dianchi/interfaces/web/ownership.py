"""Who holds whom, as a drawing: holders above, held below, the path that relates two of them marked.

Drawn on the server as SVG with classes only, so that the style sheet colours it and no script is needed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from dianchi.foundation.affiliations.graph import Link, Tie, is_person
from dianchi.interfaces.web import say
from dianchi.interfaces.web.diagram import TIP

WIDE, TALL, ACROSS, DOWN, EDGE = 176, 46, 28, 74, 14


def draw(
    links: Sequence[Link], names: dict[str, str], *, marked: Iterable[str] = (), path: Sequence[Link] = ()
) -> SafeString:
    """The picture of these facts; `marked` organisations and the links of `path` stand out."""
    rows = _rows(links)
    places = _places(rows)
    wide = max((len(row) for row in rows), default=1) * (WIDE + ACROSS) - ACROSS + 2 * EDGE
    tall = len(rows) * (TALL + DOWN) - DOWN + 2 * EDGE
    shown = [_line(link, places, link in path) for link in links]
    shown += [_box(node, places[node], names.get(node, node), node in set(marked)) for row in rows for node in row]
    title = say.t("股权和控制关系图", "Ownership and control")
    # Every text inside is escaped where it is put together.
    return mark_safe(  # noqa: S308 # nosec B308 B703
        f'<svg class="ownership" role="img" aria-label="{escape(title)}" viewBox="0 0 {wide} {tall}" width="{wide}" '
        f'height="{tall}"><defs>{TIP}</defs>{"".join(shown)}</svg>'
    )


def _rows(links: Sequence[Link]) -> list[list[str]]:
    """Every organisation below whoever holds it; cross-holdings stay where they were first met."""
    nodes = list(dict.fromkeys(end for link in links for end in (link.holder, link.held)))
    depth = dict.fromkeys(nodes, 0)
    for _ in nodes:
        for link in links:
            if link.tie is not Tie.KEY_PERSON or is_person(link.holder):
                depth[link.held] = max(depth[link.held], min(depth[link.holder] + 1, len(nodes) - 1))
    if len(set(depth.values())) > 8:  # a ring pushes itself down without end
        depth = {node: n % 4 for n, node in enumerate(nodes)}
    levels = sorted(set(depth.values()))
    return [[node for node in nodes if depth[node] == level] for level in levels]


def _places(rows: list[list[str]]) -> dict[str, tuple[float, float]]:
    widest = max((len(row) for row in rows), default=1)
    found = {}
    for y, row in enumerate(rows):
        left = EDGE + (widest - len(row)) * (WIDE + ACROSS) / 2
        for x, node in enumerate(row):
            found[node] = (left + x * (WIDE + ACROSS), EDGE + y * (TALL + DOWN))
    return found


def _line(link: Link, places: dict[str, tuple[float, float]], on_path: bool) -> str:
    (ax, ay), (bx, by) = places[link.holder], places[link.held]
    x1, y1 = ax + WIDE / 2, ay + (TALL if by > ay else 0 if by < ay else TALL / 2)
    x2, y2 = bx + WIDE / 2, by + (0 if by > ay else TALL if by < ay else TALL / 2)
    if ay == by:
        x1, x2 = (ax + WIDE, bx) if bx > ax else (ax, bx + WIDE)
    share = f" {link.share * 100:.2f}%".replace(".00%", "%") if link.tie is Tie.SHARE else ""
    word = escape(f"{say.say(link.tie.label)}{share}")
    middle = f'x="{(x1 + x2) / 2:.0f}" y="{(y1 + y2) / 2 - 4:.0f}"'
    kind = "tie path" if on_path else "tie"
    return (
        f'<g class="{kind} tie-{link.tie.value}"><line x1="{x1:.0f}" y1="{y1:.0f}" x2="{x2:.0f}" y2="{y2:.0f}" '
        f'marker-end="url(#tip)"/><text {middle} text-anchor="middle">{word}</text></g>'
    )


def _box(node: str, place: tuple[float, float], name: str, marked: bool) -> str:
    x, y = place
    kind = " ".join(filter(None, ("holder", "person" if is_person(node) else "", "marked" if marked else "")))
    lines = [name[i : i + 12] for i in range(0, min(len(name), 24), 12)]
    first = y + TALL / 2 + 5 - 8 * (len(lines) - 1)
    words = "".join(
        f'<tspan x="{x + WIDE / 2:.0f}" y="{first + 16 * n:.0f}">{escape(line)}</tspan>' for n, line in enumerate(lines)
    )
    round_ = 22 if is_person(node) else 6
    return (
        f'<g class="{kind}"><rect x="{x:.0f}" y="{y:.0f}" width="{WIDE}" height="{TALL}" rx="{round_}"/>'
        f'<text text-anchor="middle">{words}</text><title>{escape(name)}</title></g>'
    )
