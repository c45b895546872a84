# %% [markdown]
# # Read a picture as an array, and know what its numbers mean
#
# Before any diagnosis by computer stands the reading of a file. Take rows for columns, red for blue, or stored numbers
# for measured ones, and everything after it works on something else, often without an error.
#
# ## What you will do
# - Cut a piece out of a picture, and never again mix up row and column with x and y (exercise 1.1).
# - Average colours, with red as red, and without numbers that silently wrap around (exercise 1.2).
# - Read a histogram, and turn a threshold into a count and an area (exercise 1.3).
# - Turn the numbers in a CT file into Hounsfield units, and these into a picture for the eye (exercise 1.4).
# - Read a DICOM header in words, and hide writing that is part of the picture itself (exercise 1.5).
#
# On the way you read a folder of pictures, damaged files too, and see what a range of usual values cannot tell you.
#
# **What you need.** Python, a first look at NumPy arrays, [lesson 00](00_start_here.ipynb).
#
# **How long.** About 150 minutes, in two or three sittings: good places for a pause are after sections 4 and 6.
#
# **What this is not.** No reading of medical pictures: whoever looks at them for a living sees far more than is said
# here. Nothing on this page may be used on a patient.

# %% [markdown]
# ## 1. Find your way: rows, columns, x and y
#
# A grey picture is a table of numbers, an *array*. Here is a scrap of one, as in lesson 00: 0 is black, 255 is white.

# %%
import numpy as np

picture = np.array([[203, 198, 121,  97,  95],
                    [199,  88,  64,  91, 180],
                    [201, 100,  79, 182, 205]], dtype=np.uint8)

# %% [markdown]
# **Predict** what each of these prints, before you run it.

# %%
print("shape:", picture.shape, " type:", picture.dtype, " smallest and largest:", picture.min(), picture.max())
print("picture[0, 4] =", picture[0, 4], "  picture[2, 1] =", picture[2, 1])

# %% [markdown]
# *Shape* says 3 rows, then 5 columns: $(h, w)$, height before width. The *type* `uint8` is a whole number of 8 bits
# without a sign, so 0 to 255. In `picture[2, 1]` the row comes first and both count from 0: third row, second column.
#
# Drawing programs, annotation tools and many libraries for photographs speak another language: $x$ to the right, then
# $y$ down. Pillow is one of them. **Predict both lines.**

# %%
from PIL import Image

photo = Image.fromarray(picture)
print("size:", photo.size, "  pixel at x = 4, y = 0:", photo.getpixel((4, 0)))

# %% [markdown]
# Pillow gives width before height, and its pixel $(4, 0)$ is NumPy's `picture[0, 4]`. **Break it on purpose:** ask
# NumPy for `picture[4, 0]`.

# %%
try:
    print(picture[4, 0])
except IndexError as error:
    print("IndexError:", error)

# %% [markdown]
# Lucky: there is no row 4, so the mistake is loud. Medical pictures are often square, and then both places exist. On a
# square picture the mistake is silent:

# %%
from course.data.cytology import draw

cells = draw(149)
print(cells.shape, " [30, 100]:", cells[30, 100], " [100, 30]:", cells[100, 30])

# %% [markdown]
# (`draw` makes a *field*, what a microscope shows at once, of cells of one patient, here the one in row 149 of a table:
# *drawn from measurements, not a photograph*; section 5 plays with it. A colour picture has a third axis, one number
# each for red, green and blue.)
#
# A *slice* cuts out a piece, `first:stop` in each direction. **Predict the shape of the piece, and its numbers.**

# %%
piece = picture[0:2, 1:4]
print(piece.shape)
print(piece)

# %% [markdown]
# The stop itself is not included: `1:4` are the three columns 1, 2, 3. So the length is stop minus first, which is
# convenient. Two slices that go wrong without an error:

# %%
print("rows 1 to 9 of 3:", picture[1:9, 0:2].shape)
print("rows -1 to 2:    ", picture[-1:2, 0:2].shape)

# %% [markdown]
# The first is cut short. In the second, -1 means the *last* row, number 2, and from 2 to 2 there is nothing. A *lesion*
# (a place of damaged or diseased tissue) near the border, asked for with a little room around it, meets exactly these
# two.
#
# ### Exercise 1.1 - cut out a box
#
# Annotation tools describe a *region of interest* by a box: the x and y of its upper left corner, its width and its
# height, in pixels. Return the pixels in the box. A box that does not lie wholly inside the picture, or that holds no
# pixel, must raise a `ValueError`: nobody should measure half a lesion and believe it whole. (`raise
# ValueError("too wide")` stops a function with that error; `picture.shape[:2]` gives rows and columns, in colour too.)

# %%
# Exercise 1.1 - the pixels in a box
from course.checks import check


def crop(picture, box):
    """Return the part of picture (h, w) or (h, w, 3) in box = (x, y, width, height).

    Raise ValueError if the box holds no pixel or does not lie inside the picture.
    """
    ### BEGIN SOLUTION
    x, y, width, height = box
    rows, columns = picture.shape[:2]
    if width < 1 or height < 1 or x < 0 or y < 0 or x + width > columns or y + height > rows:
        raise ValueError(f"the box {box} does not lie in a picture of {rows} rows and {columns} columns")
    return picture[y:y + height, x:x + width]
    ### END SOLUTION

check("1.1", crop)

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# Which of the four numbers say something about rows? Which about columns?
# </details>
# <details><summary>Hint 2: the idea</summary>
#
# y counts rows downwards, so the rows begin at y and there are `height` of them. The columns begin at x. Before you
# slice, compare both ends with `picture.shape[:2]`, which are the rows and the columns of a colour picture too.
# </details>
# <details><summary>Hint 3: the shape of the code</summary>
#
# `if ... < 0 or ... > columns or ...: raise ValueError("...")`, then `return picture[...:..., ...:...]`
# </details>
# <details><summary>Hint 4: numbers to compare with</summary>
#
# `crop(picture, (1, 0, 3, 2))` is the piece printed above, of shape (2, 3). `crop(picture, (3, 0, 3, 2))` must be
# refused: it would need column 5.
# </details>

# %% [markdown]
# ## 2. Look around: six pictures, six meanings of a number
#
# Five of these come with scikit-image, one is drawn. Nothing is downloaded.

# %%
from skimage import data

from course.plots import show_pictures

