"""Panels: real widgets, real pictures, errors shown, a caption for readers without a kernel."""

import base64
import io

import ipywidgets
import numpy as np
import pytest
from PIL import Image

from course.widgets.panel import SMALLEST_SIDE, Panel, picture_png


def draw_line(fig, slope, dotted):
    fig.add_subplot().plot([0, 1], [0, slope], ":" if dotted else "-")


def draw_pixels(level):
    return np.full((8, 4), level, np.uint8)


def opened(png):
    return np.asarray(Image.open(io.BytesIO(png)))


def test_each_move_redraws_a_figure():
    panel = Panel(draw_line, "A line.", slope=(0.0, 2.0), dotted=False)
    assert panel.values == {"slope": 1.0, "dotted": False}
    seen = {panel.picture}
    panel.controls["slope"].value = 2.0
    seen.add(panel.picture)
    panel.controls["dotted"].value = True
    seen.add(panel.picture)
    assert len(seen) == 3
    assert panel.error is None


def test_the_figure_is_cleared_between_moves():
    axes = []

    def draw(fig, x):
        fig.add_subplot()
        axes.append(len(fig.axes))

    panel = Panel(draw, "Axes.", x=(0, 9))
    panel.controls["x"].value = 9
    assert axes == [1, 1]


def test_a_small_picture_is_enlarged_without_smoothing():
    panel = Panel(draw_pixels, "Pixels.", level=(0, 255))
    panel.controls["level"].value = 7
    pixels = opened(panel.picture)
    assert pixels.shape == (SMALLEST_SIDE, SMALLEST_SIDE // 2)
    assert set(pixels.ravel().tolist()) == {7}
    png, size = picture_png(np.zeros((400, 500, 3), np.uint8))
    assert opened(png).shape == (400, 500, 3) and size == (500, 400)


@pytest.mark.parametrize("picture", [np.zeros((4, 4)), np.zeros(4, np.uint8), np.zeros((4, 4, 2), np.uint8), None])
def test_a_picture_of_the_wrong_kind_is_an_error_in_words(picture):
    panel = Panel(lambda x: picture, "Nothing.", x=(0, 3))
    assert "draw must return uint8 (h, w) or (h, w, 3)" in panel.error


def test_the_stored_output_has_picture_and_caption():
    panel = Panel(draw_pixels, "Pixels < 256.", level=(0, 255))
    bundle = panel._repr_mimebundle_()
    assert bundle["text/plain"] == "Pixels < 256."
    assert base64.b64decode(bundle["image/png"]) == panel.picture
    assert "application/vnd.jupyter.widget-view+json" in bundle
    assert panel.get_state()["caption"] == "Pixels < 256."


def test_an_error_in_draw_is_shown_and_goes_away():
    def picky(level):
        if level > 5:
            raise ValueError("level > 5")
        return np.full((8, 8), level, np.uint8)

    panel = Panel(picky, "Fine.", level=(0, 9))
    panel.controls["level"].value = 9
    assert panel.error.startswith("The picture could not be drawn. ValueError: level > 5 (line ")
    assert panel._repr_mimebundle_()["text/plain"] == panel.error
    panel.controls["level"].value = 1
    assert panel.error is None


def test_the_verdict_follows_the_picture():
    order = []

    def draw(level):
        order.append("picture")
        return np.full((8, 8), level, np.uint8)

    def follow(level):
        order.append("verdict")
        return f"level <{level}>"

    panel = Panel(draw, "Level.", follow=follow, level=(0, 9))
    panel.controls["level"].value = 8
    assert order == ["picture", "verdict"] * 2
    assert panel._verdict == "level <8>"


def test_in_a_kernel_the_verdict_waits_until_the_controls_rest():
    import asyncio

    calls = []
    panel = Panel(draw_pixels, "Level.", follow=lambda level: calls.append(level) or "done", level=(0, 9))

    async def drag():
        for level in (1, 2, 3):
            panel.controls["level"].value = level
        assert panel._verdict == "…"
        while calls[-1] != 3:
            await asyncio.sleep(0.01)

    asyncio.run(asyncio.wait_for(drag(), 60))
    assert calls == [4, 3]  # the first state, then only where the slider came to rest
    assert "done" in panel._verdict


def test_an_error_in_follow_is_shown():
    panel = Panel(draw_pixels, "Level.", follow=lambda level: 1 / 0, level=(0, 9))
    assert "ZeroDivisionError" in panel._verdict
    assert "ZeroDivisionError" in panel.error


def test_short_forms_and_buttons():
    panel = Panel(
        lambda a, b, c, d, more: np.full((9, 9), a + more, np.uint8),
        "All kinds.",
        a=(0, 10, 5), b=(0.0, 1.0), c=["x", "y"], d=True, more=ipywidgets.Button(description="More"),
    )  # fmt: skip
    assert panel.values == {"a": 5, "b": 0.5, "c": "x", "d": True, "more": 0}
    before = panel.picture
    panel.controls["more"].click()
    assert panel.values["more"] == 1
    assert panel.picture != before
    assert panel.controls["a"].description == "a"
    with pytest.raises(TypeError, match="a control is a widget"):
        Panel(draw_pixels, "Level.", level="loud")
    with pytest.raises(TypeError, match="no place for a Text"):
        Panel(draw_pixels, "Level.", level=ipywidgets.Text())


def by_hand(panel, **moved):
    """Move controls as the front does: all values at once."""
    panel._values = {**panel._values, **moved}


def test_a_hand_in_the_front_moves_the_twin_in_python_and_draws_once():
    drawn = []

    def draw(level, kind, more):
        drawn.append((level, kind, more))
        return np.full((8, 8), level, np.uint8)

    panel = Panel(draw, "Level.", level=(0, 9), kind=["a", "b"], more=ipywidgets.Button(description="More"))
    assert panel._values == {"level": 4, "kind": 0, "more": 0}
    by_hand(panel, level=7, kind=1)
    by_hand(panel, more=1)
    by_hand(panel, level=7)  # where it is already
    assert drawn == [(4, "a", 0), (7, "b", 0), (7, "b", 1)]
    panel.controls["kind"].value = "a"
    assert panel._values == {"level": 7, "kind": 0, "more": 1}
    by_hand(panel, **panel._first)
    assert drawn[-1] == (4, "a", 1)


def test_a_control_that_moves_others_is_drawn_once():
    drawn = []
    panel = Panel(lambda a, b: drawn.append((a, b)) or np.zeros((8, 8), np.uint8), "Two.", a=(0, 9), b=(0, 9))
    panel.controls["a"].observe(lambda change: setattr(panel.controls["b"], "value", change.new), "value")
    by_hand(panel, a=8)
    assert drawn == [(4, 4), (8, 8)]
    assert panel._values == {"a": 8, "b": 8}


def test_a_figure_is_drawn_with_the_dots_of_the_screen():
    panel = Panel(draw_line, "A line.", slope=(0.0, 2.0), dotted=False, figure_size=(4, 3))
    assert panel._size == [400, 300] and opened(panel.picture).shape[:2] == (300, 400)
    panel._dots = 2.0
    assert panel._size == [400, 300] and opened(panel.picture).shape[:2] == (600, 800)
    panel._dots = 50.0
    assert opened(panel.picture).shape[:2] == (900, 1200)


@pytest.mark.parametrize(("step", "digits"), [(1, 0), (10, 0), (0.5, 1), (0.05, 2), (0.02, 2), (0.001, 3), (1 / 3, 4)])
def test_a_sliders_number_has_the_digits_of_its_step(step, digits):
    panel = Panel(draw_pixels, "Level.", level=ipywidgets.FloatSlider(1, min=0, max=9, step=step))
    assert panel._specs[0]["digits"] == digits
