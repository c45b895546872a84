"""Panel: a few controls and one picture that follows them.

    Panel(draw, "Pixels darker than the threshold are marked.", threshold=(0, 255))

The picture is a PNG: quick, and stored with the notebook, so that a reader without a kernel sees the first state and
the caption. Every control works with the keyboard: Tab to reach it, arrow keys to move it. `panel.js` lays controls and
picture out so that both are on the screen together, and `panel.controls` holds each control for Python.
"""

import asyncio
import base64
import inspect
import io
import linecache
import threading
from pathlib import Path

import anywidget
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
DPI = 100  # dots an inch of a figure, where a dot of the screen is a dot of the page
MOST_DOTS = 3.0  # times DPI, on a fine or magnified screen


class Panel(anywidget.AnyWidget):
    """Controls and one picture.

    draw: either `draw(fig, **values)`, which fills a cleared Matplotlib figure, or `draw(**values)`, which returns a
    picture, uint8 (h, w) or (h, w, 3). values: one keyword for each control.
    caption: what a reader who cannot see the picture must know; shown below it and stored with the notebook.
    follow: optional slow function `follow(**values) -> text`, shown once the picture is there and the controls rest.
    figure_size: inches, for the first kind of draw. across: controls in a row, where their places have a meaning.
    controls: ipywidgets (a slider, a list of options, Checkbox, Button or ToggleButton), or short forms: `(low, high)`
    or `(low, high, step)` a slider that starts in the middle, `[a, b, c]` a slider over these values, True or False a
    box to tick. A Button counts its clicks (Space presses it).
    """

    _esm = Path(__file__).with_name("panel.js")
    _css = Path(__file__).with_name("panel.css")
    _specs = traitlets.List().tag(sync=True)  # what the front needs to build each control
    _values = traitlets.Dict().tag(sync=True)  # present values: numbers, of a list the place
    _first = traitlets.Dict().tag(sync=True)  # the values that Reset goes back to
    _columns = traitlets.Int(0).tag(sync=True)
    _png = traitlets.Bytes().tag(sync=True)
    _size = traitlets.List([0, 0]).tag(sync=True)  # width and height of the picture at its natural size, in CSS pixels
    _sharp = traitlets.Bool(False).tag(sync=True)  # can be drawn with more dots
    _dots = traitlets.Float(1.0).tag(sync=True)
    _error = traitlets.Unicode("").tag(sync=True)
    _verdict = traitlets.Unicode("").tag(sync=True)
    caption = traitlets.Unicode("").tag(sync=True)

    def __init__(self, draw, caption, *, follow=None, figure_size=(6.4, 3.6), across=0, **controls):
        self._draw, self._follow, self._lock, self._waiting = draw, follow, threading.RLock(), None
        self._follow_error = ""
        self._held = False  # several controls are being set: draw once, afterwards
        self.controls = {name: make_control(name, value) for name, value in controls.items()}
        self._clicks = dict.fromkeys(controls, 0)
        self._figure, self._fills_figure = Figure(figsize=figure_size, dpi=DPI), _takes_figure(draw, controls)
        values = {name: self._now(name) for name in self.controls}
        super().__init__(
            caption=caption, _specs=[_spec(name, control) for name, control in self.controls.items()], _values=values,
            _first={name: value for name, value in values.items() if not _is_button(self.controls[name])},
            _columns=across, _sharp=self._fills_figure,
        )  # fmt: skip
        for name, control in self.controls.items():
            if _is_button(control):
                control.on_click(lambda _, name=name: self._clicked(name))
            else:
                control.observe(self._moved, "value")
        self.observe(self._moved_in_front, "_values")
        self.observe(lambda change: self._redraw(), "_dots")
        self._redraw()
        self._say_verdict()

    @property
    def values(self):
        """The present value of every control, by name."""
        return {name: getattr(control, "value", self._clicks[name]) for name, control in self.controls.items()}

    @property
    def picture(self):
        """The PNG on show, as bytes."""
        return self._png

    @property
    def error(self):
        """What went wrong when the picture or the text was made last, as one sentence; None where nothing did."""
        return self._error or self._follow_error or None

    def _now(self, name):
        """Return what the front knows of a control: a number, of a list the place, of a Button its clicks."""
        control = self.controls[name]
        if _is_button(control):
            return self._clicks[name]
        return control.index if isinstance(control, ipywidgets.SelectionSlider) else control.value

    def _moved_in_front(self, change):
        """Set the twins of the controls that a hand has moved, then draw once."""
        moved = {name: value for name, value in change.new.items() if value != self._now(name)}
        if not moved:
            return
        self._held = True
        try:
            for name, value in moved.items():
                control = self.controls[name]
                if _is_button(control):
                    self._clicks[name] = value
                elif isinstance(control, ipywidgets.SelectionSlider):
                    control.index = value
                else:
                    control.value = value
        finally:
            self._held = False
        self._moved()

    def _clicked(self, name):
        self._clicks[name] += 1
        self._moved()

    def _moved(self, change=None):
        if self._held:
            return
        self._values = {name: self._now(name) for name in self.controls}
        self._redraw()
        if self._follow is None:
            return
        self._verdict = "…"
        if self._waiting is not None:
            self._waiting.cancel()
        try:
            self._waiting = asyncio.get_running_loop().call_later(FOLLOW_DELAY, self._say_verdict)
        except RuntimeError:  # no kernel: nothing to wait for
            self._say_verdict()

    def _redraw(self):
        with self._lock, rc_context(STYLE):
            try:
                if self._fills_figure:
                    png, size = self._figure_png(), self._figure.get_size_inches() * DPI
                else:
                    png, size = picture_png(self._draw(**self.values))
            except Exception as error:  # shown in the panel: an exception in a callback would vanish in a log
                self._error = f"The picture could not be drawn. {_one_line(error)}"
            else:
                self._error = ""
                with self.hold_sync():
                    self._png, self._size = png, [int(side) for side in size]

    def _figure_png(self):
        self._figure.clear()
        self._figure.subplots_adjust(**MARGINS)
        self._draw(self._figure, **self.values)
        buffer = io.BytesIO()
        dots = DPI * min(max(self._dots, 0.5), MOST_DOTS)
        self._figure.savefig(buffer, format="png", dpi=dots, pil_kwargs={"compress_level": 1})
        return buffer.getvalue()

    def _say_verdict(self):
        if self._follow is None:
            return
        with self._lock:
            try:
                self._verdict, self._follow_error = str(self._follow(**self.values)), ""
            except Exception as error:
                self._verdict = self._follow_error = f"The text could not be worked out. {_one_line(error)}"

    def _repr_mimebundle_(self, **kwargs):
        """The live widget, and beside it what a notebook without a kernel shows: caption and picture."""
        bundle = super()._repr_mimebundle_(**kwargs) or {}
        bundle = dict(bundle[0] if isinstance(bundle, tuple) else bundle)
        bundle["text/plain"] = self.error or self.caption
        if self.picture:
            bundle["image/png"] = base64.b64encode(self.picture).decode()
        return bundle


