# %% [markdown]
# # Deeper: keep one box of many, and turn a size into a stage
#
# A detector names one lesion ten times; a report names one diameter of a body that has many. Both need a rule, and the
# rule is part of the result.
#
# ## What you will do
# - Suppress boxes that name the same thing (exercise 22.3).
# - Measure the longest diameter, in mm (exercise 22.4).
# - Read a size category, and say why it is not the stage (quiz).
# - Score a spot on the skin, and judge a rule on skin it was never taught on (quiz).
#
# **What you need.** [The core page](22_detection_and_measurement.ipynb).
#
# **How long.** About 50 minutes.
#
# **What this is not.** Size limits are quoted to read reports, not to act on.

# %% [markdown]
# ## 1. One lesion, many boxes
#
# Four boxes of 10 x 10 pixels, side by side and overlapping, with scores: P at x = 0 (0.9), Q at 4 (0.8), R at 8 (0.7),
# S at 40 (0.6). P and Q share $6 \cdot 10$ of 140: IoU 0.43. Q and R as well. P and R share 20 of 180: 0.11.
# *Non-maximum suppression* with the threshold 0.3, greedily: P is best and stays. Q overlaps it: gone. R overlaps Q,
# but Q is gone already, and P by 0.11 only: R stays. S stays. **Predict:** what would remain if R were compared with Q
# all the same?
#
# ### Exercise 22.3 - suppression
#
# The course's `iou(a, b)` gives all pairs at once: (n, m).

# %%
# Exercise 22.3 - non-maximum suppression
from course.checks import check


def suppress(boxes, scores, threshold):
    """Return the places of the boxes that stay, best first.

    boxes (n, 4): x0, y0, x1, y1; a box goes when its IoU with a better box that stays is above threshold.
    """
    ### BEGIN SOLUTION
    import numpy as np

    from course.detection import iou

    overlap, kept = iou(boxes, boxes), []
    for k in np.argsort(-np.asarray(scores), kind="stable"):
        if all(overlap[k, better] <= threshold for better in kept):
            kept.append(int(k))
    return kept
    ### END SOLUTION

check("22.3", suppress)

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# With whom is a box compared: with all better boxes, or with those that stayed?
# </details>
# <details><summary>Hint 2: the idea</summary>
#
# Walk from the best score down, with a list of those kept.
# </details>
# <details><summary>Hint 3: the shape of the code</summary>
#
# `np.argsort(-scores, kind="stable")` is the order; `from course.detection import iou`.
# </details>
# <details><summary>Hint 4: numbers to compare with</summary>
#
# The four boxes of the text with 0.3: places 0, 2, 3.
# </details>
#
# Suppression has a price: of two true lesions that touch, the weaker box may go. In our fields lesions keep a distance.
# How many candidates, found at three sizes each, does it save?

# %%
from course.imaging.candidates import candidates
from course.reproduce import detection_22

before = [len(candidates(detection_22.found(seed)[0].picture)[0]) for seed in range(1000, 1010)]
after = [len(detection_22.found(seed)[1]) for seed in range(1000, 1010)]
print("candidates a field:", sum(before) / 10, "before,", sum(after) / 10, "after")

# %% [markdown]
# ## 2. The longest diameter
#
# Reports give a *longest diameter*, and often the one at right angles to it. In a mask it is the largest distance
# between two of its pixels, in mm: rows and columns have their own spacing, so scale first. A bar of five pixels along
# a row, 0.5 mm apart: from first to last middle, $4 \cdot 0.5 = 2$ mm. From a pixel to the one 4 rows down and 3
# columns on, with spacing 2 and 1 mm: $\sqrt{8^2 + 3^2} = 8.5$ mm.
#
# ### Exercise 22.4 - the longest diameter

# %%
# Exercise 22.4 - the longest diameter
import numpy as np

from course.checks import check


def longest_diameter(mask, spacing):
    """Return the largest distance between the middles of two pixels, in mm.

    mask: bool (rows, columns), at least one True; spacing: (mm a row, mm a column).
    """
    ### BEGIN SOLUTION
    points = np.argwhere(mask) * np.asarray(spacing)
    apart = points[:, None] - points[None]
    return np.sqrt((apart**2).sum(axis=-1)).max()
    ### END SOLUTION

check("22.4", longest_diameter)

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# A pixel's place in rows and columns: how do you get its place in mm?
# </details>
# <details><summary>Hint 2: the idea</summary>
#
# All points in mm; all differences of two; the longest of them.
# </details>
# <details><summary>Hint 3: the shape of the code</summary>
#
# `np.argwhere(mask) * np.asarray(spacing)`, and `points[:, None] - points[None]` for all pairs.
# </details>
# <details><summary>Hint 4: numbers to compare with</summary>
#
# The bar of the text: 2.
# </details>
#
# The course's `in_plane_diameters` takes the outline half-way between pixels, so it adds half a pixel at each end, and
# gives the perpendicular diameter too. On an ellipsoid's slice, 20 by 12 mm:

