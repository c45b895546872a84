"""Checkers of lesson 24: Tanimoto, a vote of neighbours, a split by scaffolds, enrichment."""

from course.checks.compare import adapted, against_reference
from course.checks.core import exercise
from course.checks.lesson_24 import alike, enriched, neighbours, scaffolds


@exercise("24.1")
def tanimoto(answer):
    """Tanimoto similarity of two lists of features, repeats allowed -> number."""
    return against_reference(answer, alike.by_library, alike.cases(), "SciPy's jaccard", alike.MISTAKES)


@exercise("24.2")
def neighbour_vote(answer):
    """Vote of the k most similar others: similarity (n, n), active (n,), k -> (n,)."""
    return against_reference(answer, neighbours.by_library, neighbours.cases(), "scikit-learn's KNeighborsRegressor",
                             neighbours.MISTAKES)  # fmt: skip


@exercise("24.3")
def scaffold_split(answer):
    """Rows to train on: list of n scaffolds, share -> row numbers, no scaffold divided."""
    return against_reference(adapted(answer, scaffolds.as_rows), scaffolds.by_library, scaffolds.cases(),
                             "the sizes by pandas", scaffolds.MISTAKES)  # fmt: skip


@exercise("24.4")
def enrichment(answer):
    """Enrichment factor: active (n,), scores (n,), top -> number."""
    return against_reference(answer, enriched.by_library, enriched.cases(), "pandas' nlargest", enriched.MISTAKES)
