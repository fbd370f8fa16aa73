"""`dianchi intake check` as a person or a script calls it."""

import json

import pytest
from click.testing import CliRunner

from dianchi.engines.quality import load
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


PROMISED = {"encoding", "dialect", "header_rows", "rows_received", "rows_accepted", "rows_quarantined", "columns", "rules", "quarantine"}  # fmt: skip


@pytest.mark.parametrize(
    ("content", "contract"),
    [("a\n1\n", ""), ("a\n1\n", "resource: r\ncolumns: [{name: b}]"), ("", ""), ("\x00\x01", "")],
)
def test_the_promised_keys_are_there_whatever_comes(run, content, contract):
    told = json.loads(run(content, "--json", contract=contract).output)
    assert set(told) >= PROMISED
    assert told["rows_received"] == told["rows_accepted"] + told["rows_quarantined"]


def test_a_refused_file_tells_what_differs(run):
    told = json.loads(run("a,c\n1,2\n", "--json", contract="resource: r\ncolumns: [{name: a}, {name: b}]").output)
    assert [(d["column"], d["change"]) for d in told["drift"]] == [("b", "missing"), ("c", "unexpected")]
    assert ([c["name"] for c in told["columns"]], told["encoding"]) == (["a", "c"], "utf-8")


def test_a_column_that_changed_as_a_whole_is_named(run):
    contract = (
        "resource: r\ncolumns: [{name: d, type: date, format: iso}, {name: n, type: integer}, {name: p, format: phone}]"
    )
    rows = "".join(f"2024/1/{i},{i},x{i}\n" for i in range(1, 26))
    told = json.loads(run(f"d,n,p\n{rows}", "--json", contract=contract).output)
    assert told["drift"] == [
        {"column": "d", "change": "format", "promised": "iso", "seen": "slash"},
        {"column": "p", "change": "format", "promised": "phone", "seen": ""},
    ]


def test_a_contract_is_proposed_and_rewritten(tmp_path):
    path = tmp_path / "x.csv"
    rows = "".join(f"A{i},{'甲乙'[i % 2]},2024-01-01,2024-02-0{i % 9 + 1},{i}\n" for i in range(80))
    path.write_text(f"编号,级别,开始日期,结束日期,数量\n{rows}", encoding="utf-8")
    proposed = CliRunner().invoke(intake, ["propose", str(path)]).output
    contract = load(proposed)
    assert contract.column("编号").unique
    assert all(c.required for c in contract.columns)
    assert {r.name for r in contract.rules} == {"set:级别", "order:开始日期", "range:数量"}
    (tmp_path / "c.yaml").write_text(
        CliRunner().invoke(intake, ["propose", str(path), "--odcs"]).output, encoding="utf-8"
    )
    back = load(CliRunner().invoke(intake, ["contract", str(tmp_path / "c.yaml")]).output)
    assert sorted(back.rules, key=str) == sorted(contract.rules, key=str)
    assert CliRunner().invoke(intake, ["check", str(path), "--contract", str(tmp_path / "c.yaml")]).exit_code == 0
