# %% [markdown]
# # Measure inside a mask, doubt a header, and find the name in the pixels
#
# A file can be read without an error and still be misread: the wrong part averaged, a length believed that no longer
# holds, a patient's hospital left in the picture.
#
# ## What you will do
# - Average colours inside a mask, with red as red (exercise 1.3).
# - Read a histogram, and turn a threshold into an area (quiz).
# - Find out what a header's numbers are worth (quiz).
# - Hide writing that is part of the picture itself (exercise 1.4).
#
# **What you need.** [Lesson 01](01_images_as_arrays.ipynb).
#
# **How long.** About 65 minutes.
#
# **What this is not.** No reading of medical pictures, and no recipe for making files anonymous.

# %% [markdown]
# ## 1. Look around: six pictures, six meanings of a number
#
# Five of these come with scikit-image, one is drawn. Nothing is downloaded.

# %%
import numpy as np
from skimage import data

from course.data.cytology import draw
from course.plots import show_pictures

tour = {"retina": data.retina(), "tissue": data.immunohistochemistry(), "retina, detail": data.microaneurysms(),
        "phantom": data.shepp_logan_phantom(), "floating cell": data.cell(), "drawn cells": draw(149)}
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
# - **Retina.** A colour photograph of the back of a healthy left eye: light that came back. The black around it is no
#   tissue; a mean over all pixels would count it.
# - **Tissue.** Light that passed. Brown (the dye DAB) shows where a protein named FHL2 is; blue (haematoxylin) shows
#   the nuclei.
# - **Retina, detail.** The green channel alone, of an eye whose retina diabetes has damaged. The dots are
#   *microaneurysms*, tiny bulges of the finest vessels. Only 38 to 129 of 0 to 255 are used.
# - **Phantom.** No patient: an invented section of a head to test CT programs. Floats from 0 to 1.
# - **Floating cell.** A cell in salt water, without stain: bright is where light was *delayed* most.
# - **Drawn cells.** They *hold no information beyond the table* that they are drawn from.
#
# Note the phantom's type. Floats go from 0 to 1 by custom, `uint8` from 0 to 255. **Break it on purpose:** turn one
# into the other by changing the type alone. What will be left?

# %%
phantom = tour["phantom"]
print("values before:", len(np.unique(phantom)), " after astype(np.uint8):", np.unique(phantom.astype(np.uint8)))
print("multiplied and rounded first:", len(np.unique(np.round(phantom * 255).astype(np.uint8))))

# %% [markdown]
# `astype` cuts off what stands behind the point, so that all that is not exactly 1 becomes 0: the skull stays, the
# brain is gone. Multiply by 255 and round first. The brightest ring survives either way, so the mistake passes at a
# glance.

# %% [markdown]
# ## 2. Average inside a mask
#
# A *mask* says for each pixel: inside or outside. With an array of True and False in square brackets, only the pixels
# inside are left. One line of grey values:

# %%
line = np.array([203, 198, 121, 97, 95], dtype=np.uint8)
nucleus = np.array([False, False, True, True, True])
print("inside:", line[nucleus], " their mean:", round(line[nucleus].mean(), 1), " mean of all:", line.mean())

# %% [markdown]
# ### Exercise 1.3 - the mean colour inside a mask
#
# Now in colour, and as it comes in practice: the mask was saved as a picture, so it is `uint8` with 0 outside and 255
# inside. And the picture may be RGB or BGR; the answer is always red, green, blue. With an empty mask, raise a
# `ValueError`.

# %%
# Exercise 1.3 - the mean red, green and blue inside a mask
from course.checks import check


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

check("1.3", mean_colour)

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

cells, truth = tour["drawn cells"], draw_mask(149) > 0
for name, mask in (("nuclei", truth), ("all else", ~truth)):
    print(f"{name:8}", [round(float(ndimage.mean(cells[..., c], labels=mask, index=True))) for c in range(3)])

# %% [markdown]
# In this field the nuclei are darker in all three channels, and most so in green, where violet takes away most light.
# On a slide stained in other colours it may be another channel.

