"""A notebook open in JupyterLab, driven as a reader would: run all, focus a control, press a key."""

import statistics
import time

from playwright.sync_api import TimeoutError as TooLate

SLOW = 300_000  # milliseconds; JupyterLab starts slowly on two busy cores

RESTART_AND_RUN = '[data-command="notebook:restart-run-all"]'
RUN_ALL = '.lm-Menu-item[data-command="runmenu:run-all"]'
UNRENDERED = ("Loading widget...", "Error displaying widget", "Click to show javascript error", "Model not found")
IDLE = '.jp-Notebook-ExecutionIndicator[data-status="idle"]'
PANEL = ".jp-OutputArea-output .course-panel"
CONTROLS = ".control input, .control button:not(.reset)"

CONNECTED = """async () => {
    const kernels = await (await fetch('/api/kernels')).json();
    return kernels.some(kernel => kernel.execution_state === 'idle' && kernel.connections > 0);
}"""
ANSWERED = r"""() => [...document.querySelectorAll('.jp-CodeCell .jp-InputPrompt')].some(
    prompt => /\[\d+\]/.test(prompt.textContent))"""
DONE = r"""() => [...document.querySelectorAll('.jp-CodeCell')].every(
    cell => /\[\d+\]/.test(cell.querySelector('.jp-InputPrompt').textContent)
         || cell.querySelector('[data-mime-type="application/vnd.jupyter.error"]'))"""

# Notes for every picture when it was shown, and for the page when the last key went down.
WATCH = """panel => {
    const picture = panel.querySelector('img.picture');
    panel.shown = 0; panel.delays = [];
    panel.addEventListener('keydown', () => { panel.pressed = performance.now(); }, true);
    picture.addEventListener('load', () => {
        panel.shown += 1;
        if (panel.pressed) { panel.delays.push(performance.now() - panel.pressed); panel.pressed = null; }
    });
}"""
PIXELS = """async panel => {
    const picture = panel.querySelector('img.picture');
    await picture.decode();
    const canvas = document.createElement('canvas');
    canvas.width = picture.naturalWidth; canvas.height = picture.naturalHeight;
    canvas.getContext('2d').drawImage(picture, 0, 0);
    return canvas.toDataURL();
}"""

OUT_OF_SIGHT = """panel => {
    const view = panel.closest('.jp-WindowedPanel-outer, .jp-Notebook').getBoundingClientRect();
    const parts = [...panel.querySelectorAll('.control, .verdict, .picture, .caption')];
    const hidden = parts.filter(part => part.offsetParent).filter(part => {
        const box = part.getBoundingClientRect();
        const beside = box.left < view.left - 1 || box.right > view.right + 1;
        return beside || box.top < view.top - 9 || box.bottom > view.bottom + 1;
    });
    const overlaps = [...panel.querySelectorAll('.control')].some(cell => cell.scrollWidth > cell.clientWidth + 1);
    return hidden.map(part => part.className).join(', ') + (overlaps ? ' controls overlap' : '');
}"""


