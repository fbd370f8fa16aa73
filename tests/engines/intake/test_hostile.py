"""Whatever the bytes are: rows are counted whole, or the file is refused with a code; never anything else."""

import dataclasses

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, event, example, given, settings
from hypothesis import strategies as st

from dianchi.engines.intake import Dialect, check, delimited
from dianchi.engines.intake.encoding import examine
from dianchi.engines.quality import ROW
from dianchi.kernel.errors import Invalid

PIECES = st.sampled_from([*b',"\n\r\x00a1\xff;\t {[]}', b"\r\n", "中".encode(), "中".encode("gbk")]).map(
    lambda piece: bytes([piece]) if isinstance(piece, int) else piece
)
HOSTILE = st.one_of(st.binary(max_size=200), st.lists(PIECES, max_size=60).map(b"".join))
QUIET = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@QUIET
@given(HOSTILE)
@example(b'a,b\n"x,1\n"y,2\n')
@example(b"PK\x03\x04 not a workbook")
@example(b"PAR1 not parquet PAR1")
@example(b"[{]")
@example(b'{"a": 1}\n{"a": \xff}\n[1]\n')
@example(b'a,b\n1,"2')
def test_received_is_accepted_and_quarantined_for_any_bytes(tmp_path, content):
    path = tmp_path / "hostile.csv"
    path.write_bytes(content)
    try:
        found = check(path)
    except Invalid as refused:
        event(refused.refusals[0].code)
        return
    counts = found.findings
    assert counts.received == counts.accepted + counts.quarantined
    assert counts.quarantined <= 100 or len(found.quarantine) == 100
    assert sorted({q["row"] for q in found.quarantine}) == [q["row"] for q in found.quarantine]


CELLS = st.text(alphabet=st.sampled_from("ab中1 '"), max_size=4)


@QUIET
@given(st.lists(st.lists(CELLS, min_size=1, max_size=4), max_size=40), st.booleans())
def test_both_readers_tell_the_same_rows(tmp_path, table, quoted):
    lines = ["x,y", *(",".join(f'"{c}"' if quoted else c for c in row) for row in table)]
    path = tmp_path / "plain.csv"
    path.write_bytes("\n".join(lines).encode() + b"\n")
    facts = examine(path)
    assert facts.plain

    def told(facts):
        chunks = list(delimited.read(path, facts, Dialect(), 1, ["x", "y"]))
        rows = pa.concat_tables([c.rows for c in chunks]).sort_by(ROW).to_pylist()
        faulty = pa.concat_tables([c.faulty for c in chunks]).sort_by("row")
        return rows, faulty.select(["row", "rules"]).to_pylist()

    assert told(facts) == told(dataclasses.replace(facts, nul=True))


@pytest.mark.parametrize("rows", [200_000])
def test_numbers_hold_across_blocks(tmp_path, rows):
    path = tmp_path / "long.csv"
    path.write_text(
        "n,text\n" + "".join(f"{n},{'x' * 60}{',extra' if n % 50_000 == 7 else ''}\n" for n in range(1, rows + 1))
    )
    facts = examine(path)
    for chunk in delimited.read(path, facts, Dialect(), 1, ["n", "text"]):
        assert chunk.rows.column("n").cast(pa.int64()).equals(chunk.rows.column(ROW))
        for fault in chunk.faulty.to_pylist():
            assert fault["raw"].startswith(f"{fault['row']},")
