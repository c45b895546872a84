"""Every control of every panel, set to both ends: the picture changes and no error shows."""

import pytest
from harness import LESSONS, NAMES, Cells, ends_of, move_to, run_solution

NO_WIDGET = {"13"}  # lessons that the syllabus gives no experiment


def test_every_lesson_has_an_experiment():
    there = {lesson.number for lesson in LESSONS if "Panel(" in lesson.text}
    assert {lesson.number for lesson in LESSONS} - there <= NO_WIDGET


@pytest.mark.parametrize("lesson", LESSONS, ids=NAMES)
def test_every_control_changes_the_picture(lesson):
    _, panels = run_solution(lesson, panels_only=True)
    assert len(panels) == sum(cell.source.count("Panel(") for cell in Cells(lesson).code)
    for panel in panels:
        for name, control in panel.controls.items():
            pictures = set()
            for value in ends_of(control):
                move_to(control, value)
                assert panel.error is None, f"{panel.caption!r}, {name} = {value}: {panel.error}"
                pictures.add(panel.picture)
            assert len(pictures) == 2, f"{panel.caption!r}: {name} at both ends gives the same picture"
