"""Checkers of lesson 06: the forward pass. Cases and classic mistakes stand in the modules beside."""

import numpy as np

from course.checks.compare import against_reference
from course.checks.core import call, exercise, kind
from course.checks.lesson_06 import count as counting
from course.checks.lesson_06 import dense as denses
from course.checks.lesson_06 import softmax as shares
from course.checks.lesson_06 import whole_pass as passes
from course.checks.refusal import require_refusal

SINGLE = {"rtol": 1e-5, "atol": 1e-5}  # float32 is welcome


@exercise("6.1")
def dense(answer):
    """Dense layer: rows x (n, m), weights (m, k), bias (k,) -> float (n, k)."""
    sentence = against_reference(answer, denses.by_keras, denses.cases(), "Keras's Dense", denses.MISTAKES, **SINGLE)
    for case, reason in denses.MISFITS:
        require_refusal(answer, case, reason)
    return f"{sentence} Weights and biases that do not fit are refused."


@exercise("6.2")
def softmax(answer):
    """Stable softmax of every row: scores (n, k) -> shares (n, k)."""
    return against_reference(answer, shares.by_scipy, shares.cases(), "SciPy's softmax", shares.MISTAKES, **SINGLE)


@exercise("6.3")
def one_output(answer):
    """Weights (m, 2) and bias (2,) before softmax -> weights (m, 1) and bias (1,) before sigmoid."""
    library = "SciPy's softmax of the two scores"
    return against_reference(answer, shares.from_odds, shares.pairs(), library, shares.PAIR_MISTAKES, **SINGLE)


@exercise("6.4")
def count_weights(answer):
    """Count weights: picture shape (h, w, c), filters of the blocks, hidden neurons -> whole number."""
    library = "Keras's count_params"
    sentence = against_reference(answer, counting.by_keras, counting.cases(), library, counting.MISTAKES, rtol=1e-9)
    total = call(answer, (12, 12, 3), [4], 5)
    if np.asarray(total).dtype.kind in "iu":
        return sentence
    return f"{sentence} It came as {kind(total)}: weights are counted in whole numbers, as // and + make them of such."


@exercise("6.5")
def forward(answer):
    """Whole pass: x (n, h, w, c), blocks of kernel and bias, weights (m, k), bias (k,) -> shares (n, k)."""
    library = "the same layers in Keras"
    return against_reference(answer, passes.by_keras, passes.cases(), library, passes.MISTAKES, **SINGLE)
