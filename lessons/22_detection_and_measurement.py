# %% [markdown]
# # Find a lesion, and say how large it is
#
# "Malignant or not" is one question. A radiologist asks two others first: *where* is it, and *how large*, today and
# three months ago? Both have their own arithmetic, and their own ways to go wrong.
#
# ## What you will do
# - Say how far two boxes overlap (exercise 22.1).
# - Count hits and false marks, and read a FROC curve (quiz).
# - Measure a nodule's volume in two scans, and how fast it grows (exercise 22.2).
#
# **What you need.** Sensitivity and thresholds, [lesson 12](12_comparing_classifiers.ipynb); paired intervals,
# [lesson 19](19_evaluating_a_diagnosis.ipynb); Hounsfield units, [lesson 01](01_images_as_arrays.ipynb).
#
# **How long.** About 56 minutes.
#
# **What this is not.** All fields and scans here are drawn, with a truth that no patient has. No mammogram is shipped
# with this course; nothing here says what to do about a nodule.

# %% [markdown]
# ## 1. A box, and another
#
# A place is written as a **box** of four numbers, $x_0, y_0, x_1, y_1$: left, top, right and bottom *edge*, in
# pixels; x runs along the columns, y down the rows. An array is asked the other way round, `picture[y, x]`: the first
# trap. Does a program's box A = (0, 0, 4, 4) hit a doctor's box B = (2, 1, 6, 5)? One measure is the **intersection
# over union** (IoU): the common area, divided by the area that either covers.
#
# | | x | y | area |
# |---|---|---|---|
# | A | 0 to 4 | 0 to 4 | 16 |
# | B | 2 to 6 | 1 to 5 | 16 |
# | both | 2 to 4 | 1 to 4 | $2 \cdot 3 = 6$ |
#
# The union is $16 + 16 - 6 = 26$, since the common part is counted twice in the sum; the IoU is $6/26 = 0.23$.
#
# ### Exercise 22.1 - intersection over union
#
# Now any two boxes. Some do not meet at all. **Predict:** what happens to the two sides of the common box then?

# %%
# Exercise 22.1 - intersection over union
from course.checks import check


def iou(a, b):
    """Return the IoU, 0 to 1, of two boxes (x0, y0, x1, y1); boxes that only touch have 0."""
    ### BEGIN SOLUTION
    width = max(0, min(a[2], b[2]) - max(a[0], b[0]))
    height = max(0, min(a[3], b[3]) - max(a[1], b[1]))
    common = width * height
    area_a = (a[2] - a[0]) * (a[3] - a[1])
    area_b = (b[2] - b[0]) * (b[3] - b[1])
    return common / (area_a + area_b - common)
    ### END SOLUTION

check("22.1", iou)

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# Two boxes far apart, across a corner: what are the signs of both sides, and of their product?
# </details>
# <details><summary>Hint 2: the idea</summary>
#
# The common box begins at the later of both beginnings and ends at the earlier of both ends.
# </details>
# <details><summary>Hint 3: the shape of the code</summary>
#
# `max(0, min(a[2], b[2]) - max(a[0], b[0]))` for the width, likewise the height.
# </details>
# <details><summary>Hint 4: numbers to compare with</summary>
#
# The boxes of the text: 0.2308. Boxes (0, 0, 2, 2) and (5, 6, 9, 9): 0.
# </details>
#
# The course's version does all pairs of two lists at once, a row a box of the first:

# %%
from course.detection import iou as all_pairs

print(all_pairs([(0, 0, 4, 4)], [(2, 1, 6, 5), (0, 0, 4, 4), (4, 0, 8, 4)]).round(2))

# %% [markdown]
# Where is a hit? Some take IoU above 0.5, or
# 0.1; others, a mark's middle inside the lesion. A number of hits without its rule means nothing.
#
# ## 2. Candidates first, then a judge
#
# Most detectors work in two steps: something fast proposes *candidates* and misses little; something slower judges
# each. Our fields have round lesions among bright vessels and grains. A candidate is a bright spot of about a lesion's
# size (a *blob*, found by the Laplacian of Gaussian: a smoothed picture minus a smoother one, nearly).

# %%
from course.widgets.lesson_22 import candidates_figure

candidates_figure()

