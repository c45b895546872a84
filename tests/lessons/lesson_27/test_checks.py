"""Lesson 27: the checkers. Right answers in several styles, untouched stubs, each classic mistake with its reason."""

import functools
import math
import re

import pytest
from harness import assert_reasons_differ, assert_status, checker_cases


def verdicts(claims, catalogue, plain=lambda title: re.findall("[a-z0-9]+", title.lower()), same=None, agree=None):
    """The look-up; the keywords are what a mistake changes."""
    same = same or (lambda one, other: plain(one) == plain(other))
    agree = agree or (lambda claim, entries: any(
        (claim[1].lower(), claim[2]) == (author.lower(), year) for _, author, year in entries))
    said = []
    for claim in claims:
        entries = [entry for entry in catalogue if same(claim[0], entry[0])]
        said.append("not found" if not entries else "right" if agree(claim, entries) else "other facts")
    return said


CITED_WRONG = [
    (functools.partial(verdicts, plain=str), "letter by letter"),
    (functools.partial(verdicts, plain=str.lower), "points are not"),
    (functools.partial(verdicts, same=lambda one, other: " ".join(re.findall(r"\w+", one.lower())) in " ".join(
        re.findall(r"\w+", other.lower())) or " ".join(re.findall(r"\w+", other.lower())) in " ".join(
        re.findall(r"\w+", one.lower()))), "part of another"),
    (functools.partial(verdicts, agree=lambda claim, entries: (claim[1].lower(), claim[2]) == (
        entries[0][1].lower(), entries[0][2])), "first alone"),
    (functools.partial(verdicts, agree=lambda claim, entries: all(
        (claim[1].lower(), claim[2]) == (a.lower(), y) for _, a, y in entries)), "is enough"),
    (functools.partial(verdicts, agree=lambda claim, entries: claim[1].lower() in [a.lower() for _, a, _ in entries]),
     "year was not"),
    (functools.partial(verdicts, agree=lambda claim, entries: claim[2] in [e[2] for e in entries]), "author was not"),
    (functools.partial(verdicts, agree=lambda claim, entries: tuple(claim[1:]) in [tuple(e[1:]) for e in entries]),
     "Capitals of the author"),
]


def needed(sensitivity, half_width, prevalence, z=1.96, half=None, whole=lambda n, p: math.ceil(n / p), width=1):
    half = half or (lambda p, n: (z / (1 + z**2 / n)) * math.sqrt(p * (1 - p) / n + (z / (2 * n)) ** 2))
    n = 1
    while width * half(sensitivity, n) > half_width:
        n += 1
    return n, whole(n, prevalence)


NEEDED_WRONG = [
    (functools.partial(needed, half=lambda p, n: 1.96 * math.sqrt(p * (1 - p) / n)), "plain normal formula"),
    (functools.partial(needed, width=2), "whole width"),
    (functools.partial(needed, z=1.0), "z is missing"),
    (functools.partial(needed, z=1.6448536), "another level"),
    (functools.partial(needed, whole=lambda n, p: n), "divide by the prevalence"),
    (functools.partial(needed, whole=lambda n, p: math.ceil(n * p)), "divide by the prevalence"),
    (functools.partial(needed, whole=lambda n, p: int(n / p)), "rounded down"),
    (lambda s, h, p: (needed(s, h, p)[0] + 1, math.ceil((needed(s, h, p)[0] + 1) / p)), "One too many"),
    (lambda s, h, p: (needed(s, h, p)[0] - 1, math.ceil((needed(s, h, p)[0] - 1) / p)), "One too few"),
]
RIGHT = {"27.1": verdicts, "27.2": needed}
WRONG = {"27.1": CITED_WRONG, "27.2": NEEDED_WRONG}


@pytest.mark.parametrize(("number", "answer", "status", "words"), checker_cases("27", RIGHT, WRONG))
def test_checker(number, answer, status, words):
    assert_status(number, answer, status, words)


def test_each_mistake_has_its_own_reason():
    assert_reasons_differ("27.1", CITED_WRONG)


def by_halving(sensitivity, half_width, prevalence, z=1.959963984540054):
    low, high = 1, 10**6
    while low < high:
        n = (low + high) // 2
        half = (z / (1 + z * z / n)) * math.sqrt(sensitivity * (1 - sensitivity) / n + z * z / (4 * n * n))
        low, high = (low, n) if half <= half_width else (n + 1, high)
    return [low, -(-low // prevalence)]


@pytest.mark.parametrize(("number", "answer"), [
    ("27.1", lambda claims, catalogue: tuple(verdicts(claims, catalogue))), ("27.2", by_halving),
])  # fmt: skip
def test_other_right_ways(number, answer):
    assert_status(number, answer, "right")
