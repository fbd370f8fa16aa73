"""A lifecycle as a drawing: layers from the first state down, acts on the arrows, the present state marked.

Drawn on the server as SVG with classes only, so that the style sheet colours it and no script is needed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from dianchi.interfaces.web import say
from dianchi.kernel.lifecycle import Lifecycle

WIDE, TALL, ACROSS, DOWN, LANE, EDGE = 132, 44, 60, 62, 30, 14

TIP = (
    '<marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto-start-reverse">'
    '<path d="M0 0L8 4L0 8z"/></marker>'
)


@dataclass(frozen=True)
class Arrow:
    """All acts that lead from one state to another."""

    source: str
    target: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class Box:
    """A state at its place."""

    x: float
    y: float

    @property
    def middle(self) -> float:
        """Its centre from the left."""
        return self.x + WIDE / 2


def arrows(lifecycle: Lifecycle[Any]) -> list[Arrow]:
    """One for each pair of different states that an act joins."""
    words: dict[tuple[str, str], list[str]] = {}
    for act in lifecycle.acts:
        for source in sorted(act.sources, key=list(lifecycle.states).index):
            if act.target is not None and act.target != source:
                words.setdefault((source.value, act.target.value), []).append(str(say.say(act.title)))
    return [Arrow(s, t, tuple(w)) for (s, t), w in words.items()]


def layers(lifecycle: Lifecycle[Any]) -> list[list[str]]:
    """The states by how many steps of the usual course they lie from the first; the order declared within a layer."""
    first = [str(a.target.value) for a in lifecycle.acts if a.opens and a.target]
    depth = dict.fromkeys(first, 0)
    order = [s.value for s in lifecycle.states]
    joined = arrows(lifecycle)
    for _ in order:
        for arrow in joined:
            forward = order.index(arrow.target) > order.index(arrow.source)
            if arrow.source in depth and forward:
                depth[arrow.target] = max(depth.get(arrow.target, 0), depth[arrow.source] + 1)
    for state in order:
        depth.setdefault(state, max(depth.values(), default=0) + 1)
    found: list[list[str]] = [[] for _ in range(max(depth.values()) + 1)]
    for state in order:
        found[depth[state]].append(state)
    return [layer for layer in found if layer]


def draw(lifecycle: Lifecycle[Any], now: str = "") -> SafeString:
    """The drawing; `now` is the present state."""
    rows = layers(lifecycle)
    joined = arrows(lifecycle)
    rank = {state: i for i, row in enumerate(rows) for state in row}
    widest = max(len(row) for row in rows)
    inner = widest * WIDE + (widest - 1) * ACROSS
    lanes = _lanes(joined, rank, _boxes(rows, 0, inner))
    left = EDGE + _margin({a: -lane for a, lane in lanes.items()})
    boxes = _boxes(rows, left, inner)
    width = left + inner + _margin(lanes) + EDGE
    height = len(rows) * (TALL + DOWN) - DOWN + 2 * EDGE
    lines = [_line(a, boxes, lanes.get(a, 0), left, inner) for a in joined]
    states = [_state(s, boxes[s.value], s.value == now, _stays(lifecycle, s.value)) for s in lifecycle.states]
    return mark_safe(  # noqa: S308  # nosec B308 B703: every text in it is escaped where it is written
        f'<svg class="lifecycle" viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" height="{height:.0f}" '
        f'role="img" aria-label="{escape(say.t("办理流程图", "Diagram of the lifecycle"))}">'
        f"<defs>{TIP}</defs>{''.join(lines)}{''.join(states)}</svg>"
    )


def _margin(lanes: dict[Arrow, int]) -> float:
    """The room that the lanes of one side (those above zero) and their words need."""
    wide = 13 if say.language() == "zh" else 6.5
    return max((LANE * lane + wide * len(_words(a)) + 8 for a, lane in lanes.items() if lane > 0), default=0)


def _stays(lifecycle: Lifecycle[Any], state: str) -> list[str]:
    return [str(say.say(a.title)) for a in lifecycle.from_state(state) if a.target is None or a.target == state]


def _boxes(rows: list[list[str]], left: float, inner: float) -> dict[str, Box]:
    found = {}
    for i, row in enumerate(rows):
        free = inner - len(row) * WIDE - (len(row) - 1) * ACROSS
        for j, state in enumerate(row):
            found[state] = Box(left + free / 2 + j * (WIDE + ACROSS), EDGE + i * (TALL + DOWN))
    return found


def _lanes(joined: Iterable[Arrow], rank: dict[str, int], boxes: dict[str, Box]) -> dict[Arrow, int]:
    """Arrows that do not lead one layer down run beside the boxes, right (1, 2, …) or left (-1, -2, …).

    Each takes the side where its end lies; one that ends in the middle runs down on the right and back on the left.
    """
    found: dict[Arrow, int] = {}
    taken: dict[int, list[tuple[int, int]]] = {}
    middle = (min(b.x for b in boxes.values()) + max(b.x for b in boxes.values())) / 2
    for arrow in sorted(joined, key=lambda a: abs(rank[a.target] - rank[a.source])):
        step = rank[arrow.target] - rank[arrow.source]
        if step == 1:
            continue
        aside = boxes[arrow.target].x - middle or boxes[arrow.source].x - middle or step
        low, high = sorted((rank[arrow.source], rank[arrow.target]))
        side, lane = (1 if aside > 0 else -1), 1
        while any(low <= b and a <= high for a, b in taken.get(side * lane, [])):
            lane += 1
        taken.setdefault(side * lane, []).append((low, high))
        found[arrow] = side * lane
    return found


def _line(arrow: Arrow, boxes: dict[str, Box], lane: int, left: float, inner: float) -> str:
    a, b = boxes[arrow.source], boxes[arrow.target]
    if not lane:
        mid, x, y = (a.y + TALL + b.y) / 2, a.middle, b.middle
        path = f"M{x:.0f} {a.y + TALL:.0f}C{x:.0f} {mid:.0f} {y:.0f} {mid:.0f} {y:.0f} {b.y - 2:.0f}"
        place, anchor, height = x * 0.42 + y * 0.58, "middle", mid + 6
    else:
        x = left + inner + lane * LANE if lane > 0 else left + lane * LANE
        begin, end = (a.x + WIDE, b.x + WIDE + 2) if lane > 0 else (a.x, b.x - 2)
        ya, yb = a.y + TALL * 0.68, b.y + TALL * 0.32
        mid = (ya + yb) / 2
        path = (
            f"M{begin:.0f} {ya:.0f}C{x:.0f} {ya:.0f} {x:.0f} {ya:.0f} {x:.0f} {mid:.0f}"
            f"S{x:.0f} {yb:.0f} {end:.0f} {yb:.0f}"
        )
        # Words of neighbouring lanes stand at different heights, so that they do not lie over each other.
        height = mid + (abs(lane) % 3 - 1) * 15
        place, anchor = (x + 4, "start") if lane > 0 else (x - 4, "end")
    return format_html(
        '<g class="arrow"><path d="{}" marker-end="url(#tip)"/><text x="{}" y="{}" text-anchor="{}">{}</text></g>',
        path, f"{place:.0f}", f"{height:.0f}", anchor, _words(arrow),
    )  # fmt: skip


def _words(arrow: Arrow) -> str:
    return ("、" if say.language() == "zh" else ", ").join(arrow.words)


def _state(state: Any, box: Box, now: bool, stays: list[str]) -> str:
    label = str(say.say(state.label))
    title = say.t("当前状态", "Present state") if now else "; ".join(stays) if stays else label
    drawn = format_html(
        '<title>{}</title><rect x="{}" y="{}" width="{}" height="{}" rx="8"/>',
        title, f"{box.x:.0f}", f"{box.y:.0f}", WIDE, TALL,
    )  # fmt: skip
    return format_html(
        '<g class="node tone-{}{}">{}<text x="{}" y="{}" text-anchor="middle">{}</text></g>',
        state.tone.value, " now" if now else "", drawn, f"{box.middle:.0f}", f"{box.y + TALL / 2 + 5:.0f}", label,
    )  # fmt: skip
