# %% [markdown]
# # Find the nuclei, measure them, and see how large they are
#
# Large and uneven nuclei are among the first things that a pathologist looks for in breast cells, when asked whether a
# tumour is *malignant* (cancer) or *benign* (not). A program can measure both. Every network of this course has to show
# that it knows more than a ruler does.
#
# ## What you will do
# - Say how well a cut parts dark pixels from bright ones, and find the best cut (exercise 3.1).
# - Part nuclei that touch, and see what a right count hides (quiz).
# - Turn a map of labelled nuclei into radii with units (exercise 3.2).
# - Boil fifteen nuclei down to three numbers (quiz).
#
# **What you need.** Python, NumPy, school algebra, and the idea that a picture is an array of numbers ([lesson
# 01](01_images_as_arrays.ipynb)).
#
# **How long.** About 60 minutes.
#
# **What this is not.** A tool for patients. The cells are *drawn from measurements, not photographs*. They hold nothing
# that the table of measurements does not hold, so measuring them again tests the measuring, not medicine.

# %% [markdown]
# ## 1. One number between nucleus and ground
#
# Every page of this course draws on one table: measurements of the cell nuclei of 569 patients of the University of
# Wisconsin, from cells sucked out of a lump in the breast through a thin needle (*fine-needle aspirates*), with the
# diagnosis of each. The photographs are not part of it, so the course draws some. They are drawn as if stained:
# *haematoxylin*, blue-violet, sits in the nuclei, and a paler *counterstain*, pink or greenish from slide to slide,
# around them. In each colour channel the nuclei are darker than what lies around them. We take the red one. Patient
# 22's tumour was malignant.

# %%
import numpy as np

from course.data.cytology import draw, draw_mask
from course.plots import show_pictures

picture, truth = draw(22), draw_mask(22) > 0
red = picture[..., 0]
show_pictures([picture, red, truth], ["picture", "red channel", "what was drawn"], columns=3, size=2.6)

# %% [markdown]
# *Figure: fifteen dark nuclei in pale cell bodies, 150 x 150 pixels. Beside it the red channel in grey, nuclei dark.
# Then the true mask, white where a nucleus was drawn. On a drawn picture, unlike a real one, the truth is known.*
#
# Which pixels are nuclei? Those darker than some *threshold*. Whoever picks it by eye picks another one tomorrow. Let
# the pixels decide. Ten of them, each with a level of darkness from 0 to 9:

# %%
ten = np.array([2, 7, 1, 3, 2, 6, 8, 1, 3, 7])

# %% [markdown]
# A *cut* $t$ parts them into two classes: *below*, with values $\le t$, and *above*, with values $> t$. A good cut
# leaves the classes far apart. With
#
# - $w_0$ and $w_1$ the shares of the pixels below and above, so $w_0 + w_1 = 1$,
# - $m_0$ and $m_1$ the mean values below and above,
#
# Nobuyuki Otsu (1979) measured it by the *between-class variance*
#
# $$B(t) = w_0\, w_1\, (m_0 - m_1)^2$$
#
# Cut $t = 1$: below are 1, 1, so $w_0 = 0.2$ and $m_0 = 1$. Above are eight pixels whose sum is 38, so $w_1 = 0.8$ and
# $m_1 = 4.75$. $B(1) = 0.2 \cdot 0.8 \cdot 3.75^2 = 2.25$. **Work out $B(3)$ and $B(6)$ on paper.** Which of the cuts 1
# to 7 will be the best? `between_classes` computes $B$ as you did.

# %%
from course.widgets.lesson_03 import between_classes

for cut in range(1, 8):
    print(f"B({cut}) = {between_classes(ten, cut):.2f}")

# %% [markdown]
# The cuts 3, 4 and 5 are equally good, since no pixel lies between 3 and 6.
#
# **Break it on purpose: leave the shares out.** Six pixels of ground, three of nuclei, and one speck of dirt, darker
# than all. Predict which cut $(m_0 - m_1)^2$ alone prefers.