# %% [markdown]
# *Figure: a drawn field, grey, with bright bent vessels and small grains; beside it the same field with many thin
# circles, one a candidate: along vessels, on grains, and many on nothing but noise. White boxes are about the lesions,
# each with circles in it.*
#
# The judge is a logistic regression on six numbers of a candidate: how strong, how large, how *round* (a vessel bends
# one way only), how much brighter than its ring, how even, how bright. It is taught on 60 fields and judged on 80
# others. One spot often makes several candidates; where two boxes have an IoU above 0.3, the weaker one goes
# (*non-maximum suppression*).
#
# ## 3. FROC: lesions found against false marks
#
# Show every candidate whose score is above a threshold. Two things can be counted: the share of *lesions* found, and
# the number of false marks *a picture*, which may be above 1. By hand: two pictures, three lesions.
#
# | mark | score | picture | where |
# |---|---|---|---|
# | 1 | 0.9 | first | on lesion A |
# | 2 | 0.8 | first | on nothing |
# | 3 | 0.7 | first | on lesion A, again |
# | 4 | 0.6 | second | on lesion C |
#
# From 0.5 on: A and C are found, B is not: 2 of 3. Mark 2 is false. Mark 3 is a second hit of A: counted as a hit it
# would make 3 of 3, with B never seen. By the rule of the LUNA16 challenge it counts neither way. So: 0.67 of the
# lesions at $1/2$ false mark a picture. Every threshold gives such a point; together they are the **FROC curve**
# (free-response ROC). **Predict:** how much does the judge gain over the bare strength of a spot?

# %%
from course.reproduce import detection_22

print(detection_22.table().round(2))
print("classifier minus strength at 1: {:+.2f} ({:+.2f} to {:+.2f})".format(*detection_22.gain()))

# %% [markdown]
# The columns are false marks a field, the numbers the share of 100 lesions found. A hit: the mark's middle is no
# further from the lesion's than the lesion's radius. The gain's interval is paired: both on the same fields, whole
# fields drawn anew, since the lesions of one field share its vessels.
#
# ### Experiment: move the threshold
#
# Three states first.

# %%
from course.widgets.lesson_22 import froc_figure

froc_figure()

# %% [markdown]
# *Figure: the share of lesions found against false marks a field, on a logarithmic axis, for the bare strength, dashed,
# and the classifier, full, which lies far above. Three thresholds of the classifier are marked: a, loose, with more
# than four in five found at five to six false marks; b, more than half at less than one; c, strict, one in five at
# hardly any.*

# %%
from ipywidgets import SelectionSlider

from course.widgets.lesson_22 import SHOWN, THRESHOLDS, froc_panel
from course.widgets.panel import Panel

Panel(froc_panel, "Left: a field, its lesions in boxes, the marks shown at the threshold as circles. Right: the curve.",
      field=SelectionSlider(options=SHOWN, value=SHOWN[0]),
      threshold=SelectionSlider(options=THRESHOLDS, value=-1.0))

# %% [markdown]
# **Try.**
# 1. Lower the threshold from 1 to -3. What do the first false marks lie on?
# 2. The last field has no lesion. What does it add to the curve?
#
# **Question.** A vendor reports "96 % sensitivity". What do you ask?
# <details><summary>Answer</summary>
#
# At how many false marks a picture, by which rule of a hit, and how many pictures had no lesion. In a screening nearly
# all have none, so false marks there are most of the work.
# </details>

# %% [markdown]
# ## 4. How large?
#
# Now CT. A volume is a stack of slices; a *voxel* has three sides, in mm: from slice to slice, row to row, column to
# column. They are rarely equal. 20 voxels of $2.5 \times 0.7 \times 0.7$ mm hold $20 \cdot 1.225 = 24.5$ mm³; taken as
# cubes of 0.7 mm it would be 6.9, less than a third.
#
# A drawn chest, with a nodule of 8 mm in the left of the picture:

# %%
from course.data.phantom_ct import SPACING, chest
from course.imaging.preprocessing import window
from course.plots import show_pictures

scan = chest([(80, 150, 90, 8)])
print(scan.shape, "voxels of", SPACING, "mm")
show_pictures([window(scan[32], -600, 1500)], titles=["slice 32"], columns=1, size=3.6)

