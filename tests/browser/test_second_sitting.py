"""The second day: a page that was run, saved and closed is opened again, without a kernel and with a new one.

What a reader sees before and after is kept as a picture in `screenshots/`.
"""

import pytest
from conftest import END_KERNELS, SCREENSHOTS
from lab_page import PANEL, PIXELS, SLOW, LabPage, keys_for

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("name", ["01_images_as_arrays", "07_backpropagation"])
def test_a_page_opened_again_shows_its_picture_and_each_cell_runs_by_itself(lab, page, name):
    page.set_viewport_size({"width": 1280, "height": 900})
    notebook = LabPage(page, lab("sitting", "notebooks", name))
    notebook.restart_and_run_all()
    assert not notebook.problems()
    page.locator(PANEL).first.scroll_into_view_if_needed()
    before = page.locator(PANEL).first.evaluate(PIXELS)
    page.screenshot(path=SCREENSHOTS / f"sitting-{name}-1-before.png")
    page.locator('[data-command="docmanager:save"]').first.click()
    page.wait_for_selector(".jp-NotebookPanel .jp-mod-dirty", state="detached", timeout=SLOW)
    page.wait_for_timeout(2000)
    assert page.evaluate(END_KERNELS) == 0

    again = LabPage(page, lab("sitting", "notebooks", name))
    page.wait_for_selector(PANEL, timeout=SLOW)
    page.wait_for_timeout(2000)
    assert not again.problems()
    page.locator(PANEL).first.scroll_into_view_if_needed()
    assert page.locator(PANEL).first.evaluate(PIXELS) == before
    page.screenshot(path=SCREENSHOTS / f"sitting-{name}-2-reopened.png")

    for words, kind in (("Panel(", "experiment"), ("check(", "exercise")):
        again.run_cell_with(words)
        page.wait_for_timeout(1000)
        assert not again.problems(), kind
    panel = again.panels()[0]
    panel.scroll_into_view_if_needed()
    control = again.controls(panel)[0]
    assert again.press(panel, control, keys_for(control)[0])
    page.screenshot(path=SCREENSHOTS / f"sitting-{name}-3-one-cell.png")