# %%
speck = np.array([1, 1, 2, 2, 2, 3, 6, 7, 7, 12])
for name, score in {"B": between_classes, "no shares": lambda v, t: (v[v <= t].mean() - v[v > t].mean()) ** 2}.items():
    print(f"{name:10}", {cut: round(float(score(speck, cut)), 1) for cut in (1, 2, 3, 6, 7)})

# %% [markdown]
# Without shares the speck gets a class of its own, and the nuclei count as ground. With them the cut is 3.
#
# ### Exercise 3.1 - Otsu's threshold
#
# Search the best cut among whole numbers. If several cuts are equally good, give the smallest. If all pixels are equal,
# give their level. Pixels may have more than 256 levels. They may also be `uint8`: make `int(values.min())` and
# `int(values.max())` before you compute with them.

# %%
# Exercise 3.1 - the cut with the largest between-class variance
from course.checks import check
from course.widgets.lesson_03 import between_classes


def otsu(values):
    """Return the smallest cut with the largest B, a whole number. values: array of whole numbers, any shape."""
    ### BEGIN SOLUTION
    best, best_cut = -1.0, None
    for cut in range(int(values.min()), int(values.max()) + 1):
        variance = between_classes(values, cut)
        if variance > best + 1e-9:
            best, best_cut = variance, cut
    return best_cut
    ### END SOLUTION

check("3.1", otsu)

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# Between which two numbers must every sensible cut lie? And what must be remembered while searching?
# </details>
# <details><summary>Hint 2: the idea</summary>
#
# A loop over the levels from the smallest to the largest value. Keep the best $B$ so far *and* the cut where it was
# found. You may use `between_classes(values, cut)`.
# </details>
# <details><summary>Hint 3: the shape of the code</summary>
#
# `for cut in range(int(values.min()), int(values.max()) + 1):` and, inside, `if variance > best + 1e-9:` (the tiny
# number keeps rounding errors from breaking a tie).
# </details>
# <details><summary>Hint 4: numbers to compare with</summary>
#
# The ten pixels: 3. The red channel of patient 22: 137.
# </details>
#
# Now the library, on the red channel, and the $B$ of every cut as a curve:

# %%
from skimage.filters import threshold_otsu

from course.widgets.lesson_03 import otsu_figure

print("scikit-image:", threshold_otsu(red), "  the loop:", max(range(256), key=lambda cut: between_classes(red, cut)))
otsu_figure(red, threshold_otsu(red))

# %% [markdown]
# *Figure: above, the histogram of the red channel: a tall heap of bright ground on the right, a low, wide heap of dark
# nuclei on the left. Below, the between-class variance of every cut, a broad hill. A dashed line marks its top, which
# lies between the two heaps.*
#
# The hill is flat: from 121 to 151 $B$ stays within 3 % of its top. *Best* need not mean *sure*. (Mind the side: here
# the object is dark, so the nuclei are `red <= threshold`.)

# %% [markdown]
# ## 2. Nuclei that touch
#
# A mask says nucleus or not. *Which* nucleus, it does not say. The natural idea is to give one label to all pixels that
# hang together, a *connected component*. On a tiny mask:

# %%
tiny = np.zeros((7, 13), int)
tiny[1:6, 1:6] = tiny[1:6, 7:12] = tiny[3, 6] = 1
print(tiny)

# %% [markdown]
# Two square nuclei, and one pixel between them where they touch. Hanging together, they are one. To part them, ask each
# pixel how far it is to the nearest 0: the *distance transform*, or the depth of the pixel. The rim has depth 1, the
# middle of a square 3. **Work out on paper** the depth of the bridge (row 3, column 6) and of its left neighbour. (The
# nearest 0 may lie diagonally: Pythagoras.)

# %%
from scipy.ndimage import distance_transform_edt
from skimage.measure import label

depth = distance_transform_edt(tiny)
print(depth.round(1))
print("connected components:", label(tiny).max())

# %% [markdown]
# The bridge has depth 1, its neighbour $\sqrt{2}$. Now turn it upside down: depth becomes the depth of water. Two
# basins with a pass between. Let water rise from the middle of each basin; where the waters meet, build a wall. That is
# the *watershed*.

# %%
from skimage.segmentation import watershed

middles = label(depth == 3)
print(watershed(-depth, middles, mask=tiny))