tour = {"retina": data.retina(), "tissue": data.immunohistochemistry(), "retina, detail": data.microaneurysms(),
        "phantom": data.shepp_logan_phantom(), "floating cell": data.cell(), "drawn cells": cells}
show_pictures(list(tour.values()), titles=list(tour), columns=3, size=2.6)

# %% [markdown]
# *Figure: six pictures. Retina: a round orange field on black, with a bright disc at the left from which vessels run,
# and a darker spot in the middle. Tissue: brown glands among blue dots on white. Retina, detail: grey, three dark
# vessels from left to right and two small dark dots between them. Phantom: a white oval ring on black, with dark and
# grey ellipses inside. Floating cell: a bright disc with a dark rim on even grey. Drawn cells: fifteen violet nuclei on
# pink.*
#
# **Predict:** which of them is not `uint8`? Which are not square?

# %%
for name, array in tour.items():
    print(f"{name:15} {array.shape!s:16} {array.dtype!s:8} {array.min():g} to {array.max():g}")

# %% [markdown]
# What does *bright* mean in each? That is the question to ask of any medical picture.
#
# - **Retina.** A colour photograph of the back of a healthy left eye: light that came back. The black around it
#   is no tissue; a mean over all pixels would count it.
# - **Tissue.** A section of colon seen through a microscope: light that passed. Brown (the dye DAB) shows where a
#   protein named FHL2 is; blue (haematoxylin) shows the nuclei.
# - **Retina, detail.** The green channel alone, cut from a photograph of an eye whose retina diabetes has damaged. The
#   dots are *microaneurysms*, tiny bulges of the finest vessels, the capillaries (a small dot of blood can look the
#   same). Only 38 to 129 of 0 to 255 are used.
# - **Phantom.** No patient: an invented section of a head to test CT programs, after Shepp and Logan, its contrast
#   raised. Floats from 0 to 1.
# - **Floating cell.** A cell in salt water, without stain: bright is where light was *delayed* most, worked out from
#   how two beams, one through the cell and one past it, overlap (a hologram).
# - **Drawn cells.** From the Wisconsin breast cancer table, as in lesson 00. They *hold no information beyond the
#   table*.
#
# CT, MR and ultrasound follow in sections 6 and 8. Note the phantom's type. Floats go from 0 to 1 by custom, `uint8`
# from 0 to 255. **Break it on purpose:** turn one into the other by changing the type alone. What will be left?

# %%
phantom = tour["phantom"]
print("values before:", len(np.unique(phantom)), " after astype(np.uint8):", np.unique(phantom.astype(np.uint8)))
print("multiplied and rounded first:", len(np.unique(np.round(phantom * 255).astype(np.uint8))))

# %% [markdown]
# `astype` cuts off what stands behind the point, so that all that is not exactly 1 becomes 0: the skull stays, the
# brain is gone. Multiply by 255 and round first. (The brightest ring survives either way, which is why the mistake
# passes at a glance.)

# %% [markdown]
# ## 3. Mind the colours, and numbers that wrap around
#
# In this course the third axis is red, green, blue: RGB. OpenCV, which many tutorials use, reads files as **BGR**, blue
# first. Nothing in the array says which. Here is the tissue as it is, and as it looks when one order is taken for the
# other:

# %%
tissue = tour["tissue"]
print("one pixel of a gland, RGB:", tissue[60, 60], " read as if it were BGR:", tissue[60, 60, ::-1])
show_pictures([tissue, tissue[..., ::-1]], titles=["RGB, right", "red and blue swapped"], columns=2, size=3)

# %% [markdown]
# *Figure: left, the tissue with brown glands and blue nuclei between them. Right, the same with red and blue swapped:
# the glands are blue, and the nuclei between them reddish brown.*
#
# Brown means that the protein is there. With the channels swapped, the glands look free of it, and the nuclei full of
# it: a sharp picture of the opposite. (In square brackets, `...` stands for all the axes before; `::-1` runs an axis
# backwards.)
#
# **Wrapping around.** `uint8` ends at 255, and it counts like a clock: after 255 comes 0 again, so that 256 is stored
# as 0 and 257 as 1; below 0 it goes on at 255. **Predict all twelve numbers.**

# %%
a = np.array([200, 60, 10], dtype=np.uint8)
print("a + a  =", a + a)
print("a * a  =", a * a)
print("a - 50 =", a - np.uint8(50))
print("a + 100 =", a + 100)

# %% [markdown]
# On such a clock what is left is the remainder after dividing by 256. $60 \cdot 60 = 3600 = 14 \cdot 256 + 16$, hence
# 16. And $10 - 50 = -40$, plus 256 is 216: the darkest pixel becomes one of the brightest. Not a word of warning.
#
# What exactly does NumPy (from version 2 on) do with a `uint8` array? (`int16` holds whole numbers from -32,768 to
# 32,767; `float64` holds fractions.)

# %%
import warnings


def attempt(name, function):  # prints result, type and warnings; read the seven lines at the end
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            result = function()
            print(f"{name:22} {result!s:16} {result.dtype!s:8}", *(f"(warning: {one.message})" for one in caught))
        except OverflowError as error:
            print(f"{name:22} OverflowError: {error}")

attempt("a + 300", lambda: a + 300)
attempt("a < 300", lambda: a < 300)
attempt("a * 1.5", lambda: a * 1.5)
attempt("a * a.astype(np.int16)", lambda: a * a.astype(np.int16))
attempt("a[1] * a[1]", lambda: a[1] * a[1])
attempt("sum(a), Python's", lambda: sum(a))
attempt("a.sum(), NumPy's", lambda: a.sum())

# %% [markdown]
# - A Python whole number takes on the array's type. If it fits, the result may wrap, silently; if it does not fit (300,
#   or -1), NumPy refuses. Comparisons are exempt.
# - A Python float, or an array of a wider type, widens the result: `float64`, `int16`. Wider, not endless:
#   $200 \cdot 200 = 40{,}000$ does not fit into `int16` either, which ends at 32,767. Look at the fourth line.
# - Single `uint8` numbers wrap as well, with a warning. So does Python's `sum`, which adds one by one; on a table of
#   pixels it adds row by row, and the warning is gone too.
# - The array's own `sum` and `mean` count in a wide type. They are safe.
#
# Tutorials written for older versions differ: there, `a + 300` was widened. What does the wrap do to a picture? Grey by
# the mean of the three channels, in two ways:

