"""Panel: a few controls and one picture that follows them.

    Panel(draw, "Pixels darker than the threshold are marked.", threshold=(0, 255))

The picture is a PNG in one image widget: quick, and stored with the notebook, so that a reader without a kernel sees
the first state and the caption. Every control works with the keyboard: Tab to reach it, arrow keys to move it.
"""

import asyncio
import base64
import inspect
import io
import linecache
import threading
from html import escape

import ipywidgets
import numpy as np
import traitlets
from matplotlib import rc_context
from matplotlib.figure import Figure
from PIL import Image

from course.plots import STYLE

SMALLEST_SIDE = 320  # smaller pictures are enlarged until a single pixel can be seen
MARGINS = {"left": 0.1, "right": 0.98, "bottom": 0.15, "top": 0.9, "wspace": 0.3}  # a layout engine costs 50 ms a move
FOLLOW_DELAY = 0.15  # seconds without a move before the slow text is worked out


class _Picture(ipywidgets.Image):
    """An image whose tooltip, read out by screen readers, is the caption.

    ipywidgets 8.1 looks up `description` before it shows a tooltip, and fails on widgets that have none, as Image.
    """

    description = traitlets.Unicode("").tag(sync=True)


class Panel(ipywidgets.VBox):
    """Controls above one picture.

    draw: either `draw(fig, **values)`, which fills a cleared Matplotlib figure, or `draw(**values)`, which returns a
    picture, uint8 (h, w) or (h, w, 3). values: one keyword for each control.
    caption: what a reader who cannot see the picture must know; shown below it and stored with the notebook.
    follow: optional slow function `follow(**values) -> text`, shown once the picture is there and the controls rest.
    figure_size: inches, for the first kind of draw.
    controls: ipywidgets, or short forms: `(low, high)` or `(low, high, step)` a slider that starts in the middle,
    `[a, b, c]` a slider over these values, True or False a box to tick. A Button counts its clicks (Space presses it).
    """

    def __init__(self, draw, caption, *, follow=None, figure_size=(6.4, 3.6), **controls):
        self._draw, self._follow, self.caption = draw, follow, caption
        self.controls = {name: make_control(name, value) for name, value in controls.items()}
        self._clicks = dict.fromkeys(controls, 0)
        self.error = None
        self._lock, self._waiting = threading.RLock(), None
        self._figure = Figure(figsize=figure_size, dpi=100)
        self._fills_figure = _takes_figure(draw, controls)
        self._image = _Picture(format="png", tooltip=caption, layout={"max_width": "100%", "object_fit": "contain"})
        self._text, self._verdict = ipywidgets.HTML(), ipywidgets.HTML()
        below = [self._text, self._verdict] if follow else [self._text]
        super().__init__([*self.controls.values(), self._image, *below])
        for name, control in self.controls.items():
            if isinstance(control, ipywidgets.Button):
                control.on_click(lambda _, name=name: self._clicked(name))
            else:
                control.observe(self._moved, "value")
        self._redraw()
        self._say_verdict()

    @property
    def values(self):
        """The present value of every control, by name."""
        return {name: getattr(control, "value", self._clicks[name]) for name, control in self.controls.items()}

    @property
    def picture(self):
        """The PNG on show, as bytes."""
        return self._image.value

    def _clicked(self, name):
        self._clicks[name] += 1
        self._moved()

    def _moved(self, change=None):
        self._redraw()
        if self._follow is None:
            return
        self._verdict.value = "…"
        if self._waiting is not None:
            self._waiting.cancel()
        try:
            self._waiting = asyncio.get_running_loop().call_later(FOLLOW_DELAY, self._say_verdict)
        except RuntimeError:  # no kernel: nothing to wait for
            self._say_verdict()

    def _redraw(self):
        with self._lock, rc_context(STYLE):
            try:
                self._image.value = self._figure_png() if self._fills_figure else picture_png(self._draw(**self.values))
                self.error = None
            except Exception as error:  # shown in the panel: an exception in a callback would vanish in a log
                self.error = f"The picture could not be drawn. {_one_line(error)}"
            text = f"<b>{escape(self.error)}</b>" if self.error else escape(self.caption)
            self._text.value = f"<div style='max-width:44em;line-height:1.4'>{text}</div>"

    def _figure_png(self):
        self._figure.clear()
        self._figure.subplots_adjust(**MARGINS)
        self._draw(self._figure, **self.values)
        buffer = io.BytesIO()
        self._figure.savefig(buffer, format="png", dpi=100, pil_kwargs={"compress_level": 1})
        return buffer.getvalue()

    def _say_verdict(self):
        if self._follow is None:
            return
        with self._lock:
            try:
                text = escape(str(self._follow(**self.values)))
            except Exception as error:
                self.error = f"The text could not be worked out. {_one_line(error)}"
                text = f"<b>{escape(self.error)}</b>"
            self._verdict.value = f"<div style='max-width:44em' aria-live='polite'>{text}</div>"

    def _repr_mimebundle_(self, **kwargs):
        """The live widget, and beside it what a notebook without a kernel shows: caption and picture."""
        bundle = super()._repr_mimebundle_(**kwargs) or {}
        bundle["text/plain"] = self.error or self.caption
        if self.picture:
            bundle["image/png"] = base64.b64encode(self.picture).decode()
        return bundle