# %% [markdown]
# Two labels. (`middles` says where water starts. The bridge went to one of the two: a pixel belongs to one nucleus.)
#
# Everything hangs on the middles. Too few, and touching nuclei stay one; too many, and a ragged nucleus falls to
# pieces. The course's `labels_at` counts two middles as two only if the depth between them drops by more than `neck` (0
# is a switch: it turns the watershed off). It works on the *optical density* $D = \log_{10} (I_0 / I)$, with $I$ the
# light that arrives and $I_0$ that of the empty slide: larger where there is more dye, whatever the lamp. $D = 0$: all
# light comes through; $D = 1$: a tenth of it. So from here on nuclei are *above* the threshold.
#
# ### Experiment: where would you cut?
#
# How good is a mask? Compare it with the truth by the *Dice overlap*: twice the pixels that both have, over the pixels
# of the one plus those of the other. Found 4, true 5, shared 3: $2 \cdot 3 / (4 + 5) = 0.67$. A perfect mask has 1.
# First three states on patient 0, whose tumour was malignant:

# %%
from course.widgets.lesson_03 import dice, in_a_row, labels_at, outlined, smoothed

first, first_truth = draw(0), draw_mask(0) > 0
settings = ((0.2, 0), (0.2, 0.13), (0.4, 0.13))
states = {f"{cut}, neck {neck}": labels_at(smoothed(first), cut, neck) for cut, neck in settings}
titles = [f"{name}: {found.max()}, Dice {dice(found > 0, first_truth):.2f}" for name, found in states.items()]
in_a_row([outlined(first, found, times=2) for found in states.values()], titles)

# %% [markdown]
# *Figure: the same field three times with outlines; above each the threshold, the neck, the count and the Dice overlap.
# At 0.2 without watershed several nuclei share an outline. At 0.2 with it, walls stand between most of them. At 0.4 two
# dark crumbs inside nuclei are all that is outlined.*

# %%
import ipywidgets

from course.widgets.lesson_03 import explored
from course.widgets.panel import Panel

who = [(f"{case}, {kind}", case) for case, kind in
       ((0, "malignant"), (22, "malignant"), (239, "malignant"), (37, "benign"), (101, "benign"), (60, "benign"))]
Panel(explored, "A field of cells with the outlines found, the histogram of its density, the count and the overlap.",
      patient=ipywidgets.SelectionSlider(options=who),
      threshold=ipywidgets.FloatSlider(0.16, min=0.02, max=0.6, step=0.01),
      smoothing=ipywidgets.FloatSlider(0.7, min=0, max=3, step=0.1),
      neck=ipywidgets.FloatSlider(0.13, min=0, max=0.6, step=0.01))

# %% [markdown]
# `smoothing` is the blur before the cut, in pixels. Fifteen is always right. (In the histogram, orange bars are the
# pixels above the threshold. Its height is the *root* of the count.)
#
# **Try.**
# 1. Patient 0: move `threshold` from 0.16 (Otsu's) to 0.20. What happens to the count, and what to Dice?
# 2. Patient 239 at `threshold` 0.28: far too many. Get 15 by moving `threshold` alone. Put it back, and get 15 by
#    moving `neck` alone.
#
# **Question.** Both repairs in 2 give the right count. Which one do you trust, and which number under the picture
# tells?
# <details><summary>Answer</summary>
#
# The lower threshold, about 0.20. The other is `neck` 0, no watershed at all: the fragments hang together again, as
# fifteen, but a third of the area is still missing, and Dice has not moved. A right count alone proves little. (And in
# 1 Dice rises a little, while the count goes from 11 to 14: a bridge of a few pixels hardly shows in an overlap, but
# makes one nucleus of two. Report both.)
# </details>

# %% [markdown]
# ## 3. Area, and the radius that goes with it
#
# The area is the number of pixels, times the area of one pixel. The drawn fields are 300 *units* wide, whatever the
# number of pixels: in 150 pixels, one is 2 units wide, and its area is 4. (The table was measured in pixels of the
# Wisconsin camera. How many micrometres that is, we have found published nowhere.)
#
# By hand: a nucleus of 13 pixels has the area 52. A disc of that area has the radius $r$ with $\pi r^2 = 52$, so $r =
# \sqrt{52 / \pi} = 4.07$ units: the *equivalent radius*.
#
# ### Exercise 3.2 - the radius of each nucleus
#
# The segmentation gives *labels*: an array of whole numbers, one number for all pixels of a nucleus. Nuclei that touch
# have different labels. Labels may be missing, if a nucleus was thrown out. What is 0?