def make_control(name, value):
    """Return `value` as an ipywidget with a readable label; short forms are explained at Panel."""
    if not isinstance(value, ipywidgets.Widget):
        value = _short_form(value)
    if not value.description:
        value.description = name.replace("_", " ")
    return value


def _short_form(value):
    if isinstance(value, bool):
        return ipywidgets.Checkbox(value=value)
    if isinstance(value, list):
        return ipywidgets.SelectionSlider(options=value)
    if isinstance(value, tuple) and len(value) in (2, 3):
        low, high, step = (*value, None)[:3]
        if all(isinstance(number, int) for number in value):
            step = step or 1
            middle = low + (high - low) // (2 * step) * step
            return ipywidgets.IntSlider(value=middle, min=low, max=high, step=step)
        return ipywidgets.FloatSlider(value=(low + high) / 2, min=low, max=high, step=step or (high - low) / 50)
    raise TypeError(f"a control is a widget, (low, high), (low, high, step), a list or True/False, not {value!r}")


def _is_button(control):
    return isinstance(control, ipywidgets.Button)


def _spec(name, control):
    """Return what the front needs to build a control: its kind, label and limits."""
    spec = {"name": name, "label": control.description}
    if isinstance(control, ipywidgets.SelectionSlider):
        labels = [str(label) for label in control._options_labels]
        return spec | {"kind": "list", "labels": labels, "min": 0, "max": len(labels) - 1, "step": 1}
    if isinstance(control, (ipywidgets.IntSlider, ipywidgets.FloatSlider)):
        step = control.step
        return spec | {"kind": "slider", "min": control.min, "max": control.max, "step": step, "digits": _digits(step)}
    kinds = {ipywidgets.Button: "button", ipywidgets.ToggleButton: "toggle", ipywidgets.Checkbox: "check"}
    for kind, word in kinds.items():
        if isinstance(control, kind):
            return spec | {"kind": word}
    raise TypeError(f"a Panel has no place for a {type(control).__name__}: take a slider, a list, a box or a button")


def _digits(step):
    """Return how many digits after the point a slider's number needs: 1 -> 0, 0.5 -> 1, 0.05 -> 2."""
    return next((digits for digits in range(4) if abs(round(step, digits) - step) < 1e-9), 4)


def picture_png(picture):
    """Return a picture, uint8 (h, w) or (h, w, 3), as PNG, and its (width, height). Small ones are enlarged."""
    picture = np.asarray(picture)
    if picture.dtype != np.uint8 or picture.ndim not in (2, 3) or picture.shape[2:] not in ((), (3,)):
        raise TypeError(f"draw must return uint8 (h, w) or (h, w, 3), not {picture.dtype} of shape {picture.shape}")
    times = max(1, -(-SMALLEST_SIDE // max(picture.shape[:2])))
    picture = picture.repeat(times, axis=0).repeat(times, axis=1)
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, format="png", compress_level=1)
    return buffer.getvalue(), picture.shape[1::-1]


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