# %%
red, green, blue = cells[..., 0], cells[..., 1], cells[..., 2]
wrapped = (red + green + blue) / 3
right = cells.mean(axis=2)
print(f"brightest grey: wrapped {wrapped.max():.0f}, right {right.max():.0f}")
show_pictures([wrapped, right], titles=["red + green + blue, in uint8", "mean(axis=2)"], columns=2, size=2.6)

# %% [markdown]
# *Figure: two grey pictures, each shown from its darkest to its brightest value. Left: dark grey, clouded ground, and
# around every nucleus a ring of white specks; the inside of the nuclei is speckled black and white. Right, the grey
# picture as it should be: dark nuclei on pale, even ground.*
#
# The cure is one word, at the start: `astype(float)`. Or use `sum` and `mean` of the array.
#
# **A mean over a part.** A *mask* says for each pixel: inside or outside. With an array of True and False in square
# brackets, only the pixels inside are left. One line of grey values:

# %%
line = np.array([203, 198, 121, 97, 95], dtype=np.uint8)
nucleus = np.array([False, False, True, True, True])
print("inside:", line[nucleus], " their mean:", round(line[nucleus].mean(), 1), " mean of all:", line.mean())

# %% [markdown]
# ### Exercise 1.2 - the mean colour inside a mask
#
# Now in colour, and as it comes in practice: the mask was saved as a picture, so it is `uint8` with 0 outside and 255
# inside. And the picture may be RGB or BGR; the answer is always red, green, blue. With an empty mask, raise a
# `ValueError`.

# %%
# Exercise 1.2 - the mean red, green and blue inside a mask
def mean_colour(picture, mask, order):
    """Return the mean red, green and blue, float (3,), of the pixels inside the mask.

    picture: uint8 (h, w, 3), its channels in the order "RGB" or "BGR". mask: uint8 (h, w), 255 inside, 0 outside.
    Raise ValueError if nothing is inside.
    """
    ### BEGIN SOLUTION
    inside = picture[mask > 0]  # (pixels, 3)
    if len(inside) == 0:
        raise ValueError("no pixel lies inside the mask")
    means = inside.mean(axis=0)
    return means[::-1] if order == "BGR" else means
    ### END SOLUTION

check("1.2", mean_colour)

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# What is 200 times 255 in `uint8`? So is it a good idea to multiply the picture by the mask?
# </details>
# <details><summary>Hint 2: the idea</summary>
#
# Make True and False from the mask, and put them into square brackets behind the colour picture: what is left has the
# shape (pixels inside, 3). Take the mean over the pixels. Turn the three numbers round if the order asks for it.
# </details>
# <details><summary>Hint 3: the shape of the code</summary>
#
# `inside = picture[...]`, then `if len(inside) == 0: raise ...`, then `means = inside.mean(axis=...)`, then `return
# ...`
# </details>
# <details><summary>Hint 4: numbers to compare with</summary>
#
# Two pixels inside, (200, 100, 60) and (180, 120, 61): the answer is 190, 110, 60.5 for RGB, and 60.5, 110, 190 for
# BGR.
# </details>
#
# The program that draws the cells knows which pixels it drew as nuclei. The mean colour inside and outside, here by
# SciPy, so that the cell runs without your exercise (`labels` is the mask, `index` the value that counts as inside):

# %%
from scipy import ndimage

from course.data.cytology import draw_mask

truth = draw_mask(149) > 0
for name, mask in (("nuclei", truth), ("all else", ~truth)):
    print(f"{name:8}", [round(float(ndimage.mean(cells[..., c], labels=mask, index=True))) for c in range(3)])

# %% [markdown]
# The nuclei are darker in all three channels, and most so in green, where violet takes away most light. That is why
# [lesson 03](03_measuring_nuclei.ipynb) looks for nuclei with numbers like these.

# %% [markdown]
# ## 4. Count values: histogram and threshold
#
# A *histogram* says how many pixels have which value, and forgets where they are. By hand: how many of these nine
# pixels lie in 0 to 99, in 100 to 199, in 200 to 255? **Count first.**

# %%
nine = np.array([[203, 198, 121], [199, 88, 64], [201, 100, 79]], dtype=np.uint8)
print(np.histogram(nine, bins=[0, 100, 200, 256])[0])

# %% [markdown]
# (100 belongs to the second group: each group includes its lower end.) Now the floating cell of section 2.

# %%
from course.widgets.lesson_01 import picture_and_histogram

cell = data.cell()
picture_and_histogram(cell, "value (0 to 255)")

# %% [markdown]
# *Figure: left, the picture, 660 rows and 550 columns; a bright disc lies at the lower right. Right, its histogram; the
# counts stand on a scale where each step is ten times as many, which begins at 10. One tall peak near 67, a long slope
# to the left of it, a valley near 100, and a low, broad hump from about 130 to 220.*
#
# The peak is the ground, the slope at its left the dark rim around the cell, the low hump the cell: few pixels, and
# bright. Between them lies a valley, a good place for a
# *threshold*. A count of pixels means little by itself, since it changes with the camera. But here the size of a pixel
# is known: 0.107 micrometres (µm), thousandths of a millimetre, in both directions.
#
# By hand: 100 pixels of 0.107 µm by 0.107 µm cover $100 \cdot 0.107 \cdot 0.107 = 1.14$ µm². The length enters
# *twice*. Pixels need not be square: with a *spacing* of 0.5 mm from row to row and 2 mm from column to column, each
# covers 1 mm².
#
# ### Exercise 1.3 - count and area above a threshold
#
# Brighter than the threshold means above it; a pixel exactly at it does not count.

# %%
# Exercise 1.3 - how many pixels are brighter than a threshold, and what area do they cover?
def bright_area(picture, threshold, spacing):
    """Return (number of pixels brighter than threshold, their area).

    picture: (h, w), any type of numbers. spacing: (from row to row, from column to column), a length; the area is in
    its square.
    """
    ### BEGIN SOLUTION
    count = int(np.count_nonzero(picture > threshold))
    return count, count * spacing[0] * spacing[1]
    ### END SOLUTION

check("1.3", bright_area)

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# Lesson 00 asked for a share of dark pixels. What is the same here, and what is different?
# </details>
# <details><summary>Hint 2: the idea</summary>
#
# Compare the whole picture with the threshold at once, count the True entries. One pixel is a rectangle; what is its
# area?
# </details>
# <details><summary>Hint 3: the shape of the code</summary>
#
# `count = (...).sum()`, then `return count, count * ... * ...`
# </details>
# <details><summary>Hint 4: numbers to compare with</summary>
#
# `bright_area(picture, 100, (0.5, 2.0))` with the 3 x 5 scrap of section 1 is (8, 8.0).
# </details>
#
# How much does the threshold matter? If the cell were a disc of area $A$, its diameter would be $\sqrt{4 A / \pi}$.

