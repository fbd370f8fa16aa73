"""Overlapping stages change nothing: order, errors and ends come through."""

import threading

import pytest

from dianchi.engines.intake.flow import ahead


def test_items_come_in_order():
    assert list(ahead(range(1000), depth=3)) == list(range(1000))


def test_an_error_comes_through_where_it_happened():
    def items():
        yield 1
        raise ValueError("broken")

    running = ahead(items())
    assert next(running) == 1
    with pytest.raises(ValueError, match="broken"):
        next(running)


def test_a_consumer_that_leaves_early_lets_the_producer_end():
    ended = threading.Event()

    def items():
        try:
            yield from range(10**9)
        finally:
            ended.set()

    for item in ahead(items()):
        if item == 3:
            break
    assert ended.wait(5)
