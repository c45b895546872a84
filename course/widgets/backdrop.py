"""A picture of which most stays: axes, ticks and words are drawn once, then the few artists that move."""

import matplotlib
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image, ImageDraw

from course.plots import STYLE, font


class Backdrop:
    """One figure of width x height inches, 100 dots an inch.

    prepare: fills the figure and returns the artists that will move; it draws none of them into what stays. Ticks and
    labels take most of a figure's time, so a picture comes in some 20 ms instead of 100.
    """

    def __init__(self, width, height, prepare):
        with matplotlib.rc_context(STYLE):
            figure = Figure(figsize=(width, height), dpi=100)
            self.canvas = FigureCanvasAgg(figure)
            self.moving = prepare(figure)
            for artist in self.moving:
                artist.set_animated(True)
            self.canvas.draw()
        self.rest = self.canvas.copy_from_bbox(figure.bbox)

    def picture(self, *lines, size=15):
        """Draw the moving artists as they are now, and `lines` of text above: uint8 (h, w, 3).

        size: of the letters, in pixels. Pillow writes them: Matplotlib takes ten times as long for words.
        """
        self.canvas.restore_region(self.rest)
        for artist in self.moving:
            self.canvas.figure.draw_artist(artist)
        picture = Image.fromarray(np.asarray(self.canvas.buffer_rgba())[..., :3].copy())
        pen = ImageDraw.Draw(picture)
        for number, words in enumerate(lines):
            pen.text((16, 10 + number * 2 * size), words, fill="#000000", font=font(size))
        return np.asarray(picture)
