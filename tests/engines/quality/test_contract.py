"""Contracts are read strictly and written back the same."""

from pathlib import Path

import pytest

import dianchi.interfaces.cli.demo as demo
from dianchi.engines.quality import dump, load
from dianchi.kernel.errors import Invalid

REQUIRED = "resource: r\ncolumns: [{name: x, required: true}]\nrules: "
CONTRACTS = sorted((Path(demo.__path__[0]) / "contracts").glob("*.yaml"))


@pytest.mark.parametrize("path", CONTRACTS, ids=lambda p: p.stem)
def test_shipped_contracts_are_read_and_written_back_the_same(path):
    contract = load(path.read_text(encoding="utf-8"))
    assert load(dump(contract)) == contract


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "contract.unreadable"),
        ("[", "contract.unreadable"),
        ("resource: r", "contract.unreadable"),
        ("resource: r\ncolumns: [{name: x, colour: red}]", "contract.unreadable"),
        ("resource: r\ncolumns: [&a {name: x}, *a]", "contract.unreadable"),
        ("!!python/object/apply:os.system ['true']", "contract.unreadable"),
        ("resource: r\ncolumns: []", "contract.bad-column"),
        ("resource: r\ncolumns: [{name: x}, {name: x}]", "contract.bad-column"),
        ("resource: r\ncolumns: [{name: x, type: money}]", "contract.bad-column"),
        ("resource: r\ncolumns: [{name: x, format: shoe}]", "contract.bad-column"),
        ("resource: r\nsubject: y\ncolumns: [{name: x}]", "contract.bad-column"),
        ("resource: r\ncolumns: [{name: x}]\nrules: [{name: a, kind: not_null, column: y}]", "contract.bad-rule"),
        (
            "resource: r\ncolumns: [{name: x}]\nrules: [{name: a, kind: pattern, column: x, pattern: '('}]",
            "contract.bad-rule",
        ),
        ("resource: r\ncolumns: [{name: x}]\nrules: [{name: a, kind: range, column: x}]", "contract.bad-rule"),
        (
            REQUIRED + "[{name: 'not_null:x', kind: not_null, column: x}]",
            "contract.bad-rule",
        ),
    ],
)
def test_an_ill_defined_contract_is_refused_with_its_reason(text, code):
    with pytest.raises(Invalid) as refused:
        load(text)
    assert refused.value.refusals[0].code == code


def test_words_and_numbers_stay_what_they_look_like():
    values = "[0101, 1_0, yes, 2020-01-01]"
    rules = f"[{{name: s, kind: set, column: no, values: {values}}}]"
    contract = load(f"resource: r\ncolumns: [{{name: on}}, {{name: no}}]\nrules: {rules}")
    assert [c.name for c in contract.columns] == ["on", "no"]
    assert contract.rules[0].arguments["values"] == ("0101", "1_0", "yes", "2020-01-01")
