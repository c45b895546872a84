"""Checkers of lesson 06: the forward pass. Cases and classic mistakes stand in the modules beside."""

import numpy as np

from course.checks.compare import against_reference, require
from course.checks.core import NotYet, call, exercise, kind
from course.checks.lesson_06 import count as counting
from course.checks.lesson_06 import dense as denses
from course.checks.lesson_06 import softmax as shares
from course.checks.lesson_06 import whole_pass as passes
from course.checks.refusal import require_refusal

SINGLE = {"rtol": 1e-5, "atol": 1e-5}  # float32 is welcome


@exercise("6.1")
def dense(answer):
    """Dense layer: rows x (n, m), weights (m, k), bias (k,) -> float (n, k)."""
    library = "Keras's Dense"
    try:
        sentence = against_reference(answer, denses.by_keras, denses.cases(), library, denses.MISTAKES, **SINGLE)
    except NotYet as problem:
        raise denses.explained(problem, answer) from problem.error
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
    return against_reference(
        answer, shares.from_odds, shares.pairs(), "SciPy's softmax of the two scores", shares.PAIR_MISTAKES, **SINGLE
    )


@exercise("6.4")
def count_weights(answer):
    """Count weights: picture shape (h, w, c), filters of the blocks, hidden neurons -> whole number."""
    cases = counting.cases()
    sentence = against_reference(answer, counting.by_keras, cases, "Keras's count_params", counting.MISTAKES)
    total = call(answer, *cases[0].args)
    require(isinstance(total, (int, np.integer)),
            f"The value is right, but it is {kind(total)}. Weights are counted in whole numbers: //, not /.",
            came_out=total)
    return sentence


@exercise("6.5")
def forward(answer):
    """Whole pass: x (n, h, w, c), blocks of kernel and bias, weights (m, k), bias (k,) -> shares (n, k)."""
    try:
        return against_reference(
            answer, passes.by_keras, passes.cases(), "the same layers in Keras", passes.MISTAKES, **SINGLE
        )
    except NotYet as problem:
        raise passes.explained(problem) from problem.error