# %%
for threshold in (90, 110, 130, 150):
    area = np.count_nonzero(cell > threshold) * 0.107**2
    print(f"above {threshold}: {area:4.0f} µm², as a disc {np.sqrt(4 * area / np.pi):.1f} µm across")

# %% [markdown]
# From 90 to 150 the area falls by about a fifth, the diameter by about an eighth: the square root softens the error. No
# threshold is *the* right one, since the rim is not sharp. Write down which one you used.
#
# And the count takes every bright pixel, wherever it is: a speck of dirt counts as cell. [Lesson
# 03](03_measuring_nuclei.ipynb) keeps what hangs together, and lets a rule choose the threshold.

# %% [markdown]
# ## 5. From numbers to a picture, and a folder of them
#
# So far you went from picture to numbers. The drawn cells go the other way: a patient's measurements go in, a field of
# fifteen nuclei comes out, each in the pale body of its cell. Some words. *Worst radius* is the mean of the three
# largest nuclei. *Texture* is how much the grey values inside a nucleus vary. *Compactness* is 0 for a circle, and
# grows as the outline becomes longer than it need be. *Concavity* is how deep the dents are. Lengths are in the table's
# units, pixels of its camera; how large those were, we have found published nowhere.
#
# Three states: values in the middle; four of six values that only malignant patients have; values that nobody has.

# %%
from course.widgets.lesson_01 import drawn_cells
from course.widgets.lesson_04 import stacked

settings = [(13, 15, 19, 0.09, 0.06), (22, 30, 22, 0.25, 0.3), (22, 15, 45, 0.45, 0.06)]
stacked([drawn_cells(*one) for one in settings])

# %% [markdown]
# *Figure: three fields, each beside six pairs of bars that show the ranges of the benign (B) and malignant (M)
# patients, and a black mark for the value drawn. First: even, round nuclei, all marks inside the ranges. Second: large,
# jagged nuclei; mean radius, worst radius, compactness and the ratio of the radii lie beyond the benign bars and within
# the malignant ones. Third: an orange frame and the word NOBODY around picture and around three lines: the ratio of
# worst to mean radius, texture, and compactness lie outside both bars.*
#
# The ranges reach from the smallest to the largest value among the 569 patients of the table. Outside them, the
# program still draws, but nobody's cells look like that.
#
# ### Experiment: whose cells are these?

# %%
import ipywidgets

from course.widgets.panel import Panel

Panel(drawn_cells, "A field drawn from five measurements. A frame and the word NOBODY mark what no patient has.",
      mean_radius=ipywidgets.FloatSlider(13, min=5, max=30, step=0.5),
      worst_radius=ipywidgets.FloatSlider(15, min=6, max=38, step=0.5),
      texture=ipywidgets.FloatSlider(19, min=5, max=45, step=1),
      compactness=ipywidgets.FloatSlider(0.09, min=0.01, max=0.5, step=0.01, readout_format=".2f"),
      concavity=ipywidgets.FloatSlider(0.06, min=0, max=0.5, step=0.02, readout_format=".2f"), field=(0, 4))

# %% [markdown]
# **Try.**
# 1. Raise the mean radius to 20 and leave the worst radius at 15. Which line is marked, and why can no nuclei have
#    these two?
# 2. Move `field`. The measurements stay; what changes?
#
# **Question.** Set mean radius 9, worst radius 11, compactness 0.30. Every value lies in its range. Is there a patient
# like this?
# <details><summary>Answer</summary>
#
# No. Each value occurs, the pair does not: only two patients have a compactness of 0.30 or more, and their mean radii
# are above 15; no patient with a mean radius below 10 has more than 0.23. Ranges looked at one by one cannot show that.
# The same holds for any program that is asked about cells unlike those it was made for. (1: the ratio of worst to mean
# radius. The mean of the three largest cannot lie below the mean of all; the program then draws all nuclei of about the
# mean size. 2: the nuclei, their places and the grain are drawn anew, within the same measurements.)
# </details>
#
# **A folder of pictures.** Data sets come as folders, and the name of the folder is often the only label. Write four
# drawn pictures in that layout, into a folder that vanishes afterwards:

# %%
import tempfile
from pathlib import Path

from course.data.cytology import table

_, labels = table()
temporary = tempfile.TemporaryDirectory()
root = Path(temporary.name)
for case in (149, 324, 186, 446):
    label = "malignant" if labels[case] == 1 else "benign"
    path = root / "train" / label / f"case{case}.png"
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(draw(case)).save(path)

# %% [markdown]
# `rglob` walks through all folders below. It promises no order, and the order differs between computers; so sort.

# %%
from course.data.pictures import read_picture

for path in sorted(root.rglob("*.png")):
    print(f"{path.relative_to(root).as_posix():28} label {path.parent.name:10} {read_picture(path).shape}")

# %% [markdown]
# `read_picture` always gives `uint8` of shape $(h, w, 3)$, RGB, or one clear sentence. **Break it on purpose:** a
# copying was interrupted, and half of a file is missing. And one file is no picture at all.

# %%
from course import CourseError