# %%
# Exercise 3.2 - equivalent radii
import numpy as np

from course.checks import check


def radii(labels, pixel_size):
    """Return the equivalent radius of each nucleus, (n,), in the order of the labels.

    labels: (h, w) of whole numbers, 0 where there is no nucleus; pixel_size: width of a pixel, in units.
    """
    ### BEGIN SOLUTION
    _, areas = np.unique(labels[labels > 0], return_counts=True)
    return np.sqrt(areas * pixel_size**2 / np.pi)
    ### END SOLUTION

check("3.2", radii)

# %% [markdown]
# <details><summary>Hint 1: a question</summary>
#
# Which different numbers stand in `labels`, and which of them is no nucleus?
# </details>
# <details><summary>Hint 2: the idea</summary>
#
# `np.unique(numbers, return_counts=True)` gives the numbers that are there, sorted, and how often each occurs. That is
# an area in pixels.
# </details>
# <details><summary>Hint 3: the shape of the code</summary>
#
# `_, areas = np.unique(labels[...], return_counts=True)`, then the root of `areas * ... / np.pi`
# </details>
# <details><summary>Hint 4: numbers to compare with</summary>
#
# A label of 13 pixels and `pixel_size = 2` gives 4.07; with `pixel_size = 1` it gives 2.03.
# </details>
#
# **Break it on purpose.** `segment_nuclei` does all steps of this page. Forget that label 0 is the ground, and take the
# mean radius of everything that has a label; or let nuclei that touch be one. Predict what happens to the mean and to
# the largest.

# %%
from course.imaging.segmentation import segment_nuclei

labels = segment_nuclei(picture)
mistakes = {"nuclei": labels[labels > 0], "with label 0": labels, "touching": label(labels > 0)[labels > 0]}
for name, some in mistakes.items():
    _, pixels = np.unique(some, return_counts=True)
    sizes = np.sqrt(pixels * 2**2 / np.pi)
    print(f"{name:13} {len(sizes)} things, mean radius {sizes.mean():4.1f}, largest {sizes.max():5.1f}")

# %% [markdown]
# The ground is the largest "nucleus" by far. The other slip hides better: the mean grows a little, and nobody counts.

# %% [markdown]
# ## 4. Three numbers for fifteen nuclei
#
# A picture has many nuclei, a patient gets one row. For each of ten features the table keeps three numbers:
#
# - **mean**: of all nuclei of the picture;
# - **error**: the *standard error* of that mean, $\frac{s}{\sqrt n}$, with $n$ the number of nuclei and $s$ their
#   standard deviation, $s = \sqrt{\frac{1}{n-1} \sum_i (v_i - \bar v)^2}$, where $v_i$ is the value of nucleus $i$ and
#   $\bar v$ the mean;
# - **worst**: the mean of the three largest values.
#
# By hand, five radii 3, 9, 4, 8, 6: mean 6, squared distances 9, 9, 4, 4, 0 with sum 26, $s = \sqrt{26 / 4} = 2.55$,
# error $2.55 / \sqrt 5 = 1.14$. **Worst?** Sorted, the largest three are 6, 8 and 9: 7.67. $s$ says how much the
# *nuclei* differ, the error how far the *mean* may be off. Now patient 22, beside her row. (`measure` computes ten
# features of each nucleus, and these three numbers of each.)

# %%
from course.data.cytology import table
from course.imaging.measurement import measure

again, row = measure(picture, labels, pixel_size=2), table()[0][22]
for name in ("mean radius", "radius error", "worst radius", "mean texture", "mean compactness"):
    print(f"{name:17} measured {again[name]:6.2f}, table {row[name]:6.2f}")