# %% [markdown]
# ## 3. Count values: histogram, threshold, area
#
# A *histogram* says how many pixels have which value, and forgets where they are. By hand: how many of these nine
# pixels lie in 0 to 99, in 100 to 199, in 200 to 255? **Count first.**

# %%
nine = np.array([[203, 198, 121], [199, 88, 64], [201, 100, 79]], dtype=np.uint8)
print(np.histogram(nine, bins=[0, 100, 200, 256])[0])

# %% [markdown]
# (100 belongs to the second group: each group includes its lower end.) Now the floating cell of section 1.

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
# bright. Between them lies a valley, a good place for a *threshold*. A count of pixels means little by itself, since it
# changes with the camera. But here the size of a pixel is known: 0.107 micrometres (µm), thousandths of a millimetre,
# in both directions.
#
# By hand: 100 pixels of 0.107 µm by 0.107 µm cover $100 \cdot 0.107 \cdot 0.107 = 1.14$ µm². The length enters *twice*.
# Pixels need not be square: with a *spacing* of 0.5 mm from row to row and 2 mm from column to column, each covers 1
# mm².
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
# ## 4. Draw cells that no patient of the table has
#
# The drawn cells go the other way: a patient's measurements go in, a field of fifteen nuclei comes out. *Worst radius*
# is the mean of the three largest nuclei. *Texture* is how much the grey values inside a nucleus vary. *Compactness* is
# 0 for a circle, and grows as the outline becomes longer than it need be. *Concavity* is how deep the dents are.
# Lengths are in the table's units, pixels of its camera.
#
# Three states: values in the middle; values of which four only malignant patients have; values that nobody among the
# 569 patients of the table has.

# %%
from course.widgets.lesson_01 import drawn_cells
from course.widgets.lesson_04 import stacked

settings = [(13, 15, 19, 0.09, 0.06), (22, 30, 22, 0.25, 0.3), (22, 15, 45, 0.45, 0.06)]
stacked([drawn_cells(*one) for one in settings])

# %% [markdown]
# *Figure: three fields, each beside six pairs of bars that show the ranges of the benign (B) and malignant (M)
# patients, and a black mark for the value drawn. First: even, round nuclei, all marks inside the ranges. Second: large,
# jagged nuclei; mean radius, worst radius, compactness and the ratio of the radii lie beyond the benign bars and within
# the malignant ones. Third: orange frames around the picture and around three lines, with the words NOT IN TABLE: the
# ratio of worst to mean radius, texture, and compactness lie outside both bars.*
#
# The ranges reach from the smallest to the largest value in the table. Outside them, the program still draws. That no
# patient of this table has such a value does not say that nobody has.
#
# ### Experiment: whose cells are these?

# %%
import ipywidgets

from course.widgets.lesson_01 import drawn_cells
from course.widgets.panel import Panel

