"""Lesson 27: its reading list, its numbers by hand, its panel."""

import pytest

from course import references
from course.checks.lesson_27 import needed
from course.evaluation.intervals import wilson
from course.widgets import lesson_27 as widgets


def test_the_reading_list_has_each_work_once_and_whom_it_is_for():
    titles = [references.plain(one.title) for one in references.LIST]
    assert len(set(titles)) == len(titles)
    for one in references.LIST:
        assert one.authors and one.place and one.what_for and 1990 < one.year <= 2026
    topics = (references.BOOKS, references.MEDICAL, references.METHODS, references.COURSES)
    assert sum(len(references.by_topic(topic)) for topic in topics) == len(references.LIST)


def test_numbers_worked_by_hand():
    _, low, high = wilson(18, 20)
    assert (high - low) / 2 == pytest.approx(0.137, abs=5e-4) and 0.69 < low < 0.71 and 0.965 < high < 0.975
    assert needed.by_library(0.9, 0.05, 0.27) == (141, 523)
    low, high = widgets.band(0.9)
    a, b, c = (widgets.COUNTS.index(count) for count in widgets.STATES)
    assert 0.58 < low[a] < 0.62 and 0.97 < high[a] < 0.99 and high[c] - low[c] == pytest.approx(0.05, abs=0.01)
    assert low[b] == pytest.approx(0.81, abs=0.01) and high[b] == pytest.approx(0.95, abs=0.01)


def test_four_times_the_cases_halve_the_width():
    low, high = widgets.band(0.9)
    assert (high - low)[6] == pytest.approx((high - low)[4] / 2, rel=0.05)


def test_the_panel_draws_every_state():
    pictures = {widgets.width_panel(share, cases, prevalence).tobytes() for share in widgets.SHARES
                for cases in widgets.COUNTS[::3] for prevalence in (0.005, 0.5)}
    assert len(pictures) == len(widgets.SHARES) * len(widgets.COUNTS[::3]) * 2
