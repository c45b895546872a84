"""Checkers of lesson 21: correlations of pictures, groups of twins, heat inside a mask, a draw of whole groups."""

from course.checks.compare import against_reference
from course.checks.core import exercise
from course.checks.lesson_21 import alike, drawn, grouped, inside


@exercise("21.1")
def correlations(answer):
    """Correlations of pictures: uint8 (n, h, w) -> (n, n), 0 for a picture of one grey value."""
    return against_reference(answer, alike.by_library, alike.cases(), "NumPy's corrcoef", alike.MISTAKES,
                             rtol=1e-4, atol=1e-6)  # fmt: skip


@exercise("21.2")
def groups(answer):
    """Groups of twins: n, list of pairs -> the smallest row number of each picture's group (n,)."""
    return against_reference(answer, grouped.by_library, grouped.cases(), "SciPy's connected_components",
                             grouped.MISTAKES)  # fmt: skip


@exercise("21.3")
def heat_inside(answer):
    """Heat inside a mask: heat (h, w), mask (h, w) -> (share of the heat above 0 inside, share of the pixels)."""
    return against_reference(answer, inside.by_library, inside.cases(), "SciPy's labelled sums", inside.MISTAKES,
                             rtol=1e-5, atol=1e-9)  # fmt: skip


@exercise("21.4")
def rows_of_draw(answer):
    """A draw of whole groups: group (n,), numbers of the groups drawn -> row numbers, each as often as drawn."""
    return against_reference(answer, drawn.by_library, drawn.cases(), "pandas's merge", drawn.MISTAKES)