Panel(drawn_cells, "A field drawn from five measurements. A frame and words mark what no patient of the table has.",
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
# like this in the table?
# <details><summary>Answer</summary>
#
# No. Each value occurs, the pair does not: only two patients have a compactness of 0.30 or more, and their mean radii
# are above 15; no patient with a mean radius below 10 has more than 0.23. Ranges looked at one by one cannot show that.
# The same holds for any program that is asked about cells unlike those it was made for. (1: the ratio of worst to mean
# radius. The mean of the three largest cannot lie below the mean of all; the program then draws all nuclei of about the
# mean size. 2: the nuclei, their places and the grain are drawn anew, within the same measurements.)
# </details>

# %% [markdown]
# ## 5. Ask the header, and do not believe it blindly
#
# Back to the CT of the core page. **Which way round is the patient?** That stands in the header: six numbers, three for
# the way from column to column, three for the way from row to row, along axes that run to the patient's left, to the
# back, and to the head. **Predict from them** which side of the patient is at the right of the picture.

# %%
from pydicom.examples import get_path

from course.imaging.dicom import read, read_header
from course.imaging.preprocessing import window
from course.widgets.lesson_01 import with_axes

ct, ct_slice = read_header(get_path("ct")), read(get_path("ct"))
print("direction of columns and rows:", [round(float(number)) for number in ct.ImageOrientationPatient])
with_axes(window(ct_slice.values, 50, 400), step=16, width=5)

# %% [markdown]
# *Figure: the slice in grey, with row and column numbers. In the middle a white vertebra with a grey round canal below
# its body; a part of a rib joins it at the left. Black lungs at both upper corners, a light grey disc at the top right,
# grey muscles with streaks below, and dark grey fat along the lower edge.*
#
# From column to column one moves along (1, 0, 0), to the patient's left; from row to row along (0, 1, 0), to the back.
# Imagine standing at the feet of somebody who lies on the back: their left is on your right, their front is up. It is
# the usual way, and must be looked up each time.
#
# **The spacing.** The header says that the machine made a field of 339 mm:

# %%
print(ct.ContrastBolusAgent, ct.ContrastBolusRoute, "  field:", ct.ReconstructionDiameter, "mm")
print(f"{ct.Columns} columns of {ct_slice.spacing[1]:.3f} mm are {ct.Columns * ct_slice.spacing[1]:.1f} mm")

# %% [markdown]
# A field of 339 mm is 512 columns of 0.66 mm. Here are 128, or 85 mm; pydicom's notes say that the file was
# "downsized". How? If every fourth pixel was kept, each now stands for 2.65 mm, and the header is wrong. If a piece was
# cut out, 0.66 mm still holds. **How could you tell?** Measure something whose size you know. In the figure, at row 24,
# the body of the vertebra reaches from about column 42 to 77, 35 columns:

# %%
for spacing in (ct_slice.spacing[1], 4 * ct_slice.spacing[1]):
    print(f"35 columns of {spacing:.2f} mm: {35 * spacing:.0f} mm")

# %% [markdown]
# The body of a chest vertebra is a few centimetres wide, never nine. So the piece was cut out, and the spacing holds.
# Four times wrong in length would have been sixteen times wrong in area.
#
# **Numbers that are no measurement.** A CT often reconstructs a round field, and fills the corners of the square around
# it with a *padding value*, declared in the header in stored numbers:

# %%
stored = ct.pixel_array
rows, columns = np.indices(stored.shape)
outside = np.hypot(rows - 63.5, columns - 63.5) > 64  # True outside a circle around the middle
padded = np.where(outside, ct.PixelPaddingValue, stored)  # a copy with the corners filled
filled = 1.0 * padded + float(ct.RescaleIntercept)
print("padding value:", ct.PixelPaddingValue, "  in our piece:", np.sum(stored == ct.PixelPaddingValue))
print(f"smallest {ct_slice.values.min():.0f} -> {filled.min():.0f} HU,",
      f"mean {ct_slice.values.mean():.0f} -> {filled.mean():.0f} HU")

# %% [markdown]
# Less than air: nothing has -3024 HU. Leave such pixels out of every mean, minimum and histogram: `filled[padded !=
# ct.PixelPaddingValue]`.

# %% [markdown]
# ## 6. Find the name that stands in the picture
#
# Another of pydicom's files: ultrasound, in colour. `describe` puts its header into words.

# %%
from course.imaging.dicom import describe

ultrasound = read(get_path("rgb_color"))
print("\n".join(describe(ultrasound.header)))
print("BurnedInAnnotation:", ultrasound.header.get("BurnedInAnnotation"))

# %% [markdown]
# Six tags that may identify somebody, the hospital's name among them. A program could remove these six and call it
# done. But whether there is writing *in the pixels* is not stated: the tag for it, BurnedInAnnotation, is absent. So
# look.

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
# ### Exercise 1.4 - blank the writing above the scan
#
# Read rows and columns off the figure. Give rectangles that cover all writing above the scan, and no pixel of the scan.
# Each rectangle is *(top, left, bottom, right)*: first row, first column, then the row and the column before which it
# ends. That is not the order of exercise 1.1: rows come first, and the last two are ends, not sizes. A list, of one
# rectangle or several.

# %%
# Exercise 1.4 - rectangles (top, left, bottom, right) over the writing above the scan
from course.checks import check

rectangles = [(0, 0, 53, 320)]  # SOLUTION

check("1.4", rectangles)

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
# Date and time stand in the middle of the study's number, and once more as the day the file was made; the name of the
# station and the number of the machine are left as well. The standard's own list of what to remove or replace (part 15,
# annex E) is far longer than ours; private tags come on top, and the pixels, and the chance that a rare picture is
# recognised by itself. So this is **not anonymous, and meets no standard**. It is one step, done with care.

# %% [markdown]
# ## Traps
#
# - **0 to 1 or 0 to 255.** *Symptom*: a picture all black or all white. *Cure*: print type and range after each step.
# - **A mask as numbers.** *Symptom*: `IndexError`, or an array of a strange shape. *Cure*: `picture[mask > 0]`.
# - **One length for an area.** *Symptom*: pixels half as wide and half as high give half the area, where it should be a
#   quarter. *Cure*: spacing of rows times spacing of columns.
# - **Padding taken for tissue.** *Symptom*: -3024 HU, a pale flat picture. *Cure*: leave out what has the padding
#   value.
# - **Four numbers, three orders.** *Symptom*: a box of the wrong shape. *Cure*: ask whether it is (x, y, width,
#   height), (top, left, bottom, right), or something else again, before you use it.
# - **The clean header.** *Symptom*: a name in the picture. *Cure*: look at the pixels, all of them.
#
# ## Recap
#
# What bright means differs from picture to picture, and a mask says which pixels count. A threshold gives a count, the
# spacing makes it an area, and both depend on choices to be written down. A header may be wrong or silent, so measure
# something whose size you know. Names stand in tags, in other numbers, and in the pixels.

# %% [markdown]
# ## Quiz
#
# **1. Histogram.** Two pictures have the same histogram. What follows?
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
# **2. Header.** A header says 0.7 mm, and a vertebra measures 9 cm by it. What do you do?
#
# - (a) believe the header: it is a standard
# - (b) suspect that the picture was made smaller, or is of something else, and ask where it came from
# - (c) multiply by a factor that gives 4 cm
#
# <details><summary>Answer</summary>
#
# (b). Something that you know the size of contradicts the file. (a) makes all areas wrong. (c) makes up a measurement.
# </details>
#
# **3. Names.** All tags of the list are removed from a DICOM file. May it leave the hospital as anonymous?
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
# - NEMA. *Digital Imaging and Communications in Medicine (DICOM)*, [part
#   3](https://dicom.nema.org/medical/dicom/current/output/html/part03.html), C.7.5.1.1.2, padding; [part
#   15](https://dicom.nema.org/medical/dicom/current/output/html/part15.html), annex E.
# - M. Häggström. Medical gallery of Mikael Häggström 2014. *WikiJournal of Medicine* 1(2), 2014, [doi
#   10.15347/wjm/2014.008](https://doi.org/10.15347/wjm/2014.008). The retina.
# - A. Budai and others. Robust vessel segmentation in fundus images. *International Journal of Biomedical Imaging*,
#   2013, [doi 10.1155/2013/154860](https://doi.org/10.1155/2013/154860). The detail with microaneurysms.
# - L. A. Shepp, B. F. Logan. The Fourier reconstruction of a head section. *IEEE Transactions on Nuclear Science*
#   21(3), pages 21 to 43, 1974, [doi 10.1109/TNS.1974.6499235](https://doi.org/10.1109/TNS.1974.6499235).
# - P. Müller and others. Accurate evaluation of size and refractive index for spherical objects in quantitative phase
#   imaging. *Optics Express* 26(8), pages 10729 to 10743, 2018, [doi
#   10.1364/OE.26.010729](https://doi.org/10.1364/OE.26.010729). The floating cell and the size of its pixel.
# - CT and ultrasound are [pydicom's](https://pydicom.github.io/pydicom/stable/) test files; the tissue is
#   scikit-image's.
#
# ## Next
#
# [Lesson 02, preprocessing](02_preprocessing.ipynb), or [lesson 03, measuring nuclei](03_measuring_nuclei.ipynb), which
# looks for the nuclei that this page was given.