# %% [markdown]
# *Figure: one slice of a drawn chest: an ellipse of tissue with bright ribs, two dark lungs, small bright vessels, and
# in the lung on the left a bright disc, the nodule.*
#
# A threshold half-way between lung and tissue marks the nodule. A voxel on the edge holds some of both; it is
# taken whole or not at all (the **partial volume** effect). **Predict:** for which nodules, and which slices, is that
# worst?

# %%
from course.widgets.lesson_22 import nodule_panel

show_pictures([nodule_panel(*state) for state in ((14, 0.625), (6, 1.25), (6, 5.0))], columns=1, size=5)

# %% [markdown]
# *Figure: three states one below the other. A ball of 14 mm in thin slices: its voxels, tinted red, make a disc in both
# views, and the volume is right within a few percent. One of 6 mm in slices of 1.25 mm: a coarse disc. The same in
# slices of 5 mm: seen across the slices one brick, and below it a pale one that the threshold left out; at this place
# the volume is still right within a few percent.*
#
# ### Experiment: a nodule and its slices

# %%
from ipywidgets import SelectionSlider

from course.widgets.lesson_22 import DIAMETERS, THICKNESSES, nodule_panel
from course.widgets.panel import Panel

Panel(nodule_panel, "The nodule in one slice, and across all slices; red: the voxels taken for nodule.",
      diameter=SelectionSlider(options=DIAMETERS, value=8),
      thickness=SelectionSlider(options=THICKNESSES, value=2.5))

# %% [markdown]
# **Try.**
# 1. 20 mm: does the thickness matter? And at 4 mm?
# 2. 6 mm, 5 mm slices: in how many slices is the nodule seen at all?
#
# **Question.** A nodule measured 6 mm in January and 7 mm in April. Has it grown?
# <details><summary>Answer</summary>
#
# In volume $(7/6)^3 = 1.59$, if both numbers are right. An error of one voxel on either side makes as much. Same
# scanner, same slices, same program, and a second look, before anybody says "growth".
# </details>
#
# The panel shows one place between the voxels. A nodule lies anywhere. The spread of measured over true volume
# (standard deviation) for 20 places each:

# %%
detection_22.volume_errors().round(2)

# %% [markdown]
# For a ball of 20 mm the spread is three percent or less, whatever the slices. The worst corner again, place by place:

# %%
found = detection_22.ratios(4, 5.0)
print(f"measured over true: {found.min():.2f} to {found.max():.2f}, mean {found.mean():.2f}")
print("not seen at all in", (found == 0).sum(), "of", len(found), "places")

# %% [markdown]
# By little but where it lies. And too small on the whole, not only uncertain: a ball thinner than the slice seldom
# fills half of it.
#
# ## 5. How fast?
#
# If growth is exponential, a volume doubles in a fixed time. From $V_1$ to $V_2$ in $t$ days, the **volume doubling
# time** is
#
# $$T = \frac{t\,\ln 2}{\ln(V_2/V_1)}.$$
#
# By hand: 100 to 200 mm³ in 90 days: $T = 90$. 100 to 400: two doublings, 45 days. 6 to 7 mm in *diameter* in 90 days:
# $V_2/V_1 = 1.59$, and $T = 90 \cdot 0.693/0.462 = 135$ days. Who forgets that a volume goes with the third power gets
# three times as many.
#
# ### Exercise 22.2 - doubling time of two scans
#
# The scans may have different slices. Work from the masks.

# %%
# Exercise 22.2 - doubling time from two masks
import numpy as np

from course.checks import check


def doubling_time(first, second, spacing_first, spacing_second, days):
    """Return the volume doubling time in days; below 0 for a nodule that shrank.

    first, second: bool (slices, rows, columns). spacing_...: (slice, row, column), mm.
    """
    ### BEGIN SOLUTION
    before = first.sum() * np.prod(spacing_first)
    after = second.sum() * np.prod(spacing_second)
    return days * np.log(2) / np.log(after / before)
    ### END SOLUTION

check("22.2", doubling_time)

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# How many mm³ is one voxel of the first scan, and how many one of the second?
# </details>
# <details><summary>Hint 2: the idea</summary>
#
# Two volumes: voxels times the product of three sides. Then the formula.
# </details>
# <details><summary>Hint 3: the shape of the code</summary>
#
# `first.sum() * np.prod(spacing_first)`; `np.log` is the natural logarithm.
# </details>
# <details><summary>Hint 4: numbers to compare with</summary>
#
# Twice as many voxels of the same size after 90 days: 90.
# </details>
#
# A ball of 6 mm has grown to 7 mm in 120 days. It was scanned in thin slices first; the second scan may be thicker. The
# truth is known. What comes out in eight of ten places?

