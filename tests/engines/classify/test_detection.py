"""Detection on the labelled set: what must be found is found, and hard negatives are left alone."""

import sys
from pathlib import Path

import pyarrow as pa
import pytest

from dianchi.engines.classify import CATEGORIES, Grade, Harm, Object, Sort, classify, default_uses, grade, grade_of_set

sys.path.insert(0, str(Path(__file__).parent))
import labelled

# Names of places and organisations are no personal data; finding them where no label asks for them is no error.
HARMLESS = {"place_name", "organisation"}


@pytest.fixture(scope="module")
def outcome():
    columns = labelled.columns(seed=11)
    return [
        (name, wanted, found.category if (found := classify(pa.table({name: values})).get(name)) else "")
        for name, wanted, values in columns
    ]


def test_precision_and_recall_on_the_labelled_set(outcome):
    right = sum(1 for _, wanted, got in outcome if wanted and wanted == got)
    wrong = [o for o in outcome if o[2] and o[1] != o[2] and o[2] not in HARMLESS]
    missed = [o for o in outcome if o[1] and o[1] != o[2]]
    assert right / (right + len(wrong)) >= 0.98, wrong
    assert right / (right + len(missed)) >= 0.98, missed


def test_confidence_comes_with_its_evidence():
    ids = ["11010519491231002X", "530102199001011231", "530402200002290019"] * 3 + [None]
    found = classify(pa.table({"身份证号": ids}))["身份证号"]
    assert (found.category, found.matches, found.examined, found.by_name) == ("citizen_id", 9, 9, True)
    assert found.confidence > 0.9


def test_a_few_identity_numbers_in_a_remark_are_found():
    remarks = ["现场核查无异常"] * 95 + ["11010519491231002X"] * 5
    assert classify(pa.table({"备注": remarks}))["备注"].category == "citizen_id"


def test_rare_identity_numbers_are_found_in_a_long_column():
    remarks = (["现场核查无异常"] * 49 + ["11010519491231002X"]) * 400
    found = classify(pa.table({"备注": remarks}))["备注"]
    assert (found.category, found.matches, found.examined) == ("citizen_id", 400, 20_000)


def test_eighteen_digits_without_check_digit_are_no_identity_numbers():
    orders = [f"53010219900101{n:04d}" for n in range(1000, 1200)]  # one in eleven passes by chance
    found = classify(pa.table({"单号": orders})).get("单号")
    assert found is None or found.category not in {"citizen_id", "uscc"}


def test_a_comment_counts_like_a_name():
    values = pa.table({"c1": ["高血压", "骨折"]})
    assert classify(values) == {}
    assert classify(values, {"c1": "出院诊断"})["c1"].category == "health"


@pytest.mark.parametrize(
    ("harms", "expected"),
    [
        ([], Grade.GENERAL_1),
        ([(Object.NATIONAL_SECURITY, Harm.SERIOUS)], Grade.CORE),
        ([(Object.NATIONAL_SECURITY, Harm.GENERAL)], Grade.IMPORTANT),
        ([(Object.PUBLIC, Harm.SERIOUS)], Grade.IMPORTANT),
        ([(Object.PUBLIC, Harm.ESPECIALLY_SERIOUS)], Grade.CORE),
        ([(Object.PRIVATE, Harm.ESPECIALLY_SERIOUS)], Grade.GENERAL_4),
        ([(Object.PRIVATE, Harm.GENERAL), (Object.PUBLIC, Harm.GENERAL)], Grade.GENERAL_4),
    ],
)
def test_the_decision_table_chooses_the_higher(harms, expected):
    assert grade(harms) is expected


def test_a_set_has_the_grade_of_its_gravest_item():
    assert grade_of_set([Grade.GENERAL_2, Grade.IMPORTANT, Grade.GENERAL_4]) is Grade.IMPORTANT
    assert Grade.of("GENERAL-3").code == "GENERAL-3"


def test_default_uses_never_show_a_person():
    for category in CATEGORIES.values():
        uses = default_uses(category.key, Grade(category.level))
        if category.sort is not Sort.PLAIN:
            assert "select" not in uses.uses
        assert ("mask" in uses.uses) == bool(uses.mask)
        assert default_uses(category.key, Grade.IMPORTANT).uses == ()


def test_masks_named_by_default_exist_in_the_guard():
    masks = pytest.importorskip("dianchi.engines.guard.masks").MASKS
    assert {c.mask for c in CATEGORIES.values()} - {""} <= set(masks)


def test_plain_columns_are_shown_counted_or_grouped_by_grade():
    assert default_uses("", Grade.GENERAL_1).uses == ("select",)
    assert default_uses("", Grade.GENERAL_2, "decimal(12,2)").uses == ("aggregate",)
    assert default_uses("", Grade.GENERAL_3).uses == ("group", "filter")
