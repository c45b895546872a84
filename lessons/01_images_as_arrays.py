# %% [markdown]
# # Read a picture as an array, and know what its numbers mean
#
# Before any diagnosis by computer stands the reading of a file. Take rows for columns, red for blue, or stored numbers
# for measured ones, and everything after it works on something else, often without an error.
#
# ## What you will do
# - Cut a piece out of a picture, and never again mix up row and column with x and y (exercise 1.1).
# - Turn the numbers in a CT file into Hounsfield units, and these into a picture for the eye (exercise 1.2).
# - Know red from blue, and numbers that silently wrap around (quiz).
#
# **What you need.** Python, a first look at NumPy arrays, [lesson 00](00_start_here.ipynb).
#
# **How long.** About 60 minutes.
#
# **What this is not.** No reading of medical pictures: whoever looks at them for a living sees far more than is said
# here. Nothing on this page may be used on a patient.

# %% [markdown]
# ## 1. Find your way: rows, columns, x and y
#
# A grey picture is a table of numbers, an *array*. Here is a scrap of one, as in [lesson 00](00_start_here.ipynb): 0 is
# black, 255 is white.

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
# (`draw` makes a *field*, what a microscope shows at once, of the cells of one patient, here the one in row 149 of a
# table: *drawn from measurements, not a photograph*. A colour picture has a third axis, one number each for red, green
# and blue.)
#
# A *slice* cuts out a piece, `first:stop` in each direction. **Predict the shape of the piece, and its numbers.**

# %%
piece = picture[0:2, 1:4]
print(piece.shape)
print(piece)

# %% [markdown]
# The stop itself is not included: `1:4` are the three columns 1, 2, 3. So the length is stop minus first. Two slices
# that go wrong without an error:

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
# pixel, must raise a `ValueError`: nobody should measure half a lesion and believe it whole. (`raise ValueError("too
# wide")` stops a function with that error; `picture.shape[:2]` gives rows and columns, in colour too.)

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
# ## 2. Mind the colours, and numbers that wrap around
#
# In this course the third axis is red, green, blue: RGB. OpenCV, which many tutorials use, reads files as **BGR**, blue
# first. Nothing in the array says which. Here is a section of colon, seen through a microscope; a brown dye shows where
# one protein is. Once as it is, once as it looks when one order is taken for the other:

# %%
from skimage import data

from course.plots import show_pictures

tissue = data.immunohistochemistry()
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
# as 0 and 257 as 1; below 0 it goes on at 255. What is left is the remainder after dividing by 256: $60 \cdot 60 = 3600
# = 14 \cdot 256 + 16$, hence 16. **Predict the last number of each row.**

# %%
a = np.array([200, 60, 10], dtype=np.uint8)
print("a + a  =", a + a)
print("a * a  =", a * a)
print("a - 50 =", a - np.uint8(50))
print("a + 100 =", a + 100)

# %% [markdown]
# $10 - 50 = -40$, plus 256 is 216: the darkest pixel becomes one of the brightest. Not a word of warning. What does
# that do to a picture? Grey by the mean of the three channels, in two ways:

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
# The cure is one word, at the start: `astype(float)`. (`mean` of a `uint8` array counts in floats by itself.) A wider
# whole number, `int16`, only moves the border: it ends at 32,767, and $200 \cdot 200$ is more.

# %% [markdown]
# ## 3. Open a CT file: stored numbers and Hounsfield units
#
# A CT (*computed tomography*) sends X-rays through the body from all sides and computes slices of it. Hospitals keep
# such pictures in *DICOM* files: the numbers, and a *header* that says what they are. Each entry of the header, a
# *tag*, has a name and a value. pydicom, which reads them, comes with a real CT slice. `read_header` gives the header,
# and `describe` puts it into words.

# %%
from pydicom.examples import get_path

from course.imaging.dicom import describe, read_header

ct = read_header(get_path("ct"))
print("\n".join(describe(ct)))