# %%
from course.imaging.volumes import doubling_time as doubling
from course.widgets.lesson_22 import ball

before = ball(6) * detection_22.ratios(6, 1.25)
print(f"true: {doubling(ball(6), ball(7), 120):.0f} days")
for thickness in (1.25, 2.5, 5.0):
    after = ball(7) * detection_22.ratios(7, thickness)
    times = [doubling(a, b, 120) for a, b in zip(before, after, strict=True)]
    low, high = np.quantile(times, [0.1, 0.9])
    print(f"second scan in slices of {thickness:g} mm: {low:.0f} to {high:.0f} days")

# %% [markdown]
# The nodule is the same each time. What moved is the scan. (Volume is not stage: how far a tumour has spread is another
# question. The deeper page has sizes and stages.)
#
# **Deeper.** [Suppression, diameters and stages](22_detection_and_measurement_deeper.ipynb).

# %% [markdown]
# ## Traps
#
# - **(row, column) for (x, y).** *Symptom*: boxes mirrored at the diagonal. *Cure*: x is the column.
# - **Sides below 0.** *Symptom*: boxes far apart overlap. *Cure*: cut each side off at 0.
# - **Two hits, one lesion.** *Symptom*: everything found, and one lesion never seen. *Cure*: a lesion counts once.
# - **Spacing forgotten.** *Symptom*: growth without growth. *Cure*: volumes in mm³, each scan with its own voxels.
# - **Thickness taken as pixel.** *Symptom*: a third of the volume. *Cure*: three sides.

# %% [markdown]
# ## Recap
#
# Boxes are compared by the area they share over the area they cover. A detector is judged by lesions found against
# false marks a picture, each lesion once, by a stated rule, on pictures without lesions too. A volume is voxels times
# three sides; small nodules and thick slices make it wrong. Doubling time compares volumes, and one careless spacing
# makes growth.

# %% [markdown]
# ## Quiz
#
# **1. Overlap.** A box lies inside another of four times its area. Their IoU is
#
# - (a) 1
# - (b) 0.25
# - (c) 0.5
#
# <details><summary>Answer</summary>
#
# (b): common 1, union 4. (a) would need the same box; (c) mixes it with Dice, which is 0.4 here.
# </details>
#
# **2. Marks.** A program puts five marks on one lesion and none on the other two. Its sensitivity is
#
# - (a) 5 of 3
# - (b) 1 of 3
# - (c) 1
#
# <details><summary>Answer</summary>
#
# (b). A lesion counts once; (a) and (c) count marks.
# </details>
#
# **3. Voxel.** Slices are 5 mm apart, pixels 0.8 mm. A mask of 100 voxels holds
#
# - (a) 51 mm³
# - (b) 320 mm³
# - (c) 100 mm³
#
# <details><summary>Answer</summary>
#
# (b): $100 \cdot 5 \cdot 0.8 \cdot 0.8$. (a) takes the pixel for the thickness, (c) forgets the spacing.
# </details>
#
# **4. Growth.** A volume goes from 200 to 300 mm³ in 60 days. Doubling time?
#
# - (a) 120 days, since half was added
# - (b) about 103 days
# - (c) 60 days
#
# <details><summary>Answer</summary>
#
# (b): $60 \cdot 0.693/\ln 1.5 = 102.6$. (a) takes growth as straight.
# </details>

# %% [markdown]
# ## Sources
#
# - A. A. A. Setio and others. Validation, comparison, and combination of algorithms for automatic detection of
#   pulmonary nodules in computed tomography images: the LUNA16 challenge. *Medical Image Analysis* 42 (2017) 1-13.
# - T. Lindeberg. Feature detection with automatic scale selection. *International Journal of Computer Vision* 30 (1998)
#   79-116.
# - M. Schwartz. A biomathematical approach to clinical tumor growth. *Cancer* 14 (1961) 1272-1294.
#
# ## Next
#
# [Lesson 23](23_surgical_navigation.ipynb) plans a path to what was found.
# [The deeper page](22_detection_and_measurement_deeper.ipynb) suppresses, measures diameters, and asks for the stage.
