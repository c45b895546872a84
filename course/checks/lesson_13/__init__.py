"""Checkers of lesson 13: weights carried to Keras, multiply-adds, predicted times. Cases and mistakes stand beside."""

from course.checks.compare import adapted, against_reference, require
from course.checks.core import call, exercise
from course.checks.differences import as_numbers
from course.checks.lesson_13 import copy as copies
from course.checks.lesson_13 import macs as counting
from course.checks.lesson_13 import time as times
from course.checks.lesson_13 import torch as torches


@exercise("13.1")
def copy_weights(answer):
    """Copy the weights of a course.nn network into a Keras model of the same layers."""
    sentence = against_reference(copies.weights_after(answer), copies.weights_of, copies.cases(),
                                 "the weights of the networks", copies.MISTAKES, rtol=1e-7, atol=0)  # fmt: skip
    for misfit in copies.misfits():
        copies.require_refused(answer, *misfit)
    return f"{sentence} {len(copies.misfits())} models that do not fit are refused."


@exercise("13.2")
def from_torch(answer):
    """kernel (d, c, kh, kw), bias, dense (k, m), dense bias, (h, w) of the maps -> the four arrays for Keras."""
    return against_reference(answer, torches.index_by_index, torches.cases(),
                             "PyTorch's order, translated index by index", torches.MISTAKES)


@exercise("13.3")
def count_macs(answer):
    """Picture shape and a list of layers -> multiply-adds of every layer, a list of whole numbers."""
    cases = counting.cases()
    sentence = against_reference(answer, counting.by_keras, cases,
                                 "a Keras network whose inputs and weights are all 1", counting.MISTAKES)
    counts = call(answer, *cases[-1].args)
    require(as_numbers(counts).dtype.kind in "iu",
            "The values are right, but products are counted in whole numbers: //, not /.", came_out=counts)
    return sentence


@exercise("13.4")
def predict_seconds(answer):
    """Multiply-adds, numbers moved, two speeds -> (seconds of every layer, number of the slowest, waits for memory).

    The first two are compared first, so that wrong seconds are not blamed on the third.
    """
    cases, first_two = times.cases(), adapted(answer, times.first_two)
    against_reference(first_two, times.roofline, cases, "the roofline model", times.MISTAKES)
    return against_reference(answer, times.all_three, cases, "the roofline model", times.WAITING)
