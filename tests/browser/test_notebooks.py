"""Every notebook in a real browser: reads well before it is run, and every control of every panel moves its picture.

The learner's edition always, and of the pages before they are run the core pages and those with a diagram; the others,
and the solved edition, which has the same panels and is run by nbval too, where COURSE_BROWSER=all asks for it. That
keeps a picture of every screenful as well, for somebody to look at.

The time from key to picture is printed for each widget (goal: below 100 ms on a quiet computer) and never asserted.
"""

import os

import nbformat
import pytest
from conftest import SCREENSHOTS
from lab_page import LabPage, keys_for

from course.lessons import EDITIONS, ROOT, find_lessons

pytestmark = pytest.mark.browser
SIZES = {"laptop": (1280, 680), "projector": (1920, 950), "projector at 200 %": (960, 475)}
LESSONS = find_lessons()
ALL = os.environ.get("COURSE_BROWSER") == "all"
OPENED = EDITIONS if ALL else ("notebooks",)
READ = [lesson.path.stem for lesson in LESSONS if ALL or not lesson.deeper or "```mermaid" in lesson.text]


@pytest.mark.parametrize("name", [lesson.path.stem for lesson in LESSONS if ALL or "Panel(" in lesson.text])
@pytest.mark.parametrize("edition", OPENED)
def test_run_all_and_move_every_control(lab, page, edition, name, capsys):
    notebook = LabPage(page, lab("fresh", edition, name))
    notebook.run_all()
    assert not notebook.problems()
    keep_pictures(page, f"{edition}-{name}")
    panels = notebook.panels()
    sources = [lesson.text for lesson in LESSONS if lesson.path.stem == name]
    assert len(panels) == sources[0].count("Panel("), "a panel is missing from the page"
    for number, panel in enumerate(panels, start=1):
        panel.scroll_into_view_if_needed()
        for control in notebook.controls(panel):
            what = named(control)
            there, back = keys_for(control)
            for key in (there, back):
                assert notebook.press(panel, control, key), f"panel {number}, {what}: {key} changed nothing"
        first = notebook.reset(panel)
        sliders = [control for control in notebook.controls(panel) if control.get_attribute("type") == "range"]
        if sliders:
            notebook.press(panel, sliders[0], keys_for(sliders[0])[0])
        assert notebook.reset(panel) == first, f"panel {number}: Reset does not bring the first picture back"
        for size, (width, height) in SIZES.items():
            page.set_viewport_size({"width": width, "height": height})
            assert notebook.whole(panel) == "", f"panel {number} at {size}"
            page.screenshot(path=SCREENSHOTS / f"{edition}-{name}-panel-{number}-{size}.png")
        page.set_viewport_size({"width": 1280, "height": 1600})
        with capsys.disabled():
            print(f"\n{edition}/{name}, panel {number}: key to picture {notebook.median_delay(panel):.0f} ms (median)")
    assert not notebook.problems()


def named(control):
    """Return the name that a screen reader gives a control: of its label, or the text of a button."""
    texts = "e => [...(e.labels?.length ? e.labels : [e])].map(one => one.textContent.trim()).join(' ')"
    name = control.evaluate(texts)
    assert name, "a control has no name"
    return name


@pytest.mark.parametrize("name", READ)
def test_a_notebook_reads_well_before_it_is_run(lab, page, name):
    notebook = LabPage(page, lab("stored", "notebooks", name))
    page.wait_for_timeout(2000)
    assert not notebook.problems()
    cells = nbformat.read(ROOT / "notebooks" / f"{name}.ipynb", as_version=4).cells
    drawn = sum("image/png" in output.get("data", {}) for cell in cells for output in cell.get("outputs", []))
    assert page.locator(".jp-OutputArea img").count() == drawn
    folded = page.locator(".jp-MarkdownOutput details").all()
    assert folded
    assert not any(part.evaluate("details => details.open") for part in folded)
    assert "```mermaid" not in page.locator(".jp-Notebook").inner_text()
    keep_pictures(page, f"stored-{name}")


def keep_pictures(page, name):
    """Store a picture of the page for each screenful of the notebook, where somebody will look at them."""
    if not ALL:
        return
    scroller = page.locator(".jp-WindowedPanel-outer:visible").first
    height = scroller.evaluate("element => element.scrollHeight")
    step = scroller.evaluate("element => element.clientHeight")
    for number, top in enumerate(range(0, height, step), start=1):
        scroller.evaluate("(element, top) => { element.scrollTop = top; }", top)
        page.wait_for_timeout(300)
        page.screenshot(path=SCREENSHOTS / f"{name}-{number:02d}.png")
