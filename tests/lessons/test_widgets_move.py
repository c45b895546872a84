"""Every control of every panel, set to both ends: the picture changes and no error shows."""

import pytest
from harness import LESSONS, NAMES, ends_of, move_to, run_solution

NO_WIDGET = {"13", "21", "22"}  # lessons that the syllabus gives no experiment


@pytest.mark.parametrize("lesson", LESSONS, ids=NAMES)
def test_every_control_changes_the_picture(lesson):
    _, panels = run_solution(lesson)
    assert panels or lesson.number in NO_WIDGET, f"{lesson.path.name} has no Panel"
    for panel in panels:
        for name, control in panel.controls.items():
            pictures = set()
            for value in ends_of(control):
                move_to(control, value)
                assert panel.error is None, f"{panel.caption!r}, {name} = {value}: {panel.error}"
                pictures.add(panel.picture)
            assert len(pictures) == 2, f"{panel.caption!r}: {name} at both ends gives the same picture"
