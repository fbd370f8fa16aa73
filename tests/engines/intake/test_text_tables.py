"""Text tables as departments send them: encodings, delimiters, quotes, titles, full-width digits, dates."""

import codecs

import pytest

from dianchi.engines.intake import check, read, sniff
from dianchi.kernel.errors import Invalid


def rows(path, proposal=None):
    proposal = proposal or sniff(path)
    return [tuple(r[n] for n in proposal.names) for c in read(path, proposal) for r in c.rows.to_pylist()]


def faults(path, proposal=None):
    found = [r for c in read(path, proposal or sniff(path)) for r in c.faulty.to_pylist()]
    return [(r["row"], r["rules"], r["raw"]) for r in found]


@pytest.fixture
def file(tmp_path):
    def write(content: str | bytes, encoding: str = "utf-8", name: str = "x.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    return write


@pytest.mark.parametrize(
    ("encoding", "named"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("gbk", "gb18030"),
        ("gb18030", "gb18030"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends(file, encoding, named, end):
    path = file(end.join(["代码,名称,数量", "5301,昆明市,12", "5303,曲靖市,7", "5304,玉溪市,3"]) + end, encoding)
    proposal = sniff(path)
    assert (proposal.encoding, proposal.header_rows) == (named, 1)
    assert rows(path) == [("5301", "昆明市", "12"), ("5303", "曲靖市", "7"), ("5304", "玉溪市", "3")]
    assert [c.type for c in proposal.columns] == ["string", "string", "integer"]


def test_characters_beyond_gbk_survive(file):
    path = file("姓名,年龄\n𬭚某,30\n䶮某,40\n", "gb18030")
    assert rows(path) == [("𬭚某", "30"), ("䶮某", "40")]


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
@pytest.mark.parametrize("quote", ['"', "'"])
def test_delimiters_and_quotes(file, delimiter, quote):
    q, d = quote, delimiter
    cells = [["名称", "说明"], ["甲", f"有{d}分隔"], ["乙", "两\n行"], ["丙", f"说{q}话"]]
    lines = (d.join(q + c.replace(q, q + q) + q for c in row) for row in cells)
    path = file("\n".join(lines) + "\n")
    proposal = sniff(path)
    assert (proposal.dialect.delimiter, proposal.dialect.quote) == (delimiter, quote)
    assert rows(path) == [tuple(row) for row in cells[1:]]


def test_titles_above_the_header_are_no_data(file):
    path = file("云南省2020年游客统计表,,\n单位：万人,,\n地区,人数,日期\n昆明市,12,2020-01-01\n大理州,7,2020-01-01\n")
    proposal = sniff(path)
    assert (proposal.header_rows, proposal.names) == (3, ("地区", "人数", "日期"))
    assert rows(path)[0] == ("昆明市", "12", "2020-01-01")


def test_a_file_without_header_has_numbered_columns(file):
    path = file("5301,昆明市,12\n5303,曲靖市,7\n5304,玉溪市,3\n")
    proposal = sniff(path)
    assert (proposal.header_rows, proposal.names) == (0, ("column_1", "column_2", "column_3"))
    assert len(rows(path)) == 3


def test_years_may_be_headers(file):
    path = file("地区,2018,2019,2020\n昆明市,695.0,703.1,846.3\n曲靖市,615.5,617.3,576.6\n")
    assert sniff(path).names == ("地区", "2018", "2019", "2020")


def test_blank_and_repeated_headers_get_names(file):
    assert sniff(file("名称,,名称\na,b,c\nd,e,f\n")).names == ("名称", "column_2", "名称_2")


@pytest.mark.parametrize(
    ("texts", "form"),
    [
        (["2020-12-08", "2020-01-31"], "iso"),
        (["2020/12/8", "2020/1/31"], "slash"),
        (["20201208", "20200131"], "compact"),
        (["2020年12月8日", "2020年1月31日"], "chinese"),
        (["2020.12.8", "2020.1.31"], "dot"),
    ],
)
def test_dates_in_the_five_spellings(file, texts, form):
    path = file("日期,值\n" + "".join(f"{t},a\n" for t in texts))
    column = sniff(path).columns[0]
    assert (column.type, column.format) == ("date", form)
    found = check(path)
    assert (found.findings.accepted, found.clean) == (2, True)


def test_full_width_digits_are_numbers_after_a_declared_cleaning(file):
    path = file("地区,人数\n昆明,１２\n大理,７\n")
    column = sniff(path).columns[1]
    assert (column.type, column.clean) == ("integer", ("halfwidth",))
    assert check(path).clean


def test_codes_with_leading_zeros_stay_text(file):
    path = file("区号,邮编\n0871,650000\n0872,671000\n")
    assert [c.type for c in sniff(path).columns] == ["string", "string"]


def test_rows_with_a_wrong_number_of_cells_are_set_aside_with_their_text(file):
    path = file("a,b\n1,2\n\n3,4,5\n6,7\n8\n9,10\n")
    assert rows(path) == [("1", "2"), ("6", "7"), ("9", "10")]
    assert faults(path) == [(2, ["row:columns"], "3,4,5"), (4, ["row:columns"], "8")]


def test_a_quote_never_closed_spoils_its_own_line_only(file):
    lines = "".join(f"甲{n},{n}\n" for n in range(3000))
    path = file(f'名称,数\n丙,0\n"乙,1\n{lines}')
    assert len(rows(path)) == 3001
    assert faults(path) == [(2, ["row:quote"], '"乙,1')]


def test_bytes_that_are_no_text_are_kept_visible(file):
    path = file("名称,数\n甲,1\n".encode() + b"\xff\xfe,2\n" + "乙,3\n".encode())
    assert faults(path) == [(2, ["row:encoding"], "\\xff\\xfe,2")]
    assert rows(path) == [("甲", "1"), ("乙", "3")]


def test_nul_bytes_are_set_aside(file):
    path = file(b"a,b\n1,2\n3\x00,4\n5,6\n")
    assert faults(path) == [(2, ["row:nul"], "3\\x00,4")]


def test_an_endless_line_is_cut_and_said_so(file):
    path = file(b"a,b\n1,2\n" + b"x" * 3_000_000 + b"\n3,4\n")
    ((row, rules, raw),) = faults(path)
    assert (row, rules) == (2, ["row:too-long"])
    assert len(raw) < 70_000
    assert raw.endswith(")")
    assert rows(path) == [("1", "2"), ("3", "4")]


@pytest.mark.parametrize("content", [b"", b"\n\n\n", codecs.BOM_UTF8])
def test_nothing_is_refused_clearly(file, content):
    with pytest.raises(Invalid) as refused:
        check(file(content))
    assert refused.value.refusals[0].code.startswith("intake.")


def test_a_contract_finds_its_header_below_anything(file):
    from dianchi.engines.quality import load

    contract = load("resource: r\ncolumns: [{name: n, source: 数量, type: integer}, {name: k, source: 名称}]")
    path = file("1,2\n3,4\n名称,数量\n甲,5\n")
    found = check(path, contract)
    assert (found.proposal.header_rows, found.findings.accepted) == (3, 1)


def test_nulls_are_counted_over_the_whole_file(file):
    assert check(file("a,b\n" + "1,\n" * 5 + "2,x\n")).nulls == {"a": 0, "b": 5}


def test_a_header_alone_is_a_table_without_rows(file):
    found = check(file("代码,名称\n"))
    assert found.proposal.names == ("代码", "名称")
    assert (found.findings.received, found.clean) == (0, True)