def make_control(name, value):
    """Return `value` as a widget with a readable label; short forms are explained at Panel."""
    if not isinstance(value, ipywidgets.Widget):
        value = _short_form(value)
    if not value.description:
        value.description = name.replace("_", " ")
    if not isinstance(value, (ipywidgets.Button, ipywidgets.ToggleButton)):
        value.style.description_width = "initial"
    if value.layout.width is None and isinstance(value, (ipywidgets.IntSlider, ipywidgets.FloatSlider)):
        value.layout.width = "32em"
    return value


def _short_form(value):
    if isinstance(value, bool):
        return ipywidgets.Checkbox(value=value, indent=False)
    if isinstance(value, list):
        return ipywidgets.SelectionSlider(options=value)  # JupyterLab takes a Dropdown's up and down keys for itself
    if isinstance(value, tuple) and len(value) in (2, 3):
        low, high, step = (*value, None)[:3]
        if all(isinstance(number, int) for number in value):
            step = step or 1
            middle = low + (high - low) // (2 * step) * step
            return ipywidgets.IntSlider(value=middle, min=low, max=high, step=step)
        return ipywidgets.FloatSlider(value=(low + high) / 2, min=low, max=high, step=step or (high - low) / 50)
    raise TypeError(f"a control is a widget, (low, high), (low, high, step), a list or True/False, not {value!r}")


def picture_png(picture):
    """Return a uint8 picture (h, w) or (h, w, 3) as PNG; small ones are enlarged without smoothing."""
    picture = np.asarray(picture)
    if picture.dtype != np.uint8 or picture.ndim not in (2, 3) or picture.shape[2:] not in ((), (3,)):
        raise TypeError(f"draw must return uint8 (h, w) or (h, w, 3), not {picture.dtype} of shape {picture.shape}")
    times = max(1, -(-SMALLEST_SIDE // max(picture.shape[:2])))
    picture = picture.repeat(times, axis=0).repeat(times, axis=1)
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, format="png", compress_level=1)
    return buffer.getvalue()


def _takes_figure(draw, controls):
    """Return True when draw's first parameter is not one of the controls: then it is the figure."""
    first = next(iter(inspect.signature(draw).parameters.values()), None)
    return first is not None and first.kind is not first.VAR_KEYWORD and first.name not in controls


def _one_line(error):
    """Return 'ValueError: text (line 3: `code`)', naming the innermost line."""
    traceback = error.__traceback__
    while traceback.tb_next:
        traceback = traceback.tb_next
    code = linecache.getline(traceback.tb_frame.f_code.co_filename, traceback.tb_lineno).strip()
    where = f" (line {traceback.tb_lineno}: {code})" if code else ""
    return f"{type(error).__name__}: {error}{where}"