class LabPage:
    """One notebook in a browser tab. `page` is playwright's."""

    def __init__(self, page, address):
        self.page, self.address = page, address
        self.open()

    def open(self):
        """Open the page, anew if it is open; wait until its kernel is there."""
        self.page.goto(self.address, timeout=SLOW)
        self.page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=SLOW)
        self.page.wait_for_selector(IDLE, timeout=SLOW)
        self.page.wait_for_function(CONNECTED, timeout=SLOW, polling=500)

    def run_all(self):
        """Run every cell on the kernel that came with the page, and wait for the last. No cell may have a count yet."""
        self._run(self._choose_run_all)

    def restart_and_run_all(self):
        """Restart the kernel, run every cell, and wait for the last."""
        self._run(self._press_restart)

    def _run(self, begin):
        """Begin, and wait for the last answer.

        On a busy computer a page now and then misses an answer of its new kernel and waits for ever: open it again.
        """
        for _ in range(5):
            begin()
            if self._answered():
                break
            self.open()
        self.page.wait_for_function(DONE, timeout=SLOW)
        self.page.wait_for_selector(IDLE, timeout=SLOW)

    def _answered(self):
        """Wait until every cell has its answer; return False when the kernel rests for 20 s and some have none."""
        try:
            self.page.wait_for_function(ANSWERED, timeout=60_000)
        except TooLate:
            return False
        rested, deadline = 0, time.monotonic() + 2 * SLOW / 1000
        while not self.page.evaluate(DONE):
            rested = rested + 1 if self.page.evaluate(CONNECTED) else 0
            if rested > 20 or time.monotonic() > deadline:
                return False
            self.page.wait_for_timeout(1000)
        return True

    def _choose_run_all(self):
        self.page.get_by_role("menuitem", name="Run", exact=True).click()
        self.page.locator(RUN_ALL).click()

    def _press_restart(self):
        self.page.wait_for_timeout(2000)  # a restart while the page is still connecting to the kernel is lost
        self.page.locator(RESTART_AND_RUN).first.click()
        self.page.locator(".jp-Dialog .jp-mod-accept").click(timeout=SLOW)

    def run_cell_with(self, words):
        """Run the last cell that holds these words, and no other; wait until it is done."""
        cell = self.page.locator(".jp-CodeCell", has=self.page.locator(".cm-content", has_text=words)).last
        cell.locator(".cm-content").click()
        count = cell.locator(".jp-InputPrompt").first.inner_text()
        self.page.keyboard.press("Control+Enter")
        self.page.wait_for_function(
            "([cell, count]) => /\\[\\d+\\]/.test(cell.querySelector('.jp-InputPrompt').textContent)"
            " && cell.querySelector('.jp-InputPrompt').textContent.trim() !== count.trim()",
            arg=[cell.element_handle(), count], timeout=SLOW)  # fmt: skip
        self.page.wait_for_selector(IDLE, timeout=SLOW)

    def problems(self):
        """Return the texts of error and stderr outputs, and of anything that could not be rendered."""
        found = []
        for words in UNRENDERED:
            found += self.page.get_by_text(words).all_inner_texts()
        for kind in ("error", "stderr"):
            found += self.page.locator(f'[data-mime-type="application/vnd.jupyter.{kind}"]').all_inner_texts()
        found += self.page.locator(".jp-RenderedMermaid.jp-mod-warning, .MathJax_Error, mjx-merror").all_inner_texts()
        return found

    def panels(self):
        """Return a locator for each panel, watched from now on."""
        panels = self.page.locator(PANEL).all()
        for panel in panels:
            panel.evaluate(WATCH)
        return panels

    def controls(self, panel):
        """Return the controls of a panel that a hand can reach now."""
        return [control for control in panel.locator(CONTROLS).all() if control.is_visible() and control.is_enabled()]

    def press(self, panel, control, key):
        """Focus a control, press one key, wait for the picture that follows. Return True when its pixels changed."""
        before = panel.evaluate(PIXELS)
        control.focus()
        assert control.evaluate("element => document.activeElement === element"), "the control takes no focus"
        shown = self._after(panel, lambda: control.press(key))
        return shown and panel.evaluate(PIXELS) != before

    def reset(self, panel):
        """Press Reset and wait for the picture; return its pixels. Where nothing was moved no picture comes."""
        self._after(panel, panel.locator(".reset").click, seconds=5)
        return panel.evaluate(PIXELS)

    def _after(self, panel, act, seconds=60):
        """Act, then wait until the panel shows a new picture; return False when none comes."""
        shown = panel.evaluate("panel => panel.shown")
        act()
        deadline = time.monotonic() + seconds
        while panel.evaluate("panel => panel.shown") == shown:
            if time.monotonic() > deadline:
                return False
            self.page.wait_for_timeout(20)
        self.page.wait_for_timeout(100)
        return True

    def whole(self, panel):
        """Scroll the panel to the top of the page's view; return what of it is out of sight, in words, or ''.

        After a change of the window's size the panel takes a moment to lay itself out anew.
        """
        for _ in range(20):
            panel.evaluate("panel => panel.scrollIntoView({block: 'start'})")
            self.page.wait_for_timeout(500)
            hidden = panel.evaluate(OUT_OF_SIGHT)
            if not hidden:
                break
        return hidden

    def median_delay(self, panel):
        """Return the median of the times from key to picture, in milliseconds."""
        return statistics.median(panel.evaluate("panel => panel.delays"))


def keys_for(control):
    """Return two keys that move a control there and back, the first chosen so that it can move."""
    if control.get_attribute("type") != "range":
        return ["Space", "Space"]
    at_end = control.evaluate("slider => Number(slider.value) >= Number(slider.max)")
    return ["ArrowLeft", "ArrowRight"] if at_end else ["ArrowRight", "ArrowLeft"]