# %% [markdown]
# Size comes back, nearly; roundness only in part, since fine dents are lost at two units a pixel. (*Texture* is the
# spread of the grey levels inside a nucleus; *compactness* is 0 for a circle and larger the less round. The table's
# *radius* is the mean distance from the middle to the outline, for a circle the same as ours.) Of the ten features, the
# size alone goes most of the way to the diagnosis: a network that does no better has seen a ruler's worth.
#
# **Deeper.** [How long is an outline, which formula a famous table must have used, and how far one number
# goes](03_measuring_nuclei_deeper.ipynb).

# %% [markdown]
# ## Traps
#
# - **The ground counted as a nucleus.** *Symptom*: one nucleus more than you can see, and a giant among the "worst".
#   *Cure*: label 0 is no nucleus; `labels[labels > 0]`.
# - **Touching nuclei taken for one.** *Symptom*: a high Dice, a low count, sizes too large. *Cure*: the watershed, and
#   look at the outlines.
# - **Otsu without weights, or with the boundary level on the wrong side.** *Symptom*: a few specks make the cut; two
#   programs disagree. *Cure*: shares of both classes; decide once that a pixel equal to the cut lies below.
# - **"Error" taken for the spread of the nuclei.** *Symptom*: nuclei that look all alike on paper. *Cure*: multiply by
#   $\sqrt n$.
#
# ## Recap
#
# Otsu's threshold is the cut with the largest between-class variance. Distance transform and watershed part nuclei that
# touch, at the price of one more number to choose. Areas are counted in pixels and need the size of one. Each feature
# of a picture becomes three numbers: mean, standard error, and the mean of the three largest.

# %% [markdown]
# ## Quiz
#
# **1. A brighter lamp.** All levels of a picture are doubled (no level runs over). What happens to Otsu's two classes?
#
# - (a) the same pixels are nuclei as before
# - (b) fewer pixels become nuclei
# - (c) it cannot be said
#
# <details><summary>Answer</summary>
#
# (a). Means and distances double, $B$ of every cut is four times as large, and the best cut doubles with the levels.
# (b) would be so for a fixed threshold. A lamp that is *uneven* is another matter: it changes the order of the pixels.
# </details>
#
# **2. Two nuclei touch** and are taken for one. What happens to the mean area, if all other nuclei are found rightly?
#
# - (a) it stays: the total area is the same
# - (b) it grows: the same total is divided by fewer nuclei
# - (c) it falls
#
# <details><summary>Answer</summary>
#
# (b). (a) is true of the *total* nuclear area.
# </details>
#
# **3. A colleague** writes: "radius error 0.3, so nearly all nuclei are within 0.6 of the mean radius of 12". About 15
# nuclei were measured. What do you answer?
#
# - (a) right, two standard deviations
# - (b) no: the nuclei's own spread is about $0.3 \cdot \sqrt{15} = 1.2$
# - (c) no: the spread is $0.3 / \sqrt{15}$
#
# <details><summary>Answer</summary>
#
# (b). The error speaks of the mean. (a) takes it for the standard deviation, (c) divides where one must multiply.
# </details>

# %% [markdown]
# ## Sources
#
# - N. Otsu. A threshold selection method from gray-level histograms. *IEEE Transactions on Systems, Man, and
#   Cybernetics* 9, pages 62 to 66, 1979. [doi 10.1109/TSMC.1979.4310076](https://doi.org/10.1109/TSMC.1979.4310076).
# - L. Vincent, P. Soille. Watersheds in digital spaces. *IEEE Transactions on Pattern Analysis and Machine
#   Intelligence* 13, pages 583 to 598, 1991. [doi 10.1109/34.87344](https://doi.org/10.1109/34.87344).
# - W. N. Street, W. H. Wolberg, O. L. Mangasarian. Nuclear feature extraction for breast tumor diagnosis. *SPIE* 1905,
#   pages 861 to 870, 1993. [doi 10.1117/12.148698](https://doi.org/10.1117/12.148698). The ten features.
#
# ## Next
#
# [Lesson 04](04_convolution.ipynb) stops telling the program what a nucleus is and slides a small kernel over the
# picture. The [second page of this lesson](03_measuring_nuclei_deeper.ipynb) measures outlines and 569 patients.