whole = (root / "train" / "benign" / "case149.png").read_bytes()
(root / "train" / "benign" / "half.png").write_bytes(whole[:len(whole) // 2])
(root / "train" / "benign" / "notes.png").write_text("call the laboratory")
for name in ("half.png", "notes.png"):
    try:
        read_picture(root / "train" / "benign" / name)
    except CourseError as problem:
        print(str(problem).replace(str(root), "..."))

# %% [markdown]
# The message names the file and what is wrong. A program that skips such files in silence trains on fewer patients
# than its report says. Tidy up:

# %%
temporary.cleanup()
print("still there:", root.exists())

# %% [markdown]
# ## 6. Open a CT file: stored numbers and Hounsfield units
#
# Hospitals keep pictures in *DICOM* files: the numbers, and a *header* that says what they are. Each entry of the
# header, a *data element*, has a pair of numbers (its *tag*), a name and a value; people call the whole a tag. pydicom,
# which reads them, comes with a real CT slice. `read_header` gives the header (further down, `read` gives the picture
# too), and `describe` puts it into words.

# %%
from pydicom.examples import get_path

from course.imaging.dicom import describe, read_header

ct = read_header(get_path("ct"))
print("\n".join(describe(ct)))

# %% [markdown]
# Read it line by line. *MONOCHROME2* means grey, with low numbers dark. 16 bits give 65,536 grey values where `uint8`
# has 256. *Hounsfield units* come next. The patient's name has been replaced, as this is a file for tests; a hospital's
# name is still there.
#
# **Stored numbers.** What lies in the file are whole numbers; the header holds a *slope* and an *intercept* that turn
# them into the unit.

# %%
stored = ct.pixel_array
print(stored.dtype, stored.shape, "from", stored.min(), "to", stored.max())
print("slope", ct.RescaleSlope, " intercept", ct.RescaleIntercept)

# %% [markdown]
# $$\text{Hounsfield units} = \text{slope} \cdot \text{stored} + \text{intercept}$$
#
# By hand: the smallest stored number, 128, is $1 \cdot 128 - 1024 = -896$ HU. **Work out the largest.**
#
# A CT measures how strongly each spot weakens X-rays, $\mu$ (per centimetre). The unit compares that with water,
# $\mu_w$: $\text{HU} = 1000\,(\mu - \mu_w) / \mu_w$. So water is 0. No weakening at all, $\mu = 0$, gives -1000, and
# air comes close to that. That makes CT special: **the numbers mean nearly the same on every machine**: water and air
# are fixed by definition, and soft tissue moves by a few units. (Bone and contrast agents move much more with the
# voltage of the tube: iodine stands about 1.6 times as high at 80 kV as at 120.) In MR they do not: the same tissue has
# other numbers on the next machine.

# %%
from course.imaging.dicom import read

ct_slice = read(get_path("ct"))
hu = ct_slice.values  # slope and intercept applied
print(hu.dtype, "from", hu.min(), "to", hu.max(), ct_slice.unit)
print("MR:", read(get_path("mr")).unit)

# %% [markdown]
# **Which way round is the patient?** That too stands in the header: six numbers, three for the way from column to
# column, three for the way from row to row, along axes that run to the patient's left, to the back, and to the head.
# **Predict from them** which side of the patient is at the right of the picture. (`window` chooses the greys; section 7
# says how.)

# %%
from course.imaging.preprocessing import window
from course.widgets.lesson_01 import with_axes

print("direction of columns and rows:", [round(float(number)) for number in ct.ImageOrientationPatient])
with_axes(window(hu, 50, 400), step=16, width=5)

# %% [markdown]
# *Figure: the slice in grey, with row and column numbers. In the middle a white vertebra with a grey round canal below
# its body; a part of a rib joins it at the left. Black lungs at both upper corners, a light grey disc at the top right,
# grey muscles with streaks below, and dark grey fat along the lower edge.*
#
# From column to column one moves along (1, 0, 0), to the patient's left; from row to row along (0, 1, 0), to the back.
# Imagine standing at the feet of somebody who lies on the back: their left is on your right, their front is up. That is
# this picture. It is the usual way, and must be looked up each time.
#
# A piece of the back: a vertebra of the chest, lung on either side, the muscles behind, fat under the skin. The light
# disc is the aorta, the great artery, on the patient's left where it belongs. Fat floats on water, muscle sinks.
# **Predict the sign** of the HU of lung, fat, muscle. Small boxes; mean and standard deviation, the usual distance from
# the mean:

# %%
places = {"lung": hu[10:30, 4:24], "fat": hu[118:126, 50:70], "muscle": hu[80:88, 20:40],
          "aorta": hu[4:18, 82:98], "vertebra": hu[16:32, 50:66]}
for name, box in places.items():
    print(f"{name:9} {box.mean():5.0f} HU, deviation {box.std():3.0f}")

# %% [markdown]
# Lung is mostly air; fat weakens X-rays less than water, muscle a little more. The aorta stands higher than blood does
# by itself (some 30 to 65): the header names a *contrast agent* given into a vein.

# %%
print(ct.ContrastBolusAgent, ct.ContrastBolusRoute, "  field:", ct.ReconstructionDiameter, "mm")
print(f"{ct.Columns} columns of {ct_slice.spacing[1]:.3f} mm are {ct.Columns * ct_slice.spacing[1]:.1f} mm")

# %% [markdown]
# **Do not believe a header blindly.** It says that the machine made a field of 339 mm, which is 512 columns of 0.66 mm.
# Here are 128, or 85 mm; pydicom's notes say that the file was "downsized". How? If every fourth pixel was kept, each
# now stands for 2.65 mm, and the header is wrong. If a piece was cut out, 0.66 mm still holds.
# **How could you tell?** Measure something whose size you know. In the figure, at row 24, the body of the vertebra
# reaches from about column 42 to 77, 35 columns:

# %%
for spacing in (ct_slice.spacing[1], 4 * ct_slice.spacing[1]):
    print(f"35 columns of {spacing:.2f} mm: {35 * spacing:.0f} mm")

# %% [markdown]
# The body of a chest vertebra is a few centimetres wide, never nine. So the piece was cut out, and the spacing holds.
# Four times wrong in length would have been sixteen times wrong in area. (The *position* in the header does not hold:
# it is still that of the whole slice's corner, and by it this spine would lie 12 cm to the right of the scanner's
# middle.)
#
# **Numbers that are no measurement.** A CT often reconstructs a round field, and fills the corners of the square around
# it with a *padding value*. This header declares one (in stored numbers, before slope and intercept), though no pixel
# of our piece has it:

# %%
print("padding value:", ct.PixelPaddingValue, " pixels that have it:", np.sum(stored == ct.PixelPaddingValue))
rows, columns = np.indices(stored.shape)
outside = np.hypot(rows - 63.5, columns - 63.5) > 64  # True outside a circle around the middle
padded = np.where(outside, ct.PixelPaddingValue, stored)  # a copy with the corners filled

# %% [markdown]
# **Predict** what the corners do to the smallest value, to the mean, and to a display that spreads the grey from the
# smallest to the largest value.

# %%
def from_smallest_to_largest(values):  # the smallest value black, the largest white
    return window(values, (values.min() + values.max()) / 2, values.max() - values.min())

filled = 1.0 * padded - 1024
print(f"smallest {hu.min():.0f} -> {filled.min():.0f} HU, mean {hu.mean():.0f} -> {filled.mean():.0f} HU")
show_pictures([from_smallest_to_largest(hu), from_smallest_to_largest(filled)], columns=2, size=2.6,
              titles=["as it is", "corners padded"])

# %% [markdown]
# *Figure: the slice twice, grey spread from the smallest to the largest value. Left: lungs black, muscle grey, vertebra
# lighter. Right: the corners are black, and all tissue is pressed into similar light greys.*
#
# Less than air: nothing has -3024 HU. Leave such pixels out of every mean, minimum and histogram:
# `filled[padded != ct.PixelPaddingValue]`.

# %% [markdown]
# ## 7. Look through a window
#
# From -896 to 1167 HU are 2064 values, and a usual screen shows 256 greys. Muscle and fat lie 135 HU apart; spread over
# everything, that is about a fifteenth of the greys. A *window* spends all greys on a part of the scale. Its *level* is
# the middle, its *width* the whole length, in HU.
#
# By hand, with level 50 and width 400: what lies at $50 - 200 = -150$ or below is black, at $50 + 200 = 250$ or above
# white, straight in between. 50 HU lies in the middle: half-way grey. **Where do -50 and 150 lie, as shares from
# 0 (black) to 1 (white)?** (A quarter and three quarters.)
#
# ### Exercise 1.4 - a CT picture for the eye
#
# From the numbers in the file to a picture that a screen can show: rescale, then the window, then `uint8` from 0 to
# 255, *rounded*. A width of 0 or less must raise a `ValueError`. Stored numbers come as `int16` or `uint16`, slope and
# intercept sometimes as whole numbers: think of section 3.

# %%
# Exercise 1.4 - from stored numbers to grey
def ct_picture(stored, slope, intercept, level, width):
    """Return the picture for the eye, uint8 (h, w): 0 is black, 255 white.

    stored: whole numbers (h, w) as in the file; slope * stored + intercept are Hounsfield units, the unit of level and
    width. Black up to level - width / 2, white from level + width / 2, straight in between.
    """
    ### BEGIN SOLUTION
    if width <= 0:
        raise ValueError(f"the width of a window must be above 0, but it is {width}")
    hounsfield = stored.astype(float) * slope + intercept
    share = (hounsfield - (level - width / 2)) / width
    return np.round(255 * np.clip(share, 0, 1)).astype(np.uint8)
    ### END SOLUTION

check("1.4", ct_picture)

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# How far above the black end does a value lie? How long is the way from the black end to the white end?
# </details>
# <details><summary>Hint 2: the idea</summary>
#
# Make floats. Rescale. The first distance divided by the second is the share of white. Keep it within 0 and 1
# (`np.clip`), and only then go to 0 to 255.
# </details>
# <details><summary>Hint 3: the shape of the code</summary>
#
# `hounsfield = stored.astype(float) * ...`, `share = (hounsfield - ...) / width`, then
# `return np.round(255 * np.clip(share, 0, 1)).astype(np.uint8)`; before all that, the `if` for the width.
# </details>
# <details><summary>Hint 4: numbers to compare with</summary>
#
# With slope 1, intercept -1024, level 50 and width 400, the stored numbers 824, 974, 1074, 1174, 1324 become 0, 64,
# 128, 191, 255 (127 will do for the third, which lies exactly between).
# </details>
#
# **Which window?** Radiologists have usual ones, which vary from house to house. Here are four, with the values that
# Radiopaedia lists: lung; soft tissue as for the abdomen; bone as for the spine; and brain, of which there is none in
# our slice. Three of them as still pictures:

# %%
from course.widgets.lesson_01 import PRESETS, windowed

stacked([windowed(hu, *PRESETS[name], name) for name in ("lung", "soft tissue", "bone")])

# %% [markdown]
# *Figure: the slice through three windows, each beside the histogram of the slice with the window drawn in. Lung, level
# -600, width 1500: all but the lungs is nearly white. Soft tissue, level 50, width 400: lungs black, muscle grey, fat
# darker, bone white. Bone, level 400, width 1800: muscle and fat are nearly alike. An orange line over each histogram
# is the grey, from black at the bottom to white at the top. The histogram has a peak near -820 (lung), one near -90
# (fat), a tall one near 30 (muscle), and a small one near 165 (blood with contrast agent).*
#
# It is the same file three times. A window shows, and it hides: what is black or white in it cannot be judged.
#
# ### Experiment: what does a window hide?
#
# The strip below the histogram shows which grey each value gets.

# %%
from course.widgets.lesson_01 import BY_HAND, with_presets


def view(preset, level, width):
    return windowed(hu, level, width, preset)

with_presets(Panel(view, "A CT slice through a window, and the histogram with the window drawn into it.",
                   preset=ipywidgets.SelectionSlider(options=[BY_HAND, *PRESETS], value="soft tissue"),
                   level=ipywidgets.IntSlider(50, -1000, 1000, 10), width=ipywidgets.IntSlider(400, 20, 2000, 20)))

# %% [markdown]
# **Try.**
# 1. Go through the presets. In which can you see vessels in the lungs? In which does the shell of the vertebra stand
#    out most from its inside?
# 2. Choose *brain*. What comes out in the muscles?
#
# **Question.** Muscle lies near 42 HU, the aorta near 164. Which window makes muscle nearly black and the aorta nearly
# white? What is lost?
# <details><summary>Answer</summary>
#
# The level half-way, about 100, and a width of about 120: black up to 40, white from 160. Lost is all else: fat and
# lung are one black, bone is as white as blood. And the noise gets loud: the numbers in the muscle box deviate by 28
# HU, nearly a quarter of the whole window, so muscle looks speckled. (1: lung; bone. 2: streaks. They are mostly noise
# of the measurement, not anatomy; a narrow window makes small differences large, true or false ones.)
# </details>
#
# **Which window does the file propose?** `describe` said: none. The tags for it are absent. Yet this maker wrote one
# into its *private* tags, which standard programs do not read:

# %%
print(ct.get("WindowCenter"), ct.get("WindowWidth"), "but:", ct[0x0043, 0x101D].name, ct[0x0043, 0x101D].value,
      ct[0x0043, 0x1010].name, ct[0x0043, 0x1010].value)

# %% [markdown]
# (A tag is a pair of numbers. The standard gives private ones no name; the one printed comes from a list that pydicom
# carries, looked up by the maker's mark beside it, GEMS_PARM_01.)

#
# **The standard's formula is a little different** from that of exercise 1.4, by at most $1/w$ of the scale for a width
# $w$: in a soft-tissue window nothing that an eye would see, in a brain window three greys. If two programs show a file
# slightly differently, ask for the form of the window before you look for a fault.
#
# <details><summary>For the curious: the two forms</summary>
#
# The course's `window` is the scale of exercise 1.4 without the step to `uint8`: with $x$ a value, $c$ the level (DICOM
# says *centre*), $w$ the width, share of white $= (x - c)/w + 1/2$, kept within 0 and 1. DICOM calls this form
# LINEAR_EXACT. A file that names no form means LINEAR (part 3, C.11.2.1.2):
#
# $$\frac{x - (c - \tfrac12)}{w - 1} + \tfrac12$$
#
# LINEAR is made for whole numbers: black at $c - w/2$ as ours, but white already at $c + w/2 - 1$, so that $w$ whole
# numbers get $w$ greys. At width 2, LINEAR is a plain threshold; for width 1 it is defined as one. The course shows
# every file by LINEAR_EXACT. The next cell lets pydicom, which knows both, be the judge.
# </details>

# %%
from pydicom.dataset import Dataset
from pydicom.pixels import apply_windowing

view_of = Dataset()
view_of.PhotometricInterpretation, view_of.BitsStored, view_of.PixelRepresentation = "MONOCHROME2", 16, 0
view_of.WindowCenter, view_of.WindowWidth = 40, 80
for form in ("LINEAR_EXACT", "LINEAR"):
    view_of.VOILUTFunction = form
    apart = np.abs(apply_windowing(hu, view_of) / (2**16 - 1) - window(hu, 40, 80)).max()
    print(f"{form:12} differs from ours by at most {apart:.4f} of the scale; 1 / width is {1 / 80:.4f}")

# %% [markdown]
# ## 8. Find the name that stands in the picture
#
# Another of pydicom's files: ultrasound, in colour.

# %%
ultrasound = read(get_path("rgb_color"))
print("\n".join(describe(ultrasound.header)))
print("BurnedInAnnotation:", ultrasound.header.get("BurnedInAnnotation"))

# %% [markdown]
# No spacing in the header (ultrasound keeps it elsewhere, for each region; here that is absent too); `uint8`, red,
# green and blue. Six tags that may identify somebody, the hospital's name among them. A program could remove these six
# and call it done. But whether there is writing *in the pixels* is not stated: the tag for it, BurnedInAnnotation, is
# absent. So look.

# %%
with_axes(ultrasound.values, step=20)

# %% [markdown]
# *Figure: an ultrasound picture of 240 rows and 320 columns on black, with row and column numbers. Above the scan
# stands white writing, at the left: BAPTIST MED CTR, 630P630, 78F78, 44CG43, IM#2; in the middle the maker's logo,
# +2:09:04 and a small mark; at the right: 3cm3cm, M12L, MSCSKEL and more. Then comes the grey scan with orange vessels
# and two colour bars; below it stands LYMPH NODE, a bar with a mark and a line of settings.*
#
# The hospital's name is burned into the picture; removing its tag does not touch it. (Black around a scan is drawn by
# the machine; so is the writing. A person may read "3cm3cm" as a depth; to a program it is pixels.)
#
# ### Exercise 1.5 - blank the writing above the scan
#
# Read rows and columns off the figure. Give rectangles that cover all writing above the scan, and no pixel of the scan.
# Each rectangle is *(top, left, bottom, right)*: first row, first column, then the row and the column before which it
# ends. That is not the order of exercise 1.1: rows come first, and the last two are ends, not sizes. A list, of one
# rectangle or several.

# %%
# Exercise 1.5 - rectangles (top, left, bottom, right) over the writing above the scan
rectangles = [(0, 0, 53, 320)]  # SOLUTION

check("1.5", rectangles)

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# Do you have to know what each number means to decide whether it goes?
# </details>
# <details><summary>Hint 2: the idea</summary>
#
# Nothing of the scan lies above its first row, so everything up to there can go, over the whole width.
# </details>
# <details><summary>Hint 3: the shape of the code</summary>
#
# `rectangles = [(first row, first column, last row + 1, last column + 1)]`; rows first, as in an array.
# </details>
# <details><summary>Hint 4: numbers to compare with</summary>
#
# The picture has 240 rows and 320 columns. The last writing ends a little below row 50, and three rows further down the
# scan begins.
# </details>
#
# The course's `without_names` removes tags and blanks rectangles, in a copy:

# %%
from course.imaging.dicom import CAUTION, without_names
from course.widgets.lesson_01 import ABOVE_THE_SCAN

cleaned, removed = without_names(ultrasound.header, blank=ABOVE_THE_SCAN)
print(len(removed), "tags removed:", ", ".join(removed))
show_pictures([ultrasound.values, cleaned.pixel_array], titles=["before", "after"], columns=2, size=3.6)

# %% [markdown]
# *Figure: the ultrasound picture before and after. After: the writing above the scan is gone; the words LYMPH NODE, the
# bar and the settings below the scan are still there.*
#
# Nine tags, not six: the other three were there, but empty. Done? **Predict:** the date of the study was removed. Can
# you still find it? Look at the study's own number.

# %%
print("StudyDate:", cleaned.get("StudyDate"), "  StudyInstanceUID:", cleaned.StudyInstanceUID)
print("the removed date was", ultrasound.header.StudyDate)
print("still there:", cleaned.InstanceCreationDate, cleaned.StationName, cleaned.DeviceSerialNumber)
print(CAUTION)

# %% [markdown]
# Date and time stand in the middle of the study's number, and once more as the day the file was made; the name of
# the station and the number of the machine are left as well. The standard's own list of what to remove or replace
# (part 15, annex E) is far longer than ours; private tags come on top, and the pixels, and the chance that a rare
# picture is recognised by itself. So this is **not anonymous, and meets no standard**. It is one step, done with care.
# Lesson 21 (planned) takes the next ones.

# %% [markdown]
# ## Traps
#
# - **Row and column, x and y.** *Symptom*: boxes land in the wrong place, mirrored about the diagonal; on square
#   pictures no error. *Cure*: `picture[row, column]` is `picture[y, x]`; test on a picture that is not square.
# - **The slice that gives less.** *Symptom*: crops of odd sizes, or empty ones. *Cure*: compare the box with the shape,
#   and refuse.
# - **Wrapping around.** *Symptom*: bright specks in the dark, dark ones in the bright; means that are too low. *Cure*:
#   `astype(float)` first, for products as well as sums; `int16` wraps too.
# - **BGR for RGB.** *Symptom*: blue skin, brown nuclei; grey pictures look right. *Cure*: know who read the file; look
#   at a colour you know.
# - **0 to 1 or 0 to 255.** *Symptom*: a picture all black or all white. *Cure*: print type and range after each step.
# - **A mask as numbers.** *Symptom*: `IndexError`, or an array of a strange shape. *Cure*: `picture[mask > 0]`.
# - **Stored for measured.** *Symptom*: water at 1024. *Cure*: slope and intercept first, and windows after.
# - **Padding taken for tissue.** *Symptom*: -3024 HU, a pale flat picture. *Cure*: leave out what has the padding
#   value.
# - **Four numbers, three orders.** *Symptom*: a box of the wrong shape. *Cure*: ask whether it is (x, y, width,
#   height), (top, left, bottom, right), or something else again, before you use it.
# - **One length for an area.** *Symptom*: pixels half as wide and half as high give half the area, where it should be a
#   quarter. *Cure*: spacing of rows times spacing of columns.
# - **The piece that is still the picture.** *Symptom*: you change a crop, and the original changes. *Cure*: a slice is
#   a view of the same numbers; add `.copy()` before you write into it.
# - **The clean header.** *Symptom*: a name in the picture. *Cure*: look at the pixels, all of them.

# %% [markdown]
# ## Recap
#
# A picture is an array with a shape, a type and a range, rows before columns, and nothing in it says what its numbers
# mean: that stands in a header, in the order of the channels, or only in somebody's head. Whole numbers of 8 bits wrap
# around in sums and products, so make floats first. A threshold gives a count, the spacing makes it an area, and both
# depend on choices to be written down. CT numbers become Hounsfield units by slope and intercept, and a window decides
# what the eye gets to see. Names stand in tags, in other numbers, and in the pixels.

# %% [markdown]
# ## Quiz
#
# **1. Places.** A box has x = 10, y = 20, width 5, height 8. Which slice is it?
#
# - (a) `picture[10:15, 20:28]`
# - (b) `picture[20:28, 10:15]`
# - (c) `picture[20:8, 10:5]`
#
# <details><summary>Answer</summary>
#
# (b). y counts rows, and rows come first. (a) has them the other way round. (c) takes sizes for places, and is empty.
# </details>
#
# **2. Wrapping.** `a` is a `uint8` array that holds 100. What does `a * 3` hold?
#
# - (a) 44
# - (b) 300
# - (c) 255
#
# <details><summary>Answer</summary>
#
# (a): 300 - 256. The 3 takes on the type of the array. (b) needs a wider type first. (c) would be cutting off at the
# end, which NumPy does not do.
# </details>
#
# **3. Histogram.** Two pictures have the same histogram. What follows?
#
# - (a) They are the same picture.
# - (b) They have the same mean.
# - (c) They show the same organ.
#
# <details><summary>Answer</summary>
#
# (b), if each value has a bar of its own. A histogram forgets the places: shuffle all pixels, and it stays. So neither
# (a) nor (c).
# </details>
#
# **4. Window.** Level -600, width 1500. What does a bone of 700 HU look like, next to one of 300 HU?
#
# - (a) the same
# - (b) lighter
# - (c) darker
#
# <details><summary>Answer</summary>
#
# (a). White begins at -600 + 750 = 150, so both are white. (b) would be true in a window that reaches beyond 300, such
# as bone. (c) would need a picture with black and white changed round.
# </details>
#
# **5. Names.** All tags of the list are removed from a DICOM file. May it leave the hospital as anonymous?
#
# - (a) yes
# - (b) yes, if BurnedInAnnotation is absent
# - (c) no
#
# <details><summary>Answer</summary>
#
# (c). Other tags, private ones, numbers with a date inside and writing in the pixels remain. (b) takes "not stated" for
# "no": in this lesson's file it was absent, and the hospital's name was there. Whether a file may leave is decided by
# people and rules, not by a function.
# </details>

# %% [markdown]
# ## Sources
#
# - NEMA. *Digital Imaging and Communications in Medicine (DICOM)*.
#   [Part 3](https://dicom.nema.org/medical/dicom/current/output/html/part03.html): C.11.2.1.2 and C.11.2.1.3, window;
#   C.7.5.1.1.2, padding. [Part 15](https://dicom.nema.org/medical/dicom/current/output/html/part15.html): annex E.
# - Windowing (CT). [Radiopaedia.org](https://radiopaedia.org/articles/windowing-ct). The values of the four presets,
#   given there as varying from institution to institution.
# - S. Berg. [NEP 50](https://numpy.org/neps/nep-0050-scalar-promotion.html): promotion rules for Python scalars. The
#   rules of section 3, in force since NumPy 2.
# - L. A. Shepp, B. F. Logan. The Fourier reconstruction of a head section. *IEEE Transactions on Nuclear Science*
#   21(3), pages 21 to 43, 1974, [doi 10.1109/TNS.1974.6499235](https://doi.org/10.1109/TNS.1974.6499235).
# - M. Häggström. Medical gallery of Mikael Häggström 2014. *WikiJournal of Medicine* 1(2), 2014,
#   [doi 10.15347/wjm/2014.008](https://doi.org/10.15347/wjm/2014.008). The retina.
# - A. Budai and others. Robust vessel segmentation in fundus images. *International Journal of Biomedical Imaging*,
#   2013, [doi 10.1155/2013/154860](https://doi.org/10.1155/2013/154860). The detail with microaneurysms.
# - P. Müller and others. Accurate evaluation of size and refractive index for spherical objects in quantitative phase
#   imaging. *Optics Express* 26(8), pages 10729 to 10743, 2018,
#   [doi 10.1364/OE.26.010729](https://doi.org/10.1364/OE.26.010729). The floating cell and the size of its pixel.
# - The tissue section is from the Center for Microscopy and Molecular Imaging, by way of
#   [scikit-image](https://scikit-image.org/docs/stable/api/skimage.data.html); CT, MR and ultrasound are
#   [pydicom's](https://pydicom.github.io/pydicom/stable/) test files.

# %% [markdown]
# ## Next
#
# [Lesson 02, preprocessing](02_preprocessing.ipynb): what one does to pictures before a program learns from them, and
# what that does to a diagnosis. [Lesson 03, measuring nuclei](03_measuring_nuclei.ipynb): how far honest measurement
# goes.
