"""Classification and grading: what a column is about, how grave its disclosure would be, what it may be used for."""

from dianchi.engines.classify.categories import CATEGORIES, Category, Sort
from dianchi.engines.classify.detection import Finding, classify
from dianchi.engines.classify.grading import Grade, Harm, Object, Uses, default_uses, grade, grade_of_set

__all__ = [
    "CATEGORIES",
    "Category",
    "Finding",
    "Grade",
    "Harm",
    "Object",
    "Sort",
    "Uses",
    "classify",
    "default_uses",
    "grade",
    "grade_of_set",
]