# %% [markdown]
# *MONOCHROME2* means grey, with low numbers dark. 16 bits give 65,536 grey values where `uint8` has 256. The patient's
# name has been replaced, as this is a file for tests; a hospital's name is still there.
#
# What lies in the file are whole numbers; the header holds a *slope* and an *intercept* that turn them into the unit.

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
# $\mu_w$: $\text{HU} = 1000\,(\mu - \mu_w) / \mu_w$. So water is 0 by definition. No weakening at all, $\mu = 0$, gives
# -1000, and air comes close to that. All else is measured, and **one unit does not mean one number on every machine**:
# when 48 patients were scanned on the machines of two makers, all nine soft-tissue places that were compared had other
# numbers on the second (see Sources). A cut at "20 HU" taken from one scanner need not hold on the next.
#
# **Predict the sign** of the HU of lung, fat and muscle: lung is mostly air, fat floats on water, muscle sinks. The
# course's `read` applies slope and intercept. Small boxes; mean, and standard deviation (the usual distance from the
# mean):

# %%
from course.imaging.dicom import read

hu = read(get_path("ct")).values  # slope and intercept applied
places = {"lung": hu[10:30, 4:24], "fat": hu[118:126, 50:70], "muscle": hu[80:88, 20:40],
          "aorta": hu[4:18, 82:98], "vertebra": hu[16:32, 50:66]}
for name, box in places.items():
    print(f"{name:9} {box.mean():5.0f} HU, deviation {box.std():3.0f}")

# %% [markdown]
# The aorta, the great artery, stands higher than blood does by itself (some 30 to 65): this patient had been given a
# *contrast agent*, which the header names.

# %% [markdown]
# ## 4. Look through a window
#
# From -896 to 1167 HU are 2064 values, and a usual screen shows 256 greys. Muscle and fat lie 135 HU apart; spread over
# everything, that is about a fifteenth of the greys. A *window* spends all greys on a part of the scale. Its *level* is
# the middle, its *width* the whole length, in HU.
#
# By hand, with level 50 and width 400: what lies at $50 - 200 = -150$ or below is black, at $50 + 200 = 250$ or above
# white, straight in between. 50 HU lies in the middle: half-way grey. **Where do -50 and 150 lie, as shares from 0
# (black) to 1 (white)?** (A quarter and three quarters.)
#
# ### Exercise 1.2 - a CT picture for the eye
#
# From the numbers in the file to a picture that a screen can show: rescale, then the window, then `uint8` from 0 to
# 255, *rounded*. A width of 0 or less must raise a `ValueError`. Stored numbers come as `int16` or `uint16`, slope and
# intercept sometimes as whole numbers: think of section 2.

# %%
# Exercise 1.2 - from stored numbers to grey
import numpy as np

from course.checks import check


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

check("1.2", ct_picture)

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
# `hounsfield = stored.astype(float) * ...`, `share = (hounsfield - ...) / width`, then `return np.round(255 *
# np.clip(share, 0, 1)).astype(np.uint8)`; before all that, the `if` for the width.
# </details>
# <details><summary>Hint 4: numbers to compare with</summary>
#
# With slope 1, intercept -1024, level 50 and width 400, the stored numbers 824, 974, 1074, 1174, 1324 become 0, 64,
# 128, 191, 255 (127 will do for the third, which lies exactly between).
# </details>
#
# **Which window?** Radiologists have usual ones, which vary from house to house. Three of those that Radiopaedia lists,
# for lung, abdomen and spine:

# %%
from course.widgets.lesson_01 import PRESETS, windowed
from course.widgets.lesson_04 import stacked

stacked([windowed(hu, *PRESETS[name], name) for name in ("lung", "soft tissue", "bone")])

# %% [markdown]
# *Figure: a piece of a patient's back, lungs at both upper corners, a vertebra in the middle, muscles below, through
# three windows, each beside the *histogram* of the slice, which says how many pixels have each value, with the window
# drawn in. Lung, level -600, width 1500: all but the lungs is nearly white. Soft tissue, level 50, width 400: lungs
# black, muscle grey, fat darker, bone white. Bone, level 400, width 1800: muscle and fat are nearly alike. An orange
# line over each histogram is the grey, from black at the bottom to white at the top. The histogram has a peak near -820
# (lung), one near -90 (fat), a tall one near 30 (muscle), and a small one near 165 (blood with contrast agent).*
#
# It is the same file three times. A window shows, and it hides: what is black or white in it cannot be judged.
#
# ### Experiment: what does a window hide?
#
# The strip below the histogram shows which grey each value gets.

