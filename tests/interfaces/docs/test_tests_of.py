"""Which test names which code."""

from __future__ import annotations

from pathlib import Path

from dianchi.interfaces.docs.tests_of import index


def test_a_test_counts_its_own_words_its_constants_and_its_helpers(tmp_path: Path) -> None:
    tests = tmp_path / "tests"
    (tests / "a").mkdir(parents=True)
    (tests / "a" / "test_x.py").write_text(
        'CASES = [("one", "plans.contents-missing")]\n'
        'def refused(code="agreements.not-decided"):\n    return code\n'
        "def test_one(case):\n    assert CASES\n"
        "def test_two():\n    assert refused()\n"
        'def test_three():\n    assert "see plans.contents-missing, or not"\n'
        'def test_four():\n    assert "plans.contents-missing-entirely"\n'
        'class TestFive:\n    def test_in_class(self):\n        assert "a.b-c"\n',
        "utf-8",
    )
    found = index(tests)
    assert found["plans.contents-missing"] == ("tests/a/test_x.py::test_one", "tests/a/test_x.py::test_three")
    assert found["agreements.not-decided"] == ("tests/a/test_x.py::test_two",)
    assert found["plans.contents-missing-entirely"] == ("tests/a/test_x.py::test_four",)
    assert found["a.b-c"] == ("tests/a/test_x.py::TestFive::test_in_class",)


def test_fixtures_count_for_the_tests_that_read_them(tmp_path: Path) -> None:
    tests = tmp_path / "tests"
    (tests / "fixtures").mkdir(parents=True)
    (tests / "fixtures" / "attacks.sql").write_text("-- result.column-protected\nSELECT 1", "utf-8")
    (tests / "test_x.py").write_text(
        'FOLDER = "fixtures"\ndef test_reads():\n    assert FOLDER\ndef test_not():\n    pass\n', "utf-8"
    )
    assert index(tests)["result.column-protected"] == ("tests/test_x.py::test_reads",)


def test_without_tests_there_is_nothing(tmp_path: Path) -> None:
    assert index(tmp_path / "tests") == {}
