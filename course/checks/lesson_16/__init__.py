"""Checkers of lesson 16: a residual block back and forth, an average of seeds, attention, an honest choice."""

from course.checks.compare import against_reference
from course.checks.core import exercise
from course.checks.lesson_16 import attending, averaging, block, choosing
from course.checks.refusal import require_refusal


@exercise("16.1")
def residual(answer):
    """A residual block: x (n, d), W1 (d, h), W2 (h, d), grad (n, d) -> (y (n, d), dx (n, d)); refuses other shapes."""
    right = against_reference(answer, block.by_differences, block.cases(), "loops, and with slopes by central "
                              "differences", block.MISTAKES, rtol=1e-5, atol=1e-7)  # fmt: skip
    require_refusal(answer, block.REFUSED, block.BROADCAST, filled=block.BROADCAST)
    return right + " The sum of two shapes was refused."


@exercise("16.2")
def averaged(answer):
    """Average of seeds: p (seeds, n), y (n,) -> (averaged (n,), its squared error, the seeds' spread about it)."""
    return against_reference(answer, averaging.by_library, averaging.cases(), "NumPy's average and scikit-learn's "
                             "brier_score_loss", averaging.MISTAKES, rtol=1e-6, atol=1e-9)  # fmt: skip


@exercise("16.3")
def attention(answer):
    """Scaled dot-product attention: Q (n, d), K (m, d), V (m, c) -> (n, c)."""
    return against_reference(answer, attending.by_library, attending.cases(), "SciPy's softmax, row by row",
                             attending.MISTAKES, rtol=1e-5, atol=1e-8)  # fmt: skip


@exercise("16.4")
def honest(answer):
    """An honest choice: inner (folds, settings), outer (folds, settings) -> (promised, kept)."""
    return against_reference(answer, choosing.by_loop, choosing.cases(), "a loop over the folds", choosing.MISTAKES,
                             rtol=1e-6, atol=1e-9)  # fmt: skip
