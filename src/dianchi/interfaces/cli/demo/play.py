"""The whole chain, in the order of the law."""

from __future__ import annotations

from pathlib import Path

from dianchi.interfaces.cli.demo.chain import Story, agree, authorize, bring_in, catalogue, register_resources, select
from dianchi.interfaces.cli.demo.developing import experiment
from dianchi.interfaces.cli.demo.listing import list_and_ask
from dianchi.interfaces.cli.demo.operating import admit, afterwards, deliver, develop, price, request, settle
from dianchi.interfaces.cli.demo.stage import Stage, found
from dianchi.interfaces.cli.demo.supervising import supervise


def play(stage: Stage, sources: dict[str, Path], password: str) -> Story:
    """The whole chain, from a department's file to a paid call, a bill and a public page."""
    story = Story()
    found(stage, password)
    catalogue(stage, story)
    authorize(stage, story)
    select(stage, story)
    agree(stage, story)
    bring_in(stage, story, sources)
    register_resources(stage, story)
    admit(stage, story)
    request(stage, story)
    develop(stage, story)
    price(stage, story)
    deliver(stage, story)
    settle(stage, story)
    afterwards(stage, story)
    list_and_ask(stage, story)
    experiment(stage, story)
    supervise(stage, story)
    return story
