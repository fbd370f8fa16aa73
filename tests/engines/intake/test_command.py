"""`dianchi intake check` as a person or a script calls it."""

import json

import pytest
from click.testing import CliRunner

from dianchi.interfaces.cli.intake import intake


@pytest.fixture
def run(tmp_path):
    def call(content: str, *options: str, contract: str = ""):
        path = tmp_path / "x.csv"
        path.write_text(content, encoding="utf-8")
        if contract:
            (tmp_path / "c.yaml").write_text(contract, encoding="utf-8")
            options = (*options, "--contract", str(tmp_path / "c.yaml"))
        return CliRunner().invoke(intake, ["check", str(path), *options])

    return call


def test_clean_is_zero_and_json_has_the_promised_keys(run):
    done = run("代码,人数\n530100,12\n530300,7\n", "--json")
    assert done.exit_code == 0
    told = json.loads(done.output)
    assert (told["encoding"], told["header_rows"], told["dialect"]["delimiter"]) == ("utf-8", 1, ",")
    assert (told["rows_received"], told["rows_accepted"], told["rows_quarantined"]) == (2, 2, 0)
    keys = {"name", "type", "format", "category", "confidence", "nulls"}
    assert [set(c) for c in told["columns"]] == [keys, keys]
    assert told["quarantine"] == []


def test_a_broken_rule_is_eleven_and_named(run):
    contract = "resource: r\ncolumns: [{name: n, type: integer}]\nrules: [{name: low, kind: range, column: n, min: 0}]"
    done = run("n\n1\n-1\nx\n", "--json", contract=contract)
    assert done.exit_code == 11
    told = json.loads(done.output)
    rules = {r["name"]: (r["column"], r["failed"]) for r in told["rules"]}
    assert rules == {"type:n": ("n", 1), "low": ("n", 1)}
    assert [(q["row"], q["rule"]) for q in told["quarantine"]] == [(2, "low"), (3, "type:n")]


@pytest.mark.parametrize(
    ("content", "contract", "code"),
    [
        ("", "", "intake.empty"),
        ("a\n1\n", "resource: r\ncolumns: [{name: b}]", "contract.columns-differ"),
        ("a\n1\n", "resource: r", "contract.unreadable"),
    ],
)
def test_a_refused_file_is_eleven_with_its_code(run, content, contract, code):
    done = run(content, "--json", contract=contract)
    assert done.exit_code == 11
    assert json.loads(done.output)["refusals"][0]["code"] == code


def test_a_person_reads_counts_and_rules_in_chinese(run):
    done = run("n,m\n1,a\n2,b,c\n")
    assert done.exit_code == 11
    assert "收到 2 行 = 接受 1 行 + 隔离 1 行" in done.output
    assert "row:columns" in done.output


def test_a_missing_file_is_a_usage_error(tmp_path):
    assert CliRunner().invoke(intake, ["check", str(tmp_path / "none.csv")]).exit_code == 2