# %%
import ipywidgets

from course.widgets.lesson_01 import BY_HAND, PRESETS, ct_slice, windowed, with_presets
from course.widgets.panel import Panel


def view(preset, level, width):
    return windowed(ct_slice(), level, width, preset)

with_presets(Panel(view, "A CT slice through a window, and the histogram with the window drawn into it.",
                   preset=ipywidgets.SelectionSlider(options=[BY_HAND, *PRESETS], value="soft tissue"),
                   level=ipywidgets.IntSlider(50, -1000, 1000, 10), width=ipywidgets.IntSlider(400, 20, 2000, 20)))

# %% [markdown]
# **Try.**
# 1. Go through the presets. In which can you see vessels in the lungs?
# 2. Choose *brain*, of which there is none here. What comes out in the muscles?
#
# **Question.** Muscle lies near 42 HU, the aorta near 164. Which window makes muscle nearly black and the aorta nearly
# white? What is lost?
# <details><summary>Answer</summary>
#
# The level half-way, about 100, and a width of about 120: black up to 40, white from 160. Lost is all else: fat and
# lung are one black, bone is as white as blood. And the noise gets loud: the numbers in the muscle box deviate by 28
# HU, nearly a quarter of the whole window, so muscle looks speckled. (1: lung. 2: streaks. They are mostly noise of the
# measurement, not anatomy; a narrow window makes small differences large, true or false ones.)
# </details>

# %% [markdown]
# ## Traps
#
# - **Row and column, x and y.** *Symptom*: boxes land in the wrong place, mirrored about the diagonal; on square
#   pictures no error. *Cure*: `picture[row, column]` is `picture[y, x]`; test on a picture that is not square.
# - **The slice that gives less.** *Symptom*: crops of odd sizes, or empty ones. *Cure*: compare the box with the shape,
#   and refuse.
# - **Wrapping around.** *Symptom*: bright specks in the dark, dark ones in the bright. *Cure*: `astype(float)` first.
# - **BGR for RGB.** *Symptom*: blue skin, brown nuclei; grey pictures look right. *Cure*: look at a colour you know.
# - **Stored for measured.** *Symptom*: water at 1024. *Cure*: slope and intercept first, and windows after.
# - **The piece that is still the picture.** *Symptom*: you change a crop, and the original changes. *Cure*: a slice is
#   a view of the same numbers; add `.copy()` before you write into it.
#
# ## Recap
#
# A picture is an array with a shape and a type, rows before columns, and nothing in it says what its numbers mean: that
# stands in a header, in the order of the channels, or only in somebody's head. Whole numbers of 8 bits wrap around in
# sums and products, so make floats first. CT numbers become Hounsfield units by slope and intercept, and a window
# decides what the eye gets to see.

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
# **3. Window.** Level -600, width 1500. What does a bone of 700 HU look like, next to one of 300 HU?
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

# %% [markdown]
# ## Sources
#
# - NEMA. *Digital Imaging and Communications in Medicine (DICOM)*, [part
#   3](https://dicom.nema.org/medical/dicom/current/output/html/part03.html). The window of exercise 1.2 is its
#   LINEAR_EXACT.
# - Windowing (CT). [Radiopaedia.org](https://radiopaedia.org/articles/windowing-ct).
# - Hounsfield numbers of soft tissues of 48 patients on two manufacturers' scanners:
#   [PMC5015439](https://pmc.ncbi.nlm.nih.gov/articles/PMC5015439).
# - The tissue section is from the Center for Microscopy and Molecular Imaging, by way of
#   [scikit-image](https://scikit-image.org/docs/stable/api/skimage.data.html); the CT is one of
#   [pydicom's](https://pydicom.github.io/pydicom/stable/) test files.
#
# ## Next
#
# [Lesson 02, preprocessing](02_preprocessing.ipynb): what one does to pictures before a program learns from them, and
# what that does to a diagnosis. The [second page of this lesson](01_images_as_arrays_deeper.ipynb): masks and areas,
# what else a header says, and a name that stands in the pixels.
