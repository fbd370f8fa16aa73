"""Lifecycles drawn: every state once, every step an arrow, nothing outside the frame."""

from __future__ import annotations

import re

import pytest

from dianchi.foundation.cases.registry import case_types
from dianchi.interfaces.web.diagram import arrows, draw, layers


@pytest.fixture(params=sorted(case_types()))
def lifecycle(request: pytest.FixtureRequest) -> object:
    return case_types()[request.param].lifecycle


def test_every_state_stands_once_and_every_step_is_an_arrow(lifecycle) -> None:  # type: ignore[no-untyped-def]
    states = [s.value for s in lifecycle.states]
    assert sorted(s for row in layers(lifecycle) for s in row) == sorted(states)
    drawn = draw(lifecycle, states[0])
    assert drawn.count("<rect") == len(states)
    assert drawn.count('class="arrow"') == len(arrows(lifecycle))
    assert drawn.count(" now") == 1
    steps = {(s.value, a.target.value) for a in lifecycle.acts for s in a.sources if a.target and a.target != s}
    assert {(a.source, a.target) for a in arrows(lifecycle)} == steps


def test_no_two_states_lie_over_each_other_and_all_lie_inside(lifecycle) -> None:  # type: ignore[no-untyped-def]
    drawn = draw(lifecycle)
    width, height = map(float, re.search(r'viewBox="0 0 (\d+) (\d+)"', drawn).groups())  # type: ignore[union-attr]
    boxes = [
        tuple(map(float, b)) for b in re.findall(r'<rect x="(-?\d+)" y="(-?\d+)" width="(\d+)" height="(\d+)"', drawn)
    ]
    for i, (x, y, w, h) in enumerate(boxes):
        assert x >= 0 <= y
        assert x + w <= width
        assert y + h <= height
        for ox, oy, ow, oh in boxes[:i]:
            assert x >= ox + ow or ox >= x + w or y >= oy + oh or oy >= y + h
    lanes = [float(n) for n in re.findall(r"S(-?\d+) ", drawn)]
    assert all(0 <= n <= width for n in lanes)