# %%
from course.imaging.volumes import in_plane_diameters

y, x = np.mgrid[-15:15.1:0.7, -15:15.1:0.7]
mask = (x / 10) ** 2 + (y / 6) ** 2 <= 1
longest, across = in_plane_diameters(mask, (0.7, 0.7))
print(f"{longest:.1f} mm and {across:.1f} mm")

# %% [markdown]
# A volume from diameters: for an ellipsoid $\frac{\pi}{6} a\,b\,c$ with *full* diameters. Who takes $\frac{4}{3}\pi$,
# which wants half diameters, is wrong by a factor of 8. And small errors grow:

# %%
for true, read in ((6, 7), (6, 5), (20, 21)):
    print(f"{true} mm read as {read}: volume {(read / true) ** 3 - 1:+.0%}")

# %% [markdown]
# ## 3. From size to stage, and why that is not enough
#
# For lung cancer the size category **T** goes by the longest diameter, here by the limits of the eighth edition of the
# TNM classification, which the ninth (in force since 2025) left as they were:
#
# | T | longest diameter, cm |
# |---|---|
# | T1a, T1b, T1c | up to 1; above 1 to 2; above 2 to 3 |
# | T2a, T2b | above 3 to 4; above 4 to 5 |
# | T3 | above 5 to 7 |
# | T4 | above 7 |
#
# In a part-solid nodule the solid part alone is measured. Invasion of neighbouring parts raises T at any size. And T
# is one letter of three: **N** says which lymph nodes are involved, by their *place*, **M** whether it has spread
# further. A tumour of 1 cm with a node on the other side of the chest is in a higher stage than one of 4 cm without
# any. So volume is not stage, and no network that measures one nodule gives the stage. Name the edition too: pages
# with the limits of the seventh are still the first that a search finds.
#
# ## 4. Who is missing
#
# A field with no lesion teaches as much as one with: without it nobody counts false marks among the healthy. What share
# of the judged fields has none?

# %%
empty = sum(len(detection_22.found(seed)[0].lesions) == 0 for seed in detection_22.JUDGED)
print(f"{empty} of {len(detection_22.JUDGED)} fields have no lesion")

# %% [markdown]
# A screening has far more: of 1.7 million American mammograms about 5 in 1,000 found a cancer (Lehman and others). A
# FROC curve drawn from patients alone says little about the work that a program makes there. Healthy people are one
# group that pictures lack. The next section has another.
#
# ## 5. Skin: a score, an extent, and skin that was never shown
#
# Dermatologists look at a pigmented spot through a lens with its own light (a *dermatoscope*) and may count by the
# **ABCD rule** of Stolz and others: $A$, 0 to 2 axes about which the spot is not symmetric; $B$, 0 to 8 of eight
# segments whose edge ends abruptly; $C$, 1 to 6 colours; $D$, 1 to 5 kinds of dermoscopic *structure*, not a diameter.
#
# $$S = 1.3\,A + 0.1\,B + 0.5\,C + 0.5\,D$$
#
# By hand: one axis, three segments, three colours, four structures: $S = 1.3 + 0.3 + 1.5 + 2 = 5.1$. The rule calls
# $S$ below 4.75 benign, above 5.45 melanoma, between them suspicious. A score is no diagnosis; how deep a melanoma
# goes, which its T needs, is read under a microscope and in no photograph.
#
# A drawn spot has its counts in advance, structures aside, which nobody drew: we take 2. Are axes and extent found
# again in its mask?

# %%
from course.data.phantom_skin import PIXEL, TONES, spot
from course.imaging.dermoscopy import asymmetry, dermoscopy_score

for axes, border, colours, extent in ((0, 1, 1, 5), (2, 8, 4, 10)):
    mask = spot(3, TONES["light"], axes, border, colours, extent).mask
    measured = asymmetry(mask)[0], in_plane_diameters(mask, (PIXEL, PIXEL))[0]
    print(f"drawn: {axes} axes, {extent} mm; measured: {measured[0]} axes, {measured[1]:.1f} mm;",
          f"S = {dermoscopy_score(axes, border, colours, 2):.1f}")

# %% [markdown]
# The same spot on six tones of skin, as no clinic can have it. The tone is the *individual typology angle*, from
# lightness and yellowness: above 55 degrees very light, below -30 dark.

# %%
from course.plots import show_pictures
from course.reproduce import skin_22

show_pictures([skin_22.example(101, tone).picture for tone in TONES], titles=list(TONES), columns=6, size=1.4)

# %% [markdown]
# *Figure: one drawn pigmented spot six times, on skin from very light to dark. Outline and pigments are the same; on
# the darkest skin the spot is only a little darker than what surrounds it.*
#
# Three rules mark the spot, each with one number taught on 20 spots (the best mean Dice; Dice is twice the common area
# over the sum of both): darker than a fixed grey; so many levels below the patient's own skin, taken from the rim of
# the picture; below a share of that skin. **Predict:** taught on light skin, which fails where? Does teaching on all
# tones mend it? Mean Dice of 60 other spots:

# %%
skin_22.table().round(2)

# %% [markdown]
# A row a rule, a column a tone of skin. How wide is the gap between light and dark, for the rules taught on light skin?

# %%
for rule in skin_22.RULES:
    print("light minus dark: {:.2f} ({:.2f} to {:.2f})".format(*skin_22.gap(rule)), "-", rule)

# %% [markdown]
# The fixed grey, taught on light skin, fails from intermediate skin on. Taught on all tones it fails at both ends: no
# one grey fits everybody, and more pictures do not mend a rule that asks the wrong thing. The difference was mended by
# them. The share needed no mending. That is built in, for the drawing darkens every skin by the same share; no real
# rule is proved by it. What carries over is the question: the mean over all tones hides the gap, and from pictures of
# light skin alone nobody could have seen it. (Intervals are paired: the same spots on both skins, spots drawn anew.)
#
# It happens: on 656 photographs with biopsies, published programs fell by 27 to 36 percent in AUC against their makers'
# reports, and did worse on dark skin (Daneshjou and others). Some of the fall may be another kind of picture.

# %% [markdown]
# ## Traps
#
# - **Suppressed boxes that suppress.** *Symptom*: a chain of boxes loses its far end. *Cure*: compare with those kept.
# - **Scaling last.** *Symptom*: a diameter right along rows, wrong along columns. *Cure*: mm first, distance then.
# - **4/3 for diameters.** *Symptom*: eight times the volume. *Cure*: $\pi/6$ with full diameters.
# - **D for diameter.** *Symptom*: a score that no table knows. *Cure*: in Stolz's rule D counts structures.
# - **The mean over everybody.** *Symptom*: a good number, a bad one for some. *Cure*: a column for each group.
# - **The old edition.** *Symptom*: a T that the report does not have. *Cure*: name the edition.

# %% [markdown]
# ## Recap
#
# Suppression keeps the best box of each heap, compared with those kept alone. A diameter is a distance in mm between
# points scaled before. Volumes from diameters need full diameters, and blow up every error. Size is a part of T, T is a
# part of the stage. A rule taught on light skin can fail on dark, and only pictures of dark skin show it.

# %% [markdown]
# ## Quiz
#
# **1. Heap.** Three boxes overlap in a chain, first with second and second with third. The second has the best score.
# How many stay?
#
# - (a) 1
# - (b) 2
# - (c) 3
#
# <details><summary>Answer</summary>
#
# (a): the second stays, and both others overlap it. With the first best it would be two.
# </details>
#
# **2. Ellipsoid.** Diameters 10, 8 and 6 mm. The volume is
#
# - (a) about 251 mm³
# - (b) about 2,011 mm³
# - (c) 480 mm³
#
# <details><summary>Answer</summary>
#
# (a): $\pi/6 \cdot 480$. (b) takes $4\pi/3$ with full diameters, (c) is the box.
# </details>
#
# **3. Stage.** A program measures a longest diameter of 2.4 cm. It may print
#
# - (a) stage I
# - (b) "2.4 cm, if solid; by size alone T1c (8th and 9th edition)"
# - (c) nothing
#
# <details><summary>Answer</summary>
#
# (b). The stage (a) needs N and M and invasion; a number with its rule and edition is worth printing (c).
# </details>
#
# **4. Skin.** A program was taught and judged on light skin: mean Dice 0.9. On dark skin you expect
#
# - (a) 0.9, since spots are spots
# - (b) less, and pictures of dark skin added to the teaching will mend it
# - (c) a number that has to be measured there
#
# <details><summary>Answer</summary>
#
# (c). Of our three rules one kept its number, one was mended by more pictures, one was not: neither (a) nor (b) can be
# known beforehand.
# </details>

# %% [markdown]
# ## Sources
#
# - TNM classification of malignant tumours, lung, eighth and ninth edition (Union for International Cancer Control;
#   International Association for the Study of Lung Cancer).
# - C. D. Lehman and others. National performance benchmarks for modern screening digital mammography. *Radiology* 283
#   (2017) 49-58.
# - W. Stolz and others. ABCD rule of dermatoscopy. *European Journal of Dermatology* 4 (1994) 521-527.
# - A. Chardon, I. Cretois, C. Hourseau. Skin colour typology and suntanning pathways. *International Journal of
#   Cosmetic Science* 13 (1991) 191-208.
# - R. Daneshjou and others. Disparities in dermatology AI performance on a diverse, curated clinical image set.
#   *Science Advances* 8 (2022) eabq6147.
# - A. Reinke and others. Understanding metric-related pitfalls in image analysis validation. *Nature Methods* 21 (2024)
#   182-194.
#
# ## Next
#
# Back to [the core page](22_detection_and_measurement.ipynb), or on to [lesson 23](23_surgical_navigation.ipynb).
